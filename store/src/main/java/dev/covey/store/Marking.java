package dev.covey.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the mark up to which all revisions are in files, at FSYNC on the device. While more is published the files before
 * are forced beside it: one force after the other, each followed by its mark, so a mark never says too much. Belongs to
 * the checkpointer's thread.
 */
final class Marking {
    private static final System.Logger LOG = System.getLogger(Marking.class.getName());
    /** Files that wait to be forced; beyond, publishing waits for the device. */
    private static final int MAX_UNFORCED = 8_192;

    private final Disk disk;
    private final Path store;
    private final CheckpointOptions options;
    private final Unforced unforced;
    private volatile long marked;
    private long begunAtNanos = System.nanoTime();
    private @Nullable Future<Void> running;

    Marking(Disk disk, Path store, Path objects, CheckpointOptions options, long committed) throws IOException {
        this.disk = disk;
        this.store = store;
        this.options = options;
        this.unforced = new Unforced(disk, objects, forces());
        long found = CheckpointMark.read(disk, store);
        this.marked = found <= committed ? found : 0;
        if (found > committed) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the mark in " + store.resolve(CheckpointMark.NAME) + " says " + found + ", but only " + committed
                            + " is committed; it is not believed");
        }
    }

    boolean forces() {
        return options.durability() == Durability.FSYNC;
    }

    void published(Path file) {
        unforced.published(file);
    }

    /** The mark. */
    long position() {
        return marked;
    }

    /** Files with revisions above this position have to be forced, whoever published them. */
    long needsNoForce() {
        return forces() ? marked : Long.MAX_VALUE;
    }

    /** Begins to move the mark if it is time, also under a load that never ends, or a new host would begin far behind. */
    void moveIfDue(long reached) throws IOException {
        Future<Void> last = running;
        if (last != null && !last.isDone() && unforced.size() < MAX_UNFORCED) {
            return;
        }
        end();
        if (isDue() && marked != reached) {
            begunAtNanos = System.nanoTime();
            Callable<Void> move = moveTo(reached);
            if (forces()) {
                running = disk.beside(move);
            } else {
                call(move);
            }
        }
    }

    private boolean isDue() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begunAtNanos) >= options.markMillis();
    }

    /** As {@link #moveIfDue}, and returns when it is done. */
    void moveNowIfDue(long reached) throws IOException {
        end();
        if (isDue()) {
            move(reached);
        }
    }

    /** Moves the mark, and returns when it is done. */
    void move(long reached) throws IOException {
        end();
        if (marked != reached) {
            call(moveTo(reached));
        }
        begunAtNanos = System.nanoTime();
    }

    private Callable<Void> moveTo(long reached) {
        Unforced.Batch batch = unforced.take();
        return () -> {
            batch.force();
            CheckpointMark.write(disk, store, reached, forces());
            marked = reached;
            return null;
        };
    }

    private static void call(Callable<Void> move) throws IOException {
        try {
            move.call();
        } catch (IOException | RuntimeException failed) {
            throw failed;
        } catch (Exception impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Waits for what was begun. */
    void end() throws IOException {
        Future<Void> last = running;
        running = null;
        boolean interrupted = false;
        try {
            while (last != null) {
                try {
                    last.get();
                    last = null;
                } catch (InterruptedException later) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException failed) {
            throw rethrown(failed.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Waits for what was begun, whatever becomes of it. */
    void abandon() {
        try {
            end();
        } catch (IOException | RuntimeException failed) {
            LOG.log(System.Logger.Level.DEBUG, "the mark stays where it is", failed);
        }
    }

    private static IOException rethrown(@Nullable Throwable cause) {
        if (cause instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof IOException io ? io : new IOException(cause);
    }
}
