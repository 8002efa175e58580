package dev.covey.mesh.local;

import dev.covey.mesh.MeshException;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
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
 * Slots are given and taken behind the door, where one member at a time is; states change at any time.
 */
final class BellPage {
    /** Slots, and so members that can be woken at once; further ones sleep by the clock. */
    static final int SLOTS = 256;

    static final long FREE = 0;
    static final long AWAKE = 1;
    static final long ASLEEP = 2;

    private static final int LINE = 64;
    private static final int TOKEN = 8;
    private static final int REVISIONS = 24;
    private static final VarHandle WORD = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final MappedByteBuffer page;

    private BellPage(MappedByteBuffer page) {
        this.page = page;
    }

    /** Maps the page, making it if it is missing. Behind the door only. */
    static BellPage open(MeshDirectory directory) throws IOException {
        Path path = directory.bellPage();
        return FileThread.call(() -> {
            if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                write(path);
            }
            return new BellPage(map(path));
        });
    }

    /** The page that is there; empty if there is none, or none that can be read. */
    static Optional<BellPage> existing(MeshDirectory directory) {
        try {
            return Optional.of(FileThread.call(() -> new BellPage(map(directory.bellPage()))));
        } catch (IOException | MeshException none) {
            return Optional.empty();
        }
    }

    /** Every byte is written, so that no later store can meet a full file system. */
    private static void write(Path path) throws IOException {
        Path draft = path.resolveSibling(".page");
        Files.deleteIfExists(draft);
        Files.createFile(draft, Modes.PRIVATE_FILE);
        Files.write(draft, new byte[LINE * (SLOTS + 1)]);
        Files.move(draft, path);
    }

    private static MappedByteBuffer map(Path path) throws IOException {
        Modes.requirePrivateFile(path);
        try (FileChannel channel =
                FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            int length = LINE * (SLOTS + 1);
            if (channel.size() != length) {
                throw ControlFormat.corrupt(path, "it has " + channel.size() + " bytes instead of " + length);
            }
            MappedByteBuffer page = channel.map(FileChannel.MapMode.READ_WRITE, 0, length);
            page.order(ByteOrder.LITTLE_ENDIAN);
            return page;
        }
    }

    /** Slots are numbered from 1 to this. */
    int highWater() {
        return (int) Math.min((long) WORD.getVolatile(page, 0), SLOTS);
    }

    /** Gives the slot to a member that is awake. Behind the door only. */
    void give(int slot, LifeId token) {
        WORD.setVolatile(page, at(slot) + TOKEN, token.high());
        WORD.setVolatile(page, at(slot) + TOKEN + Long.BYTES, token.low());
        WORD.setVolatile(page, at(slot) + REVISIONS, 0L);
        WORD.setVolatile(page, at(slot), AWAKE);
        if (slot > highWater()) {
            WORD.setVolatile(page, 0, (long) slot);
        }
    }

    LifeId token(int slot) {
        return new LifeId((long) WORD.getVolatile(page, at(slot) + TOKEN), (long)
                WORD.getVolatile(page, at(slot) + TOKEN + Long.BYTES));
    }

    boolean isOf(int slot, LifeId token) {
        return (long) WORD.getVolatile(page, at(slot) + TOKEN) == token.high()
                && (long) WORD.getVolatile(page, at(slot) + TOKEN + Long.BYTES) == token.low();
    }

    /** The slot in use of that member, or 0. */
    int slotOf(LifeId token) {
        for (int slot = 1; slot <= highWater(); slot++) {
            if (isOf(slot, token) && state(slot) != FREE) {
                return slot;
            }
        }
        return 0;
    }

    /** Whether a member was given that slot and it was not taken back since. */
    boolean isOwned(int slot) {
        return (long) WORD.getVolatile(page, at(slot) + TOKEN) != 0;
    }

    /** Takes the slot from that member, unless it was given to another meanwhile. Any time. */
    void takeBack(int slot, LifeId token) {
        if (isOf(slot, token) && WORD.compareAndSet(page, at(slot) + TOKEN, token.high(), 0L)) {
            setState(slot, FREE);
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
