package dev.covey.mesh.agent;

import dev.covey.mesh.core.State;
import dev.covey.mesh.core.StateEncoder;
import dev.covey.mesh.local.ControlFile;
import dev.covey.mesh.protocol.Cell;
import dev.covey.store.Journal;
import dev.covey.store.Snapshots;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The host's thread for what need not be done at once: revision files, snapshots, and removing the journal behind both.
 * Step 11 of the street.
 *
 * <p>It follows the journal like any member does. So there is no queue between it and the agent that could grow or fail,
 * and when the host dies its successor's recorder goes on where the files end.
 */
final class Recorder implements Runnable {
    private static final System.Logger LOG = System.getLogger(Recorder.class.getName());
    private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);
    static final long STOP_MILLIS = 60_000;
    /** How often the same trouble is told. */
    private static final long TELL_NANOS = TimeUnit.MINUTES.toNanos(1);
    /** How often is looked for damage where nothing else is to be done. */
    private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    /** How often the journal is measured. */
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Premises premises;
    private final ControlFile control;
    private final @Nullable Thinning thinning;
    private final long maxUnwritten;
    private final CommittedObjects memory = new CommittedObjects(this::committed, this::isStillHost);
    private final FileCheck check = new FileCheck(memory);
    private final Thread thread;
    private final JournalBudget budget = new JournalBudget(System.nanoTime());
    private volatile @Nullable State committed;
    private volatile boolean hosting;
    private volatile long read;
    private volatile boolean stopped;
    private volatile boolean asleep;
    private volatile boolean finishing;
    /** Whether the last full states are all in files. */
    private volatile boolean finished;
    /** Agent's thread; 0 while this member is no host. */
    private long hostSince;
    /** Agent's thread; where this member became host. */
    private long hostedFrom;
    /** Agent's thread. */
    private boolean swamped;

    private long toldAt;
    private @Nullable RevisionFiles files;
    private @Nullable Journal journal;
    private long epoch;
    private long looked = System.nanoTime();

    /** {@code maxUnwritten} is {@link JoinRequest#MAX_UNWRITTEN}, but in tests. */
    Recorder(Premises premises, long maxUnwritten) {
        this.premises = premises;
        this.maxUnwritten = maxUnwritten;
        this.control = premises.control;
        this.thinning = Thinning.of(premises);
        this.thread = Daemon.thread("covey-recorder-" + premises.directory.name(), this);
        thread.start();
    }

    /** A round of a host. Agent's thread. */
    void host(State now) {
        if (!hosting && isSoon(now)) {
            return;
        }
        if (thinning != null) {
            thinning.host(true);
        }
        State last = committed;
        if (last == null || last.position() != now.position() || !hosting) {
            committed = now;
            hosting = true;
            wake();
        }
    }

    /** A new host's revision files wait while everybody needs the processors to find that host. */
    private boolean isSoon(State now) {
        long nanos = System.nanoTime();
        if (hostSince == 0) {
            hostSince = nanos;
            hostedFrom = now.position();
        }
        return nanos - hostSince < HostDesk.LATER_NANOS;
    }

    private void wake() {
        if (asleep) {
            LockSupport.unpark(thread);
        }
    }

    /** A round of anybody else. Agent's thread. */
    void rest() {
        hostSince = 0;
        swamped = false;
        if (hosting) {
            hosting = false;
            wake();
        }
        if (thinning != null) {
            thinning.host(false);
        }
    }

    @Override
    public void run() {
        while (!stopped) {
            try {
                if (hosting) {
                    work();
                } else {
                    letGo();
                    read = 0;
                    sleepUntil(() -> hosting);
                }
            } catch (RuntimeException | Error failed) {
                tell(failed);
                letGo();
                pause();
            }
        }
        finish();
        letGo();
    }

    private void tell(Throwable failed) {
        long now = System.nanoTime();
        if (toldAt == 0 || now - toldAt >= TELL_NANOS) {
            toldAt = now;
            LOG.log(
                    System.Logger.Level.WARNING,
                    "mesh " + premises.directory.name() + ": revision files or a snapshot could not be written;"
                            + " the journal has everything, trying again every second",
                    failed);
        }
    }

    /** Whether the cell is still of the epoch for which this thread writes. */
    private boolean isStillHost() {
        return Cell.isOfEpoch(control.cell(), epoch);
    }

    private State committed() {
        State now = committed;
        return now == null ? State.EMPTY : now;
    }

    private void work() {
        State now = committed;
        if (now == null) {
            return;
        }
        if (now.epoch() != epoch) {
            letGo();
            epoch = now.epoch();
            budget.epochBegan();
        }
        boolean stored = premises.settings.store() != null;
        boolean wrote = stored && feed(now);
        snapshotIfDue(now);
        if (stored) {
            check.look(files()::verify);
        }
        if (!wrote) {
            LockSupport.parkNanos(this, REST_NANOS);
            if (hosting && isStill(now)) {
                flush();
                sleepUntil(() -> !hosting || !isStill(now), stored ? IDLE_NANOS : Long.MAX_VALUE);
            }
        }
    }

    private boolean feed(State now) {
        RevisionFiles open = files();
        boolean more = open.feed(control.cell(), now.position());
        read = open.read();
        return more;
    }

    /**
     * Whether the files are so far behind that no patches are taken until half of what waits is written. Also where they could
     * not even be opened. Agent's thread.
     */
    boolean isSwamped(long position) {
        long known = read;
        long unwritten = position - (known == 0 ? hostedFrom : known);
        swamped = premises.settings.store() != null && unwritten > (swamped ? maxUnwritten / 2 : maxUnwritten);
        return swamped;
    }

    private boolean isStill(State then) {
        State now = committed;
        return now != null && now.position() == then.position();
    }

    private void flush() {
        RevisionFiles open = files;
        if (open != null) {
            open.flush();
        }
    }

    private RevisionFiles files() {
        RevisionFiles open = files;
        if (open == null) {
            open = new RevisionFiles(premises, memory);
            files = open;
        }
        return open;
    }

    /** Rule J4: a snapshot is published before anything behind it goes, and only what revision files do not need. */
    private void snapshotIfDue(State now) {
        Journal open = journal;
        if (open == null) {
            open = premises.openJournal();
            journal = open;
            premises.openSnapshots()
                    .latest()
                    .ifPresent(latest -> budget.found(latest.position(), latest.state().length));
        }
        if (System.nanoTime() - looked >= LOOK_NANOS) {
            looked = System.nanoTime();
            shorten(open, now);
        }
        if (budget.isWanted(control.wantedSnapshot(), now.position(), System.nanoTime())) {
            writeSnapshot(now);
        }
    }

    private void shorten(Journal open, State now) {
        if (budget.isLong(open.bytesOnDisk())) {
            removeBehind(open);
            if (budget.isLong(open.bytesOnDisk()) && budget.isDue(now.position(), filesPosition())) {
                writeSnapshot(now);
                removeBehind(open);
            }
        }
    }

    private long filesPosition() {
        RevisionFiles written = files;
        return written == null ? Long.MAX_VALUE : written.position();
    }

    private void writeSnapshot(State now) {
        byte[] state = StateEncoder.encode(now);
        Snapshots snapshots = premises.openSnapshots();
        snapshots.write(now.epoch(), now.position(), state);
        budget.written(now.position(), state.length);
        if (Cell.isOfEpoch(control.cell(), epoch)) {
            snapshots.removeBelow(now.position());
        }
    }

    private void removeBehind(Journal open) {
        if (Cell.isOfEpoch(control.cell(), epoch)) {
            open.removeBelow(budget.neededFrom(filesPosition()), epoch);
        }
    }

    private void sleepUntil(BooleanSupplier news) {
        sleepUntil(news, Long.MAX_VALUE);
    }

    /** Looks once more after saying that it sleeps: who has news after that look wakes it. */
    private void sleepUntil(BooleanSupplier news, long nanos) {
        asleep = true;
        if (!stopped && !news.getAsBoolean()) {
            LockSupport.parkNanos(this, nanos);
        }
        asleep = false;
    }

    private void pause() {
        long until = System.nanoTime() + RETRY_NANOS;
        while (!stopped && System.nanoTime() - until < 0) {
            LockSupport.parkNanos(this, RETRY_NANOS);
        }
    }

    /** The last member out writes everything down, also if it was host for no longer than it took to leave. */
    private void finish() {
        if (!finishing || premises.settings.store() == null) {
            return;
        }
        try {
            RevisionFiles open = files();
            while (open.feed(control.cell(), committed().position())) {
                Thread.onSpinWait();
            }
            open.finish();
            finished = true;
        } catch (RuntimeException | Error failed) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "mesh " + premises.directory.name() + ": the last full states could not be written; the journal in "
                            + premises.journalDirectory + " has them, join again to write them",
                    failed);
        }
    }

    private void letGo() {
        RevisionFiles open = files;
        Journal view = journal;
        files = null;
        journal = null;
        if (open != null) {
            open.close();
        }
        if (view != null) {
            view.close();
        }
    }

    /**
     * Ends the thread and waits for it; the last member out has everything written first, up to this state. Whether it was:
     * if not, the journal alone has it.
     */
    boolean close(boolean lastOut, State last) {
        if (lastOut) {
            committed = last;
        }
        if (thinning != null) {
            thinning.close();
        }
        finishing = lastOut;
        stopped = true;
        LockSupport.unpark(thread);
        try {
            thread.join(STOP_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        return finished || premises.settings.store() == null;
    }
}
