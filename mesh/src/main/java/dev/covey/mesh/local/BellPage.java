package dev.covey.mesh.local;

import dev.covey.mesh.MeshException;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * One mapped page file that says of every member whether it sleeps, so that whoever has news looks there before it pays for
 * a system call. Little-endian, a cache line a slot:
 *
 * <pre>
 *      0  high water  8   slots in use are below it; the rest of line 0 is empty
 *   64*i  state       8   0 free, 1 awake, 2 asleep
 *    +8   token      16   of the slot's member
 *   +24   revisions   8   how many revisions its member has applied
 * </pre>
 *
 * A slot is taken by compare-and-set of the token's first half, 0 where it is nobody's; its owner alone writes the rest.
 * The page itself is published by link(2), and again by whichever member finds that it was removed.
 */
final class BellPage {
    /** Slots, and so members that can be woken at once; further ones sleep by the clock. */
    static final int SLOTS = 256;

    static final long FREE = 0;
    static final long AWAKE = 1;
    static final long ASLEEP = 2;

    private static final int LINE = 64;
    private static final int LENGTH = LINE * (SLOTS + 1);
    private static final int TOKEN = 8;
    private static final int REVISIONS = 24;
    private static final VarHandle WORD = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final FileMark file;
    private final MappedByteBuffer page;

    private BellPage(FileMark file, MappedByteBuffer page) {
        this.file = file;
        this.page = page;
    }

    /** Maps the page, making it if it is missing or was cut; whoever uses the cut one moves to the new one. */
    static BellPage open(MeshDirectory directory) throws IOException {
        Path path = directory.bellPage();
        return FileThread.call(() -> {
            if (isCut(path)) {
                Files.deleteIfExists(path);
            }
            if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                write(path);
            }
            return map(path);
        });
    }

    /** It has all its bytes when it gets its name, and never fewer but by somebody else's hand. */
    private static boolean isCut(Path path) throws IOException {
        return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS) && Files.size(path) != LENGTH;
    }

    /** Whether the path still leads to the page that is mapped here. */
    boolean isStillAt(Path path) {
        return file.isInodeOf(path);
    }

    /** The page that is there; empty if there is none, or none that can be read. */
    static Optional<BellPage> existing(MeshDirectory directory) {
        try {
            return Optional.of(FileThread.call(() -> map(directory.bellPage())));
        } catch (IOException | MeshException none) {
            return Optional.empty();
        }
    }

    /** Every byte is written, so that no later store can meet a full file system. */
    private static void write(Path path) throws IOException {
        Path draft = path.resolveSibling(".page-" + LifeId.random());
        try {
            Files.createFile(draft, Modes.PRIVATE_FILE);
            Files.write(draft, new byte[LENGTH]);
            Files.createLink(path, draft);
        } catch (FileAlreadyExistsException anotherMemberWasFaster) {
            // Then that one is the page.
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    private static BellPage map(Path path) throws IOException {
        FileMark file = FileMark.of(path);
        Modes.requirePrivateFile(path);
        try (FileChannel channel =
                FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            if (channel.size() != LENGTH) {
                throw ControlFormat.corrupt(path, "it has " + channel.size() + " bytes instead of " + LENGTH);
            }
            MappedByteBuffer page = channel.map(FileChannel.MapMode.READ_WRITE, 0, LENGTH);
            page.order(ByteOrder.LITTLE_ENDIAN);
            return new BellPage(file, page);
        }
    }

    /** Slots are numbered from 1 to this. */
    int highWater() {
        return (int) Math.min((long) WORD.getVolatile(page, 0), SLOTS);
    }

    /** Takes the slot for a member that is awake; false if it is not as it was found any more. */
    boolean take(int slot, LifeId found, LifeId token) {
        if (!WORD.compareAndSet(page, at(slot) + TOKEN, found.high(), token.high())) {
            return false;
        }
        WORD.setVolatile(page, at(slot) + TOKEN + Long.BYTES, token.low());
        WORD.setVolatile(page, at(slot) + REVISIONS, 0L);
        WORD.setVolatile(page, at(slot), AWAKE);
        long high = highWater();
        while (slot > high && !WORD.compareAndSet(page, 0, high, (long) slot)) {
            high = highWater();
        }
        return true;
    }

    LifeId token(int slot) {
        return new LifeId((long) WORD.getVolatile(page, at(slot) + TOKEN), (long)
                WORD.getVolatile(page, at(slot) + TOKEN + Long.BYTES));
    }

    boolean isOf(int slot, LifeId token) {
        return (long) WORD.getVolatile(page, at(slot) + TOKEN) == token.high()
                && (long) WORD.getVolatile(page, at(slot) + TOKEN + Long.BYTES) == token.low();
    }

    /** The slot of that member, or 0. */
    int slotOf(LifeId token) {
        for (int slot = 1; slot <= highWater(); slot++) {
            if (isOf(slot, token)) {
                return slot;
            }
        }
        return 0;
    }

    /** Whether a member has taken that slot and not given it back. */
    boolean isOwned(int slot) {
        return (long) WORD.getVolatile(page, at(slot) + TOKEN) != 0;
    }

    /** Takes the slot from that member, unless it was given to another meanwhile. Any time. */
    void takeBack(int slot, LifeId token) {
        if (isOf(slot, token)) {
            setState(slot, FREE);
            WORD.compareAndSet(page, at(slot) + TOKEN, token.high(), 0L);
        }
    }

    void setRevisions(int slot, long applied) {
        WORD.setRelease(page, at(slot) + REVISIONS, applied);
    }

    long revisions(int slot) {
        return (long) WORD.getVolatile(page, at(slot) + REVISIONS);
    }

    long state(int slot) {
        return (long) WORD.getVolatile(page, at(slot));
    }

    void setState(int slot, long state) {
        WORD.setVolatile(page, at(slot), state);
    }

    /** Of all who find a sleeper asleep, one gets true and rings. */
    boolean rouse(int slot) {
        return state(slot) == ASLEEP && WORD.compareAndSet(page, at(slot), ASLEEP, AWAKE);
    }

    private static int at(int slot) {
        return slot * LINE;
    }
}
