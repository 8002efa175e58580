package dev.covey.mesh.local;

import dev.covey.mesh.MeshCode;
import dev.covey.mesh.MeshException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One at a time through here, among all threads of all processes: births and removals of control files. Between threads
 * of this JVM it is an ordinary lock, between processes a locked file; the file is asked for again and again instead of
 * waiting in the kernel, so that waiting can end.
 */
final class Door {
    /** How long one waits before the door. Reading a large journal may take its owner seconds. */
    static final long WAIT_MILLIS = 30_000;

    private static final long LOCKED_BYTE = 0;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final Map<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();

    private final Path file;

    private Door(Path file) {
        this.file = file;
    }

    static Door of(Path file) {
        return new Door(file);
    }

    <T extends @Nullable Object> T pass(Supplier<T> work) {
        ReentrantLock threads = THREADS.computeIfAbsent(file, path -> new ReentrantLock());
        if (threads.isHeldByCurrentThread()) {
            return work.get();
        }
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(WAIT_MILLIS);
        boolean interrupted = false;
        while (!threads.tryLock()) {
            interrupted |= pause(deadline);
        }
        try {
            return workLocked(work, deadline);
        } catch (IOException failed) {
            throw MeshDirectory.failed(file, "cannot be locked", failed);
        } finally {
            threads.unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private <T extends @Nullable Object> T workLocked(Supplier<T> work, long deadline) throws IOException {
        LockFile lock = lock(deadline);
        try {
            return work.get();
        } finally {
            lock.close();
        }
    }

    private LockFile lock(long deadline) throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                Optional<LockFile> opened = LockFile.open(file);
                if (opened.isPresent()) {
                    LockFile lock = opened.get();
                    if (lock.tryExclusive(LOCKED_BYTE) && lock.isStillThere()) {
                        return lock;
                    }
                    lock.close();
                }
                interrupted |= pause(deadline);
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** A short rest; whether an interrupt came, which is kept for later since it would make every rest end at once. */
    private boolean pause(long deadline) {
        if (System.nanoTime() - deadline > 0) {
            throw new MeshException(
                    MeshCode.TIMED_OUT,
                    file + ": another process held this lock for " + WAIT_MILLIS
                            + " ms; find it with fuser, it may be stopped, and let it go on or end");
        }
        boolean interrupted = Thread.interrupted();
        LockSupport.parkNanos(PAUSE_NANOS);
        return interrupted;
    }
}
