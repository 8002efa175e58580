package dev.covey.mesh.agent;

import dev.covey.store.Retainer;
import dev.covey.store.Retention;
import dev.covey.store.StoreException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The host's thread that removes history which the mesh's retention lets go. Of the lowest priority there is: it pauses
 * while it removes, and stops when this member is host no more. What it leaves the next host removes.
 */
final class Thinning implements Runnable {
    private static final System.Logger LOG = System.getLogger(Thinning.class.getName());
    /** From the end of one run to the beginning of the next. */
    private static final long REST_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final String store;
    private final Retention retention;
    private final Thread thread;
    private volatile boolean hosting;
    private volatile boolean stopped;

    private Thinning(String mesh, String store, Retention retention) {
        this.store = store;
        this.retention = retention;
        this.thread = Daemon.thread("covey-retention-" + mesh, this);
        thread.start();
    }

    /** Null where everything is kept, or nothing is stored. */
    static @Nullable Thinning of(Premises premises) {
        String store = premises.settings.store();
        Retention retention = premises.settings.retention();
        return store == null || retention.equals(Retention.EVERYTHING)
                ? null
                : new Thinning(premises.directory.name(), store, retention);
    }

    /** A round of the agent. */
    void host(boolean isHost) {
        if (isHost != hosting) {
            hosting = isHost;
            LockSupport.unpark(thread);
        }
    }

    @Override
    public void run() {
        while (!stopped) {
            if (hosting) {
                thin();
                LockSupport.parkNanos(this, REST_NANOS);
            } else {
                LockSupport.park(this);
            }
        }
    }

    private void thin() {
        try {
            Retainer.run(Path.of(store), retention, () -> hosting && !stopped);
        } catch (StoreException failed) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "store " + store + ": old revisions could not be removed, trying again later",
                    failed);
        }
    }

    /** Ends within a pause of the removal. */
    void close() {
        stopped = true;
        LockSupport.unpark(thread);
        try {
            thread.join(TimeUnit.SECONDS.toMillis(1));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
