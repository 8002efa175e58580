package dev.covey.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Snapshot files in the journal directory, published by link(2). Any thread; any number of processes.
 *
 * <pre>
 *   0  8  magic "COVEYSN2"
 *   8  8  epoch
 *  16  8  position
 *  24 16  life of the mesh that wrote it
 *  40  .  the state
 *  -16 8  length of the state
 *  -8  4  CRC32C of all before, from 0
 *  -4  4  the last four bytes of the magic, again
 * </pre>
 *
 * Version 1 has the magic "COVEYSNP" and no life, its state stands at 24; it is read, and written no more.
 */
public final class Snapshots {
    /** The largest state one snapshot can hold. */
    public static final long MAX_STATE_BYTES = (1L << 30) - 64;

    /** No record of the journal is shorter. */
    public static final int RECORD_BYTES = RecordLayout.HEADER_BYTES;

    private static final System.Logger LOG = System.getLogger(Snapshots.class.getName());
    private static final ToldOnce PASSED_OVER = new ToldOnce(LOG);
    private static final long WITHOUT_LIFE = 0x504e535945564f43L;
    private static final long MAGIC = 0x324e535945564f43L;
    private static final int LIFE_AT = 24;
    private static final int HEADER_BYTES = LIFE_AT + JournalLife.BYTES;
    private static final int TRAILER_BYTES = 16;

    private final Disk disk;
    private final Path directory;
    private final JournalOptions options;

    /** Makes no directory. */
    Snapshots(Disk disk, Path directory, JournalOptions options) {
        this.disk = disk;
        this.directory = directory;
        this.options = options;
    }

    /** The snapshots of a journal directory, of whatever life; creates it where missing. */
    public static Snapshots open(Path directory, Durability durability) {
        return open(LocalDisk.INSTANCE, directory, durability);
    }

    /** The snapshots of the journal that is kept like this; creates the directory where missing. */
    public static Snapshots open(Path directory, JournalOptions options) {
        return open(LocalDisk.INSTANCE, directory, options);
    }

    static Snapshots open(Disk disk, Path directory, Durability durability) {
        return open(disk, directory, JournalOptions.DEFAULT.withDurability(durability));
    }

    static Snapshots open(Disk disk, Path directory, JournalOptions options) {
        try {
            disk.openDirectory(directory);
            return new Snapshots(disk, directory, options);
        } catch (IOException e) {
            throw StoreException.of("snapshots in " + directory, e);
        }
    }

    /** As {@link #write(long, long, Iterator)}, from one array. */
    public void write(long epoch, long position, byte[] state) {
        write(epoch, position, List.of(state).iterator());
    }

    /**
     * Publishes the state at a committed position. It is on the device when this returns, but at MEMORY: segments that only
     * it replaces are removed next, and even where the end may be lost the beginning must not be. Writing the same one
     * again is harmless.
     *
     * @param chunks the state in pieces, asked for one at a time
     */
    public void write(long epoch, long position, Iterator<byte[]> chunks) {
        SnapshotId id = new SnapshotId(position, epoch);
        Path temporary = directory.resolve(JournalNames.unpublishedSnapshot());
        try {
            try {
                disk.create(temporary, new Framed(id, options.life(), chunks));
                publish(temporary, id);
            } finally {
                disk.delete(temporary);
            }
        } catch (IOException e) {
            throw StoreException.of("snapshot at position " + position, e);
        }
    }

    private void publish(Path temporary, SnapshotId id) throws IOException {
        boolean forced = options.durability() != Durability.MEMORY;
        if (forced) {
            disk.force(temporary);
        }
        Path name = directory.resolve(JournalNames.snapshot(id));
        if (!disk.link(temporary, name) && read(id).isEmpty()) {
            setAside(name);
            disk.link(temporary, name);
        }
        if (forced) {
            disk.forceDirectory(directory);
        }
    }

    /** What is damaged goes; what is no file, and whoever put it there may miss it, is kept for a human to look at. */
    private void setAside(Path name) throws IOException {
        if (disk.kind(name) == Disk.Kind.FILE) {
            disk.delete(name);
        } else {
            Path aside = directory.resolve(JournalNames.ASIDE_DIRECTORY);
            disk.openDirectory(aside);
            disk.replace(name, aside.resolve(name.getFileName() + "~" + ObjectNames.token()));
        }
    }

    /** The position of the newest snapshot by its name, whole or not; 0 if there is none. */
    public long lastPosition() {
        try {
            return newestPosition();
        } catch (IOException e) {
            throw StoreException.of("snapshots in " + directory, e);
        }
    }

    /** The newest whole snapshot; a damaged one is named in the log and passed over. */
    public Optional<SnapshotFile> latest() {
        return newestAtOrBelow(Long.MAX_VALUE);
    }

    /** The newest whole snapshot whose position is not above this one. */
    public Optional<SnapshotFile> newestAtOrBelow(long position) {
        return newest(id -> id.position() <= position);
    }

    /**
     * The newest whole snapshot that a reader of the journal at position {@code from} gets beyond {@code least} and at most to
     * {@code to} with, if it is smaller than the records in between: then it is the shorter way.
     */
    public Optional<SnapshotFile> shortcut(long from, long least, long to) {
        return newest(id -> id.position() > least && id.position() <= to && isShorter(id, id.position() - from));
    }

    private interface Choice {
        boolean takes(SnapshotId id) throws IOException;
    }

    private Optional<SnapshotFile> newest(Choice choice) {
        try {
            List<SnapshotId> newestFirst = ids();
            Collections.reverse(newestFirst);
            for (SnapshotId id : newestFirst) {
                Optional<SnapshotFile> whole = choice.takes(id) ? read(id) : Optional.empty();
                if (whole.isPresent()) {
                    return whole;
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            throw StoreException.of("snapshots in " + directory, e);
        }
    }

    private boolean isShorter(SnapshotId id, long records) throws IOException {
        Path file = directory.resolve(JournalNames.snapshot(id));
        try {
            return disk.size(file) / RECORD_BYTES < records;
        } catch (NoSuchFileException removed) {
            return false;
        }
    }

    /** The position of the newest, whole or not, by its name; 0 if there is none. */
    long newestPosition() throws IOException {
        List<SnapshotId> all = ids();
        return all.isEmpty() ? 0 : all.get(all.size() - 1).position();
    }

    private List<SnapshotId> ids() throws IOException {
        List<SnapshotId> ids = new ArrayList<>();
        for (String name : disk.list(directory)) {
            JournalNames.asSnapshot(name).ifPresent(ids::add);
        }
        Collections.sort(ids);
        return ids;
    }

    private Optional<SnapshotFile> read(SnapshotId id) throws IOException {
        Path file = directory.resolve(JournalNames.snapshot(id));
        byte[] bytes;
        try {
            bytes = disk.read(file, 0, (int) (MAX_STATE_BYTES + HEADER_BYTES + TRAILER_BYTES));
        } catch (NotRegularFileException noSnapshot) {
            PASSED_OVER.warn("passed over: " + noSnapshot.getMessage());
            return Optional.empty();
        } catch (IOException e) {
            if (!disk.exists(file)) {
                return Optional.empty();
            }
            throw e;
        }
        Optional<SnapshotFile> decoded = decode(id, bytes);
        if (decoded.isEmpty()) {
            LOG.log(System.Logger.Level.WARNING, file + ": not a whole snapshot, passed over [CORRUPT]");
        }
        decoded.ifPresent(whole -> options.requireOwn(file, whole.life(), whole.epoch()));
        return decoded;
    }

    private static Optional<SnapshotFile> decode(SnapshotId id, byte[] bytes) {
        if (bytes.length < LIFE_AT + TRAILER_BYTES) {
            return Optional.empty();
        }
        ByteBuffer all = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        long magic = all.getLong(0);
        int stateAt = magic == WITHOUT_LIFE ? LIFE_AT : HEADER_BYTES;
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, bytes.length - 8);
        if (bytes.length < stateAt + TRAILER_BYTES) {
            return Optional.empty();
        }
        int stateLength = bytes.length - stateAt - TRAILER_BYTES;
        boolean whole = (magic == MAGIC || magic == WITHOUT_LIFE)
                && all.getLong(8) == id.epoch()
                && all.getLong(16) == id.position()
                && all.getLong(bytes.length - TRAILER_BYTES) == stateLength
                && all.getInt(bytes.length - 8) == (int) crc.getValue()
                && all.getInt(bytes.length - 4) == tail(magic);
        if (!whole) {
            return Optional.empty();
        }
        JournalLife life = magic == WITHOUT_LIFE ? JournalLife.UNTOLD : JournalLife.read(all, LIFE_AT);
        return Optional.of(new SnapshotFile(id, life, Arrays.copyOfRange(bytes, stateAt, stateAt + stateLength)));
    }

    private static int tail(long magic) {
        return (int) (magic >>> 32);
    }

    /** Removes snapshots below this position, never the newest whole one. Returns how many went. */
    public int removeBelow(long position) {
        Optional<SnapshotFile> newest = latest();
        try {
            int gone = 0;
            for (SnapshotId id : ids()) {
                Path file = directory.resolve(JournalNames.snapshot(id));
                if (newest.isPresent()
                        && id.position() < Math.min(position, newest.get().position())
                        && disk.kind(file) == Disk.Kind.FILE) {
                    disk.delete(file);
                    gone++;
                }
            }
            return gone;
        } catch (IOException e) {
            throw StoreException.of("snapshots in " + directory, e);
        }
    }

    /** Header, the caller's chunks, trailer. */
    private static final class Framed implements Iterator<byte[]> {
        private final Iterator<byte[]> chunks;
        private final CRC32C crc = new CRC32C();
        private final SnapshotId id;
        private final JournalLife life;
        private boolean begun;
        private boolean ended;
        private long length;

        Framed(SnapshotId id, JournalLife life, Iterator<byte[]> chunks) {
            this.id = id;
            this.life = life;
            this.chunks = chunks;
        }

        @Override
        public boolean hasNext() {
            return !ended;
        }

        @Override
        public byte[] next() {
            if (!begun) {
                begun = true;
                return checked(header());
            }
            if (chunks.hasNext()) {
                byte[] chunk = chunks.next();
                length += chunk.length;
                checkLimit();
                return checked(chunk);
            }
            ended = true;
            checked(littleEndian(8).putLong(length).array());
            return littleEndian(TRAILER_BYTES)
                    .putLong(length)
                    .putInt((int) crc.getValue())
                    .putInt(tail(MAGIC))
                    .array();
        }

        private byte[] header() {
            byte[] bytes = new byte[HEADER_BYTES];
            ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            header.putLong(MAGIC).putLong(id.epoch()).putLong(id.position());
            life.write(header, LIFE_AT);
            return bytes;
        }

        private void checkLimit() {
            if (length > MAX_STATE_BYTES) {
                throw new StoreException(
                        StoreCode.LIMIT_EXCEEDED,
                        "snapshot at position " + id.position() + " is larger than " + MAX_STATE_BYTES + " bytes");
            }
        }

        private byte[] checked(byte[] chunk) {
            crc.update(chunk, 0, chunk.length);
            return chunk;
        }

        private static ByteBuffer littleEndian(int bytes) {
            return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        }
    }
}
