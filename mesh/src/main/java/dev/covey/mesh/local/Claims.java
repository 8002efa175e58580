package dev.covey.mesh.local;

import dev.covey.store.ProcessIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Who may hold an epoch. A candidate says here that it wants epoch e + 1 <em>before</em> it tries the cell. If the cell
 * then says e + 1 and no segment of that epoch appears, one of those who said so has it; and when all of them are dead,
 * nobody has. One file per claim, {@code claims/EPOCH-TOKEN}, holding the candidate's identity.
 */
public final class Claims {
    private final MeshDirectory directory;

    public Claims(MeshDirectory directory) {
        this.directory = directory;
    }

    /**
     * One claim.
     *
     * @param epoch the epoch wanted
     * @param token of the member, as in {@link MeshDirectory#member}
     * @param process the member's process
     */
    public record Claim(long epoch, String token, ProcessIdentity process) {}

    /** Publishes a claim; it is whole for everybody when this returns. */
    public void publish(Claim claim) {
        directory.lookAfter();
        Path path = path(claim.epoch(), claim.token());
        Path draft = path.resolveSibling("." + path.getFileName());
        try {
            FileThread.call(() -> {
                Files.deleteIfExists(draft);
                Files.createFile(draft, Modes.PRIVATE_FILE);
                Files.writeString(draft, claim.process().text(), StandardOpenOption.WRITE);
                return Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE);
            });
        } catch (IOException failed) {
            throw MeshDirectory.failed(path, "cannot be published", failed);
        }
    }

    /** Publishes a claim again that was removed although its owner lives. Some 5 µs if it is there. */
    public void lookAfter(Claim claim) {
        if (!Files.exists(path(claim.epoch(), claim.token()), LinkOption.NOFOLLOW_LINKS)) {
            publish(claim);
        }
    }

    /** Everybody who may hold that epoch. */
    public List<Claim> holders(long epoch) {
        List<Claim> found = new ArrayList<>();
        for (Path entry : MeshDirectory.entries(directory.claims())) {
            if (epochOf(entry) == epoch) {
                read(entry, epoch, found);
            }
        }
        return found;
    }

    /** What is no file is no claim, and opening a pipe would never end. */
    private static void read(Path entry, long epoch, List<Claim> into) {
        String name = entry.getFileName().toString();
        String token = name.substring(name.indexOf('-') + 1);
        try {
            String text = FileThread.call(
                    () -> Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS) ? Files.readString(entry) : "");
            ProcessIdentity.parse(text).ifPresent(process -> into.add(new Claim(epoch, token, process)));
        } catch (NoSuchFileException withdrawnMeanwhile) {
            // Its owner lost the cell to somebody else and took the claim back.
        } catch (IOException failed) {
            throw MeshDirectory.failed(entry, "cannot be read", failed);
        }
    }

    /** Takes a claim back: its owner tried the cell and did not get it. */
    public void remove(long epoch, String token) {
        directory.remove(path(epoch, token));
    }

    /** Removes what earlier epochs left. Asked by a host that has written its first segment. */
    public void removeBelow(long epoch) {
        for (Path entry : MeshDirectory.entries(directory.claims())) {
            long claimed = epochOf(entry);
            if (claimed >= 0 && claimed < epoch) {
                directory.remove(entry);
            }
        }
    }

    private Path path(long epoch, String token) {
        return directory.claims().resolve(epoch + "-" + token);
    }

    private static long epochOf(Path entry) {
        String name = entry.getFileName().toString();
        int dash = name.indexOf('-');
        try {
            return dash > 0 ? Long.parseLong(name.substring(0, dash)) : -1;
        } catch (NumberFormatException unfinishedOrForeign) {
            return -1;
        }
    }
}
