package dev.covey.mesh.local;

import dev.covey.mesh.MeshCode;
import dev.covey.mesh.MeshException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One at a time through here, among all threads of all processes: births and removals of one mesh's control file (rule C3).
 * Between threads of this JVM it is an ordinary lock, between processes a locked file; the file is asked for again and again
 * instead of waiting in the kernel, so that waiting can end.
 *
 * <p>The file comes with who passes first and goes, as the last act of who holds it, when there is no mesh behind it. So who
 * gets the lock may have got that of a file that was removed, while somebody else has made a new one and passes there: it
 * looks whether the path still leads to the file it has locked, and begins again if not. Inode numbers come back, so they do
 * not tell; the file bears a text of its own that no other has ({@link LockFile#isWhatItsPathLeadsTo}).
 *
 * <p>An application that reads this file in a process that holds it drops the lock, as with any file, and a second one may
 * pass meanwhile. What decides does not depend on the door: a control file is published by link(2), which of several starters
 * one can; a mesh ends by its cell being moved to CLOSED by compare-and-set, behind which no host commits and nobody becomes
 * host. So there is never a second control file beside the first, and who entered what another removes finds files gone or
 * the cell closed, and starts over. One who founds a mesh anew while another still removes the last one may lose the new
 * control file too; that is what a wiped directory is, noticed at the next look (rule C4).
 */
final class Door {
    /** How long one waits before the door who was given no other time. */
    static final long WAIT_MILLIS = 30_000;

    private static final System.Logger LOG = System.getLogger(Door.class.getName());
    private static final long LOCKED_BYTE = 0;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /** The doors that threads of this JVM stand at. Guarded by itself. */
    private static final Map<Path, Threads> THREADS = new HashMap<>();

    private final MeshDirectory directory;
    private final Path file;

    Door(MeshDirectory directory) {
        this.directory = directory;
        this.file = directory.doorFile();
    }

    /** Lets the threads of this JVM pass one at a time; forgotten when nobody stands there. */
    private static final class Threads {
        private final ReentrantLock lock = new ReentrantLock();
        private int users;
    }

    <T extends @Nullable Object> T pass(Deadline deadline, Supplier<T> work) {
        Threads threads = stand();
        try {
            return threads.lock.isHeldByCurrentThread() ? work.get() : passThreads(threads.lock, deadline, work);
        } finally {
            goAway(threads);
        }
    }

    private Threads stand() {
        synchronized (THREADS) {
            Threads threads = THREADS.computeIfAbsent(file, path -> new Threads());
            threads.users++;
            return threads;
        }
    }

    private void goAway(Threads threads) {
        synchronized (THREADS) {
            if (--threads.users == 0) {
                THREADS.remove(file);
            }
        }
    }

    private <T extends @Nullable Object> T passThreads(ReentrantLock threads, Deadline deadline, Supplier<T> work) {
        boolean interrupted = false;
        try {
            while (!threads.tryLock()) {
                interrupted |= pause(deadline);
            }
            try {
                return passProcesses(deadline, work);
            } finally {
                threads.unlock();
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private <T extends @Nullable Object> T passProcesses(Deadline deadline, Supplier<T> work) {
        LockFile lock;
        try {
            lock = lock(deadline);
        } catch (IOException failed) {
            throw MeshDirectory.failed(file, "cannot be locked", failed);
        }
        try {
            return work.get();
        } finally {
            letGo(lock);
        }
    }

    private LockFile lock(Deadline deadline) throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                Optional<LockFile> locked = tryLock();
                if (locked.isPresent()) {
                    return locked.get();
                }
                interrupted |= pause(deadline);
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Empty when somebody else has it, or when what was locked is the door no more. */
    private Optional<LockFile> tryLock() throws IOException {
        Optional<LockFile> opened;
        try {
            directory.makeDoors();
            opened = LockFile.open(file);
        } catch (NoSuchFileException removedMeanwhile) {
            return Optional.empty();
        }
        if (opened.isEmpty() || isOurs(opened.get())) {
            return opened;
        }
        opened.get().close();
        return Optional.empty();
    }

    private static boolean isOurs(LockFile lock) throws IOException {
        if (!lock.tryExclusive(LOCKED_BYTE)) {
            return false;
        }
        lock.writeIfEmpty(LifeId.random().text());
        return lock.isWhatItsPathLeadsTo();
    }

    private void letGo(LockFile lock) {
        try {
            if (!directory.exists() && lock.isWhatItsPathLeadsTo()) {
                Files.deleteIfExists(file);
                directory.removeDoorsIfEmpty();
            }
        } catch (IOException failed) {
            LOG.log(System.Logger.Level.WARNING, file + ": this lock file stays behind", failed);
        }
        try {
            lock.close();
        } catch (IOException failed) {
            throw MeshDirectory.failed(file, "cannot be let go", failed);
        }
    }

    /** A short rest; whether an interrupt came, which is kept for later since it would make every rest end at once. */
    private boolean pause(Deadline deadline) {
        if (deadline.isOver()) {
            throw new MeshException(
                    MeshCode.TIMED_OUT,
                    "mesh " + directory.name() + ": another process is holding the lock " + file
                            + "; find it with fuser "
                            + file + ", it may be stopped, and let it go on or end it (of " + deadline.wholeMillis()
                            + " ms went: " + deadline.story() + ")");
        }
        boolean interrupted = Thread.interrupted();
        LockSupport.parkNanos(PAUSE_NANOS);
        return interrupted;
    }
}
