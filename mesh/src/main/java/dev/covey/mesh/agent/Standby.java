package dev.covey.mesh.agent;

import dev.covey.mesh.MeshCode;
import dev.covey.mesh.MeshException;
import dev.covey.mesh.aeron.ExternalDriver;
import dev.covey.mesh.aeron.HostTransport;
import dev.covey.mesh.aeron.TransportOptions;
import dev.covey.mesh.core.Core;
import dev.covey.mesh.local.Claims;
import dev.covey.mesh.local.MeshDirectory;
import dev.covey.store.Journal;
import dev.covey.store.ProcessIdentity;
import dev.covey.store.StoreException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The successor's driver for the epoch that comes after this one, launched while nobody waits for it. The members connect
 * to it ahead of time, so that a host's death costs neither a launch nor a connection; the journal's next segment lies
 * ready and the claim to the epoch is published.
 *
 * <p>Agent's thread; the launches happen one after the other on a thread of their own. There is one directory for an epoch
 * and a member, and so one launch for it: who needs the driver before it is launched waits for that launch.
 */
final class Standby {
    private static final System.Logger LOG = System.getLogger(Standby.class.getName());
    private static final long CLOSE_MILLIS = 5_000;
    /** How long after a launch that came to nothing another is tried. */
    private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Premises premises;
    private final MeshDirectory directory;
    private final Claims claims;
    private final String seat;
    private final Journal journal;
    private final ExecutorService launcher;
    private @Nullable Future<@Nullable HostTransport> launch;
    private @Nullable HostTransport ready;
    private long wanted;
    private long missedAt;
    private volatile boolean closed;

    Standby(Premises premises, Journal journal) {
        this.premises = premises;
        this.directory = premises.directory;
        this.claims = new Claims(premises.directory);
        this.seat = premises.seat;
        this.journal = journal;
        this.launcher = Executors.newSingleThreadExecutor(
                work -> Daemon.thread("covey-standby-" + premises.directory.name(), work));
    }

    /** What to keep on having: a candidate must not lose its driver while it takes the cell. */
    long wanted(Core.Role role) {
        return role == Core.Role.TAKING || role == Core.Role.SUCCEEDING ? wanted : 0;
    }

    /**
     * Has a driver for that epoch, soon; 0 for none. Called in every round; returns how much there was to do.
     *
     * @param calm whether a launch may begin now; what there is stays either way
     */
    int prepare(long epoch, boolean calm) {
        if (epoch != wanted) {
            drop();
            wanted = 0;
            if (epoch != 0 && calm) {
                wanted = epoch;
                launch = launcher.submit(() -> launched(epoch));
                launcher.execute(() -> Rehearsal.run(premises, () -> closed));
            }
        }
        Future<@Nullable HostTransport> running = launch;
        if (running != null && running.isDone()) {
            adopt(running);
        }
        HostTransport open = ready;
        return open == null ? 0 : open.doWork();
    }

    /**
     * Makes again what was removed of all that is kept ready: losing it ends nobody, but a take-over without it is slower, and
     * not possible on a full disk. Not while this member takes the cell.
     */
    void lookAfter() {
        HostTransport open = ready;
        if (open != null && !open.isWhole()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "mesh " + directory.name() + ": files of the driver kept ready were removed, another is launched");
            drop();
            wanted = 0;
        } else if (isToBeTriedAgain()) {
            wanted = 0;
        } else if (open != null) {
            claims.lookAfter(new Claims.Claim(wanted, seat, ProcessIdentity.self()));
            if (!directory.isReady(open.directory())) {
                directory.markReady(open.directory());
            }
        }
        if (journal.lacksSpare()) {
            later(this::spareAgain);
        }
    }

    /** What was not to be had once, for want of room or because somebody removed it in the making, may be later. */
    private boolean isToBeTriedAgain() {
        return wanted != 0 && ready == null && launch == null && System.nanoTime() - missedAt > AGAIN_NANOS;
    }

    private void spareAgain() {
        try {
            journal.lookAfterSpare();
        } catch (StoreException noRoom) {
            LOG.log(System.Logger.Level.WARNING, "nothing can be kept ready for a take-over", noRoom);
        }
    }

    /** Launcher's thread. Null if there is no room, or nobody wants it any more. */
    private @Nullable HostTransport launched(long epoch) {
        if (closed) {
            return null;
        }
        HostTransport transport = null;
        try {
            transport = launch(epoch);
            journal.prepareSpare();
            claims.publish(new Claims.Claim(epoch, seat, ProcessIdentity.self()));
            return transport;
        } catch (RuntimeException noRoom) {
            if (transport != null) {
                transport.close();
            }
            if (!closed) {
                LOG.log(System.Logger.Level.WARNING, "nothing can be kept ready for a take-over", noRoom);
            }
            return null;
        }
    }

    private void adopt(Future<@Nullable HostTransport> done) {
        launch = null;
        HostTransport transport = result(done);
        if (transport == null) {
            missedAt = System.nanoTime();
        } else {
            ready = transport;
            directory.markReady(transport.directory());
        }
    }

    private static @Nullable HostTransport result(Future<@Nullable HostTransport> launch) {
        try {
            return outcome(launch);
        } catch (MeshException broken) {
            LOG.log(System.Logger.Level.WARNING, "nothing can be kept ready for a take-over", broken);
            return null;
        }
    }

    /** What a launch that is done, or about to be, came to. */
    static @Nullable HostTransport outcome(Future<@Nullable HostTransport> launch) {
        try {
            return launch.get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a driver was launched", interrupted);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof MeshException why
                    ? why
                    : new MeshException(
                            MeshCode.TRANSPORT_LOST, "the driver did not start: " + failed.getCause(), failed);
        }
    }

    /**
     * The driver for that epoch, which is the caller's from now on: the one kept ready, or the one that is being launched, or
     * a new one. The caller looks whether it is done, and says then that it is ready.
     */
    Future<@Nullable HostTransport> take(long epoch) {
        if (wanted != epoch) {
            drop();
        }
        Future<@Nullable HostTransport> running = launch;
        HostTransport open = ready;
        launch = null;
        ready = null;
        wanted = 0;
        if (open != null) {
            return CompletableFuture.completedFuture(open);
        }
        return running != null ? running : again(epoch);
    }

    /** Launches for a host that has none; what goes wrong is the caller's to tell. */
    Future<@Nullable HostTransport> again(long epoch) {
        return launcher.submit(() -> launch(epoch));
    }

    private HostTransport launch(long epoch) {
        Path place = directory.driver(epoch, seat);
        String external = premises.settings.driver();
        return external == null
                ? HostTransport.launch(place, TransportOptions.DEFAULT)
                : HostTransport.over(place, ExternalDriver.of(Path.of(external), premises.life.low(), epoch));
    }

    /** Whether this member has said already that it may take that epoch. */
    boolean hasClaimed(long epoch) {
        return ready != null && wanted == epoch;
    }

    /** Rule J5: whoever may become host can begin an epoch on a full disk, also out of turn. */
    void reserve() {
        later(() -> {
            try {
                journal.prepareReserve();
            } catch (StoreException noRoom) {
                LOG.log(System.Logger.Level.WARNING, "nothing can be set aside for a full disk", noRoom);
            }
        });
    }

    /** Does something that need not be done at once, on the launcher's thread. */
    void later(Runnable work) {
        if (!closed) {
            launcher.execute(work);
        }
    }

    /** A launch that is under way ends first, and is then closed where it was made; nobody waits for it. */
    void discard(Future<@Nullable HostTransport> running) {
        launcher.execute(() -> {
            HostTransport late = result(running);
            if (late != null) {
                late.close();
            }
        });
    }

    private void drop() {
        Future<@Nullable HostTransport> running = launch;
        HostTransport open = ready;
        long epoch = wanted;
        launch = null;
        ready = null;
        if (open != null) {
            open.close();
            claims.remove(epoch, seat);
        } else if (running != null) {
            launcher.execute(() -> {
                HostTransport late = result(running);
                if (late != null) {
                    late.close();
                    claims.remove(epoch, seat);
                }
            });
        }
    }

    /** Waits for what is being launched or closed, since it lies in the mesh directory. */
    void close() {
        closed = true;
        drop();
        launcher.shutdown();
        try {
            if (!launcher.awaitTermination(CLOSE_MILLIS, TimeUnit.MILLISECONDS)) {
                LOG.log(System.Logger.Level.WARNING, "a driver is still being launched that nobody needs any more");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
