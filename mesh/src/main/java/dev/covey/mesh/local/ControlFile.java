package dev.covey.mesh.local;

import dev.covey.mesh.MeshCode;
import dev.covey.mesh.MeshException;
import dev.covey.mesh.protocol.Cell;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The mapped page all members of a mesh share: the commit cell, the host's beat, the flags, and what the mesh was born
 * with. Step 6 of the street: the moved cell is the broadcast. {@link ControlFormat} draws the page.
 *
 * <p>The page is written whole under a name that nobody looks for and then published by link(2): of several starters one
 * wins and the others map the winner's. Nobody replaces or renames a control file; it ends by its cell becoming
 * {@link Cell#CLOSED} and its name going, both behind the door. Every method may be called by any thread.
 */
public final class ControlFile implements AutoCloseable {
    /** Longest options, in bytes. */
    public static final int OPTIONS_LIMIT = ControlFormat.OPTIONS_LIMIT;

    /** Flag: there is no room to write; refused before sending. */
    public static final long STORE_FULL = 1;
    /** Flag: a force or a read failed for good; no host goes on. */
    public static final long STORE_FAILED = 1 << 1;
    /** Flag: revision files are too far behind; no more patches until they have caught up. */
    public static final long FILES_BEHIND = 1 << 3;
    /** Flag: the last member has left; the directory is about to go. */
    public static final long CLOSED = 1 << 2;

    private static final VarHandle WORD = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final Path path;
    private final Object inode;
    private final MappedByteBuffer page;
    private final Birth birth;

    private ControlFile(Path path, Object inode, MappedByteBuffer page, Birth birth) {
        this.path = path;
        this.inode = inode;
        this.page = page;
        this.birth = birth;
    }

    /**
     * What a mesh is born with.
     *
     * @param lifeId of this life of the mesh
     * @param version of the protocol its members speak
     * @param options of the mesh, encoded; at most {@link #OPTIONS_LIMIT} bytes
     * @param epoch the cell's first epoch, full
     * @param position the last committed position at birth
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody, copied by nobody else
    public record Birth(LifeId lifeId, int version, byte[] options, long epoch, long position) {
        public Birth {
            if (options.length > OPTIONS_LIMIT) {
                throw new MeshException(
                        MeshCode.LIMIT_EXCEEDED,
                        "mesh options take " + options.length + " bytes, at most " + OPTIONS_LIMIT
                                + " fit the control file; shorten the paths in them");
            }
        }
    }

    /**
     * Maps the control file of this boot; empty when there is none.
     *
     * @throws MeshException CORRUPT, VERSION_MISMATCH, INSECURE_DIRECTORY
     */
    public static Optional<ControlFile> open(MeshDirectory directory, int version) {
        Path path = directory.controlFile();
        try {
            return Optional.of(map(path, version));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IOException failed) {
            throw MeshDirectory.failed(path, "cannot be mapped", failed);
        }
    }

    /** Makes the control file, or maps the one that somebody else made first. */
    public static ControlFile create(MeshDirectory directory, Birth birth) {
        Path path = directory.controlFile();
        Path draft = path.resolveSibling("." + path.getFileName() + "-" + LifeId.random());
        ByteBuffer bytes = ControlFormat.encode(birth, Cell.pack(birth.epoch(), birth.position()));
        try {
            write(draft, bytes);
            try {
                Files.createLink(path, draft);
            } catch (FileAlreadyExistsException anotherStarterWon) {
                // Then that one is the mesh.
            } finally {
                Files.deleteIfExists(draft);
            }
            return map(path, birth.version());
        } catch (IOException failed) {
            throw MeshDirectory.failed(path, "cannot be made", failed);
        }
    }

    private static void write(Path draft, ByteBuffer bytes) throws IOException {
        FileThread.call(() -> {
            try (FileChannel channel = FileChannel.open(
                    draft, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), Modes.PRIVATE_FILE)) {
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                return true;
            }
        });
    }

    private static ControlFile map(Path path, int version) throws IOException {
        return FileThread.call(() -> {
            Object inode = inode(path);
            Modes.requirePrivateFile(path);
            try (FileChannel channel = FileChannel.open(
                    path, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
                if (channel.size() != ControlFormat.LENGTH) {
                    throw ControlFormat.corrupt(
                            path, "it has " + channel.size() + " bytes instead of " + ControlFormat.LENGTH);
                }
                MappedByteBuffer page = channel.map(FileChannel.MapMode.READ_WRITE, 0, ControlFormat.LENGTH);
                page.order(ByteOrder.LITTLE_ENDIAN);
                ControlFile mapped = new ControlFile(path, inode, page, ControlFormat.decode(page, path, version));
                mapped.requireCellNotBehind();
                return mapped;
            }
        });
    }

    /** What the mesh was born with; never changes. */
    public Birth birth() {
        return birth;
    }

    public LifeId lifeId() {
        return birth.lifeId();
    }

    public Path path() {
        return path;
    }

    /** The commit cell, as {@link Cell} unpacks it. */
    public long cell() {
        return (long) WORD.getVolatile(page, ControlFormat.CELL);
    }

    /** Moves the cell if it still is what the caller believes. This is a commit, a take-over, or the end. */
    public boolean compareAndSetCell(long expected, long next) {
        boolean moved = WORD.compareAndSet(page, ControlFormat.CELL, expected, next);
        if (moved && next != Cell.CLOSED) {
            WORD.setRelease(page, ControlFormat.WITNESS, next);
        }
        return moved;
    }

    /**
     * The cell has no checksum, since it changes in one instruction. One that was damaged upwards promises records that are
     * nowhere, which its readers find out; downwards it would forget what was acknowledged, and this finds that out. A host
     * that loses the cell between moving it and telling the witness tells it late, and less; it is never ahead.
     */
    private void requireCellNotBehind() {
        long witness = (long) WORD.getVolatile(page, ControlFormat.WITNESS);
        long cell = cell();
        long epoch = epochOf(cell);
        long seen = epochOf(witness);
        if (cell != Cell.CLOSED && (epoch < seen || (epoch == seen && Cell.position(cell) < Cell.position(witness)))) {
            throw ControlFormat.corrupt(
                    path,
                    "its cell at byte " + ControlFormat.CELL + " says " + Cell.describe(cell) + ", but it has been at "
                            + Cell.describe(witness));
        }
    }

    /**
     * The full epoch of a value of the cell, from its 20 bits and the hint in this file. Hosts keep the hint near by
     * {@link #rememberEpoch}.
     */
    public long epochOf(long cell) {
        return Cell.widen((long) WORD.getVolatile(page, ControlFormat.EPOCH), Cell.epochLow(cell));
    }

    /** Says the full epoch of the cell for those who come later. Called by each host once it has the cell. */
    public void rememberEpoch(long epoch) {
        raise(ControlFormat.EPOCH, epoch);
    }

    /** The position beyond which some member would rather have a snapshot than the journal; 0 if none ever would. */
    public long wantedSnapshot() {
        return (long) WORD.getVolatile(page, ControlFormat.WANTED);
    }

    /** Asks for a snapshot beyond that position; the host's recorder sees it when it has something to do. */
    public void wantSnapshot(long beyond) {
        raise(ControlFormat.WANTED, beyond);
    }

    private void raise(int word, long value) {
        long known;
        do {
            known = (long) WORD.getVolatile(page, word);
        } while (known < value && !WORD.compareAndSet(page, word, known, value));
    }

    /** How often hosts have given a sign of life: a counter, and no time, for whoever watches has its own clock (rule C6). */
    public long beats() {
        return (long) WORD.getVolatile(page, ControlFormat.BEAT);
    }

    /** The host gives a sign of life. */
    public void beat() {
        WORD.getAndAdd(page, ControlFormat.BEAT, 1L);
    }

    /** {@link #STORE_FULL}, {@link #STORE_FAILED}, {@link #FILES_BEHIND} and {@link #CLOSED}, or-ed. */
    public long flags() {
        return (long) WORD.getVolatile(page, ControlFormat.FLAGS);
    }

    public void setFlag(long flag) {
        WORD.getAndBitwiseOr(page, ControlFormat.FLAGS, flag);
    }

    public void clearFlag(long flag) {
        WORD.getAndBitwiseAnd(page, ControlFormat.FLAGS, ~flag);
    }

    /** Whether the path still leads to the page mapped here: false once somebody wiped the directory. About 5 µs. */
    public boolean sameInode() {
        try {
            return inode.equals(inode(path));
        } catch (IOException goneOrUnreachable) {
            return false;
        }
    }

    private static @Nullable Object inodeOrNull(Path path) throws IOException {
        return Files.readAttributes(path, java.nio.file.attribute.BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
    }

    private static Object inode(Path path) throws IOException {
        Object key = inodeOrNull(path);
        if (key == null) {
            throw new IOException("this file system tells no inode numbers");
        }
        return key;
    }

    /** Forgets the mapping. The page itself goes when the last reference does: unmapping it under a reader would crash. */
    @Override
    public void close() {
        // Nothing is held but 4 KiB of address space. AutoCloseable so that owners need not know that.
    }
}
