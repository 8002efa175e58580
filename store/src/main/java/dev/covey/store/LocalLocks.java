package dev.covey.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Byte-range locks of files that are opened once in this JVM and never closed. Closing any channel of a file would drop all
 * locks this process has on it, also those of a mesh member in the same JVM; so would an interrupt in a blocking call, and
 * so only {@code tryLock} is used, which does not block.
 */
final class LocalLocks {
    private static final Map<Path, LocalLocks> OPEN = new ConcurrentHashMap<>();
    private static final int STRIPES = 1024;
    private static final long FIRST_PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(20);
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

    private final FileChannel channel;
    private final ReentrantLock[] here = new ReentrantLock[STRIPES];

    private LocalLocks(FileChannel channel) {
        this.channel = channel;
        for (int i = 0; i < STRIPES; i++) {
            here[i] = new ReentrantLock();
        }
    }

    /** The file must be there if no attributes to create it with are given. */
    static LocalLocks of(Path file, FileAttribute<?>... created) throws IOException {
        Path key = file.toAbsolutePath().normalize();
        LocalLocks open = OPEN.get(key);
        if (open != null) {
            return open;
        }
        synchronized (OPEN) {
            LocalLocks raced = OPEN.get(key);
            if (raced != null) {
                return raced;
            }
            Set<OpenOption> options = created.length == 0
                    ? Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)
                    : Set.of(
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE,
                            StandardOpenOption.CREATE,
                            LinkOption.NOFOLLOW_LINKS);
            LocalLocks made = new LocalLocks(FileChannel.open(key, options, created));
            OPEN.put(key, made);
            return made;
        }
    }

    /** One of the stripes for this thread alone, among all threads of all processes; null if it stayed taken. */
    Disk.@org.jspecify.annotations.Nullable Held acquire(int key, long waitMillis) throws IOException {
        int stripe = Math.floorMod(key, STRIPES);
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMillis);
        long pause = FIRST_PAUSE_NANOS;
        ReentrantLock lock = here[stripe];
        while (true) {
            if (lock.tryLock()) {
                FileLock file = lock.getHoldCount() == 1 ? tryFile(lock, stripe) : null;
                if (file != null) {
                    return () -> release(lock, file);
                }
                lock.unlock();
            }
            if (System.nanoTime() - deadline >= 0) {
                return null;
            }
            LockSupport.parkNanos(pause);
            pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
        }
    }

    private @org.jspecify.annotations.Nullable FileLock tryFile(ReentrantLock lock, int stripe) throws IOException {
        try {
            return channel.tryLock(stripe, 1, false);
        } catch (OverlappingFileLockException heldHere) {
            return null;
        } catch (IOException e) {
            lock.unlock();
            throw e;
        }
    }

    private static void release(ReentrantLock lock, FileLock file) throws IOException {
        try {
            file.release();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Whether anybody holds byte 0 of this file. Byte 1 is the right to ask, so that two who ask do not take each other for
     * a holder.
     */
    static boolean isOwned(Path file, long waitMillis) throws IOException {
        LocalLocks locks;
        try {
            locks = of(file);
        } catch (NoSuchFileException nobodyEver) {
            return false;
        }
        Disk.Held asking = locks.acquire(1, waitMillis);
        if (asking == null) {
            return true;
        }
        try (asking) {
            Disk.Held owner = locks.acquire(0, 0);
            if (owner != null) {
                owner.close();
            }
            return owner == null;
        }
    }
}
