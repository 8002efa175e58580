package dev.covey.mesh.local;

import dev.covey.store.ProcessIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A member's place at the table: the file {@code members/TOKEN}, in which it says which process it lives in and, when it
 * ends before its process does, that it left. It is written under another name first, so that nobody reads half of it.
 *
 * <p>Its word counts, its absence does not (rule C6): the file may have been removed under a living member, who then makes
 * it again. There is no lock on it, because a lock goes when anybody in the process reads the file (rule C7).
 */
public final class Seat {
    private static final String LEFT = "left ";

    private final MeshDirectory directory;
    private final String token;
    private final Path path;
    private FileMark mark;
    private boolean over;

    private Seat(MeshDirectory directory, String token) throws IOException {
        this.directory = directory;
        this.token = token;
        this.path = directory.member(token);
        this.mark = write(ProcessIdentity.self().text());
    }

    /**
     * What a member says of itself.
     *
     * @param process it lives in
     * @param left whether it has ended, whatever its process does
     */
    public record Word(ProcessIdentity process, boolean left) {}

    /** Takes the seat of a new member. The token must be new: 32 random hex digits. */
    public static Seat take(MeshDirectory directory, String token) {
        try {
            return new Seat(directory, token);
        } catch (IOException failed) {
            throw MeshDirectory.failed(directory.member(token), "cannot be written", failed);
        }
    }

    /** What stands in that file; empty when there is none, or what stands there is no member's word. */
    public static Optional<Word> read(Path seat) {
        try {
            String text = FileThread.call(
                    () -> Files.isRegularFile(seat, LinkOption.NOFOLLOW_LINKS) ? Files.readString(seat) : "");
            boolean left = text.startsWith(LEFT);
            return ProcessIdentity.parse(left ? text.substring(LEFT.length()) : text)
                    .map(process -> new Word(process, left));
        } catch (NoSuchFileException gone) {
            return Optional.empty();
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    public String token() {
        return token;
    }

    public Path path() {
        return path;
    }

    /** Makes the file again if it was removed or changed; whether it was. Some 5 µs. */
    public boolean lookAfter() {
        if (over || mark.isOf(path)) {
            return false;
        }
        try {
            mark = write(ProcessIdentity.self().text());
            return true;
        } catch (IOException failed) {
            throw MeshDirectory.failed(path, "was removed and cannot be written again", failed);
        }
    }

    /** Says for good that this member has ended; it stays said until its departure is recorded. */
    public void sayLeft() {
        over = true;
        try {
            if (directory.lookAfter()) {
                mark = write(LEFT + ProcessIdentity.self().text());
            }
        } catch (NoSuchFileException removedWithTheWholeMesh) {
            // Nobody is there any more who could ask.
        } catch (IOException failed) {
            throw MeshDirectory.failed(path, "cannot be told that its member left", failed);
        }
    }

    /** Takes the seat away: its member's departure is recorded, or nobody is there who could ask. */
    public void remove() {
        over = true;
        directory.remove(path);
    }

    private FileMark write(String text) throws IOException {
        Path draft = path.resolveSibling("." + token);
        return FileThread.call(() -> {
            Files.deleteIfExists(draft);
            Files.createFile(draft, Modes.PRIVATE_FILE);
            Files.writeString(draft, text, StandardOpenOption.WRITE);
            Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE);
            return FileMark.of(path);
        });
    }
}
