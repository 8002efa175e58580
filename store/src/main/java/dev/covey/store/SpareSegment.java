package dev.covey.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The next segment file, zeroed ahead of need under a name of this process. Writing 16 MiB of zeros takes milliseconds,
 * and a host that must begin its epoch on a full disk could not write them at all.
 */
final class SpareSegment {
    private static final System.Logger LOG = System.getLogger(SpareSegment.class.getName());

    /** A slow disk does not hold up a close longer than this; the next recovery removes what is left. */
    private static final long CLOSE_WAITS_MILLIS = 1_000;

    /** Room for the records with which an epoch begins, and for the leaving of a hundred dead. */
    private static final int RESERVE_BYTES = 64 << 10;

    private final Disk disk;
    private final Path directory;
    private final JournalOptions options;
    private final AtomicReference<@Nullable Path> ready = new AtomicReference<>();
    private final AtomicReference<@Nullable Path> reserve = new AtomicReference<>();
    private final AtomicBoolean preparing = new AtomicBoolean();
    private final AtomicReference<@Nullable Thread> background = new AtomicReference<>();
    private volatile boolean closed;

    SpareSegment(Disk disk, Path directory, JournalOptions options) {
        this.disk = disk;
        this.directory = directory;
        this.options = options;
    }

    /** One at a time; a second caller returns at once. */
    void prepare() throws IOException {
        if (closed || ready.get() != null || !preparing.compareAndSet(false, true)) {
            return;
        }
        try {
            Path file = zeroed(options.segmentBytes());
            if (!ready.compareAndSet(null, file)) {
                disk.delete(file);
            }
        } finally {
            preparing.set(false);
        }
        if (closed) {
            close();
        }
    }

    /** A segment as small as can be, for beginning an epoch on a full disk when there is no spare; does nothing if there is one. */
    void prepareReserve() throws IOException {
        if (closed || reserve.get() != null) {
            return;
        }
        Path file = zeroed(RESERVE_BYTES);
        if (!reserve.compareAndSet(null, file)) {
            disk.delete(file);
        }
        if (closed) {
            close();
        }
    }

    /** Whether one of the two was prepared and removed by somebody. */
    boolean isMissing() throws IOException {
        return isMissing(ready.get()) || isMissing(reserve.get());
    }

    private boolean isMissing(@Nullable Path prepared) throws IOException {
        return prepared != null && !closed && !disk.exists(prepared);
    }

    /** Prepares again what was removed. */
    void lookAfter() throws IOException {
        Path spare = ready.get();
        if (isMissing(spare) && ready.compareAndSet(spare, null)) {
            prepare();
        }
        Path small = reserve.get();
        if (isMissing(small) && reserve.compareAndSet(small, null)) {
            prepareReserve();
        }
    }

    void prepareInBackground() {
        if (!options.spares() || closed || ready.get() != null || preparing.get()) {
            return;
        }
        Thread thread = new Thread(this::prepareOrLog, "covey-journal-spare");
        thread.setDaemon(true);
        background.set(thread);
        thread.start();
    }

    private void prepareOrLog() {
        try {
            prepare();
        } catch (IOException | RuntimeException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    directory + ": no spare segment, the next one will be made when needed",
                    e);
        }
    }

    private Path zeroed(int bytes) throws IOException {
        Path file = directory.resolve(JournalNames.spare());
        try {
            disk.createZeros(file, bytes);
            if (options.forces()) {
                disk.force(file);
            }
            return file;
        } catch (IOException e) {
            deleteQuietly(file);
            throw e;
        }
    }

    /**
     * Gives the spare, or a new file, its header and then its name. A full disk leaves nothing behind and may be tried
     * again; once the name is given no error says that the disk is full, for a second try would find the name taken.
     */
    MappedFile publish(SegmentHeader header, int bytes) throws IOException {
        Path name = directory.resolve(JournalNames.segment(header.id()));
        Path file = bytes == options.segmentBytes() ? ready.getAndSet(null) : null;
        if (file == null || !disk.exists(file)) {
            file = zeroedOrReserve(header, bytes);
        }
        try {
            disk.overwrite(file, 0, header.encode());
            if (options.forces()) {
                disk.force(file);
            }
            if (!disk.link(file, name) && !(isNoFile(name) && linkInItsPlace(file, name))) {
                throw Journal.epochTaken(header.epoch(), header.epoch());
            }
        } finally {
            deleteQuietly(file);
        }
        return open(name);
    }

    private boolean isNoFile(Path name) throws IOException {
        Disk.Kind found = disk.kind(name);
        return found == Disk.Kind.DIRECTORY || found == Disk.Kind.OTHER;
    }

    /** No host made that, so the epoch is not taken; whoever put it there finds it among what was set aside. */
    private boolean linkInItsPlace(Path file, Path name) throws IOException {
        Path aside = directory.resolve(JournalNames.ASIDE_DIRECTORY);
        disk.openDirectory(aside);
        disk.replace(name, aside.resolve(name.getFileName() + "~" + ObjectNames.token()));
        return disk.link(file, name);
    }

    /** Only an epoch's first segment may be the reserve: it is for changing hosts, not for more records. */
    private Path zeroedOrReserve(SegmentHeader header, int bytes) throws IOException {
        try {
            return zeroed(bytes);
        } catch (DiskFullException full) {
            Path small = header.id().index() == 0 ? reserve.getAndSet(null) : null;
            if (small == null || !disk.exists(small)) {
                throw full;
            }
            return small;
        }
    }

    private MappedFile open(Path name) throws IOException {
        try {
            if (options.forces()) {
                disk.forceDirectory(directory);
            }
            return options.forces() ? disk.mapForced(name) : disk.map(name, true);
        } catch (IOException e) {
            throw new IOException(name + " is published, but cannot be used", e);
        }
    }

    private void deleteQuietly(Path file) {
        try {
            disk.delete(file);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "left behind, the next recovery removes it: " + file, e);
        }
    }

    /** Waits for a spare in the making, a few milliseconds, so that nothing is left behind. */
    void close() {
        closed = true;
        Thread running = background.getAndSet(null);
        if (running != null && running != Thread.currentThread()) {
            join(running);
        }
        for (Path file : new @Nullable Path[] {ready.getAndSet(null), reserve.getAndSet(null)}) {
            if (file != null) {
                deleteQuietly(file);
            }
        }
    }

    private static void join(Thread running) {
        try {
            running.join(CLOSE_WAITS_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
