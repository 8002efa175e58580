package dev.covey.mesh.agent;

import dev.covey.mesh.aeron.HostTransport;
import dev.covey.mesh.aeron.TransportOptions;
import dev.covey.mesh.core.Core;
import dev.covey.mesh.local.Claims;
import dev.covey.mesh.local.MeshDirectory;
import dev.covey.mesh.local.ProcessIdentity;
import dev.covey.store.Journal;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadPoolExecutor;
import org.jspecify.annotations.Nullable;

/**
 * The successor's driver for the epoch that comes after this one, launched while nobody waits for it. The members connect
 * to it ahead of time, so that a host's death costs neither a launch nor a connection; the journal's next segment lies
 * ready and the claim to the epoch is published. Agent's thread; the launch itself
 * happens on another.
 */
final class Standby {
    private static final System.Logger LOG = System.getLogger(Standby.class.getName());

    private final Premises premises;
    private final MeshDirectory directory;
    private final Claims claims;
    private final String seat;
    private final Journal journal;
    private final Inbox inbox;
    private final ThreadPoolExecutor launcher;
    private @Nullable HostTransport ready;
    private long wanted;
    private boolean launching;
    private volatile boolean closed;

    Standby(Premises premises, Journal journal, Inbox inbox) {
        this.premises = premises;
        this.directory = premises.directory;
        this.claims = new Claims(premises.directory);
        this.seat = premises.seat;
        this.journal = journal;
        this.inbox = inbox;
        this.launcher = (ThreadPoolExecutor) Executors.newFixedThreadPool(1, work -> {
            Thread thread = new Thread(work, "covey-standby-" + premises.directory.name());
            thread.setDaemon(true);
            return thread;
        });
    }

    /** What to keep on having: a candidate must not lose its driver while it takes the cell. */
    long wanted(Core.Role role) {
        return role == Core.Role.TAKING || role == Core.Role.SUCCEEDING ? wanted : 0;
    }

    /** Has a driver for that epoch, soon; 0 for none. Called in every round. */
    int prepare(long epoch) {
        if (epoch != wanted) {
            drop();
            wanted = epoch;
            if (epoch != 0) {
                launch();
            }
        }
        HostTransport open = ready;
        return open == null ? 0 : open.doWork();
    }

    private void launch() {
        if (launching) {
            return;
        }
        launching = true;
        long epoch = wanted;
        launcher.execute(() -> {
            HostTransport launched = null;
            try {
                Rehearsal.run(premises);
                Path driver = directory.driver(epoch, seat);
                launched = HostTransport.launch(driver, TransportOptions.DEFAULT);
                journal.prepareSpare();
                claims.publish(new Claims.Claim(epoch, seat, ProcessIdentity.self()));
            } catch (RuntimeException noRoom) {
                if (!closed) {
                    LOG.log(System.Logger.Level.WARNING, "nothing can be kept ready for a take-over", noRoom);
                }
            }
            HostTransport handedOver = launched;
            inbox.note(() -> launched(epoch, handedOver));
        });
    }

    private void launched(long epoch, @Nullable HostTransport transport) {
        launching = false;
        if (transport == null) {
            return;
        }
        if (closed || epoch != wanted) {
            transport.close();
            claims.remove(epoch, seat);
            if (wanted != 0 && !closed) {
                launch();
            }
            return;
        }
        ready = transport;
        directory.markReady(transport.directory());
    }

    /** The driver for that epoch, which is the caller's from now on; null if it is not ready. */
    @Nullable
    HostTransport take(long epoch) {
        HostTransport open = ready;
        if (open == null || wanted != epoch || open.isLost()) {
            return null;
        }
        ready = null;
        wanted = 0;
        return open;
    }

    /** Whether this member has said already that it may take that epoch. */
    boolean hasClaimed(long epoch) {
        return ready != null && wanted == epoch;
    }

    /** Does something that need not be done at once, on the standby's thread. */
    void later(Runnable work) {
        if (!closed) {
            launcher.execute(work);
        }
    }

    private void drop() {
        HostTransport open = ready;
        ready = null;
        if (open != null) {
            open.close();
            claims.remove(wanted, seat);
        }
    }

    void close() {
        closed = true;
        drop();
        launcher.shutdown();
    }
}
