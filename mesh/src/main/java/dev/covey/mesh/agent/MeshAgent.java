package dev.covey.mesh.agent;

import dev.covey.mesh.MeshCode;
import dev.covey.mesh.MeshException;
import dev.covey.mesh.core.Core;
import dev.covey.mesh.core.CoreOptions;
import dev.covey.mesh.core.Session;
import dev.covey.mesh.core.State;
import dev.covey.mesh.local.Doorbell;
import dev.covey.mesh.local.ProcessIdentity;
import dev.covey.mesh.local.Ringer;
import dev.covey.mesh.protocol.Cell;
import dev.covey.mesh.protocol.Command;
import dev.covey.mesh.protocol.Refusal;
import dev.covey.store.Durability;
import dev.covey.store.Journal;
import dev.covey.store.StoreException;
import java.time.Duration;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * One member at work: a thread that owns the core, and runs its duty cycle until the member leaves.
 *
 * <p>A round: look at the commit cell and apply what is committed; take in what arrived; take in what the application
 * wants; commit what was decided as one batch; tell the results. If a round found nothing to do, rest.
 */
public final class MeshAgent implements Performer.Life, DeathWatch.Alarm, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(MeshAgent.class.getName());
    /** Commands of the application taken in by one round. */
    private static final int COMMANDS_PER_ROUND = 256;
    /** How long a closing member waits for its leaving to be recorded. */
    private static final Duration LEAVE_TIMEOUT = Duration.ofSeconds(5);

    /** How long the last member out may take to write what revision files lack. */
    private static final Duration WRITE_TIMEOUT =
            Duration.ofMillis(Recorder.STOP_MILLIS).plusSeconds(5);

    private final JoinRequest request;
    private final AgentListener listener;
    private final Premises premises;
    private final HybridClock clock = new HybridClock();
    private final Doorbell bell;
    private final Ringer ringer;
    private final Rest rest;
    private final Inbox inbox;
    private final Journal journal;
    private final Core core;
    private final HostLink link;
    private final HostDesk desk;
    private final Standby standby;
    private final MemberDuty duty;
    private final Performer performer;
    private final Follower follower;
    private final DeathWatch watch;
    private final Recorder recorder;
    private final HostGap gap;
    private final CompletableFuture<Long> joined = new CompletableFuture<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile State state;
    private volatile long number;
    private @Nullable Sight shown;
    private boolean swamped;
    private boolean closing;
    private boolean leaveSent;
    private boolean gone;

    private MeshAgent(JoinRequest request, AgentListener listener, Premises premises) {
        this.request = request;
        this.listener = listener;
        this.premises = premises;
        this.bell = Doorbell.open(premises.directory, premises.seat);
        this.ringer = new Ringer(premises.directory, bell);
        this.rest = new Rest(bell);
        this.inbox = new Inbox(clock, bell::wake);
        this.journal = premises.openJournal();
        this.state = premises.newestState();
        this.link = new HostLink(premises.directory, ringer);
        this.performer = new Performer(premises, listener, clock, link, ringer, this);
        CoreOptions options = new CoreOptions(premises.settings.limits(), CoreOptions.DEFAULT.recordsPerHash());
        this.core = new Core(premises.life, state, options, performer);
        this.standby = new Standby(premises, journal);
        this.desk = new HostDesk(premises, journal, core, standby);
        this.duty = new MemberDuty(core, premises.control, link, standby);
        this.performer.use(desk, standby);
        this.follower =
                new Follower(premises.control, journal, core, premises.settings.limits(), premises::newestState);
        this.watch = new DeathWatch(premises, this);
        this.recorder = new Recorder(premises);
        this.gap = new HostGap(premises.control);
    }

    /**
     * Joins, and returns when the mesh has recorded it.
     *
     * @throws MeshException why not; nothing is left behind then
     */
    public static MeshAgent join(JoinRequest request, AgentListener listener) {
        Premises premises = Premises.enter(request);
        MeshAgent agent;
        try {
            agent = new MeshAgent(request, listener, premises);
        } catch (RuntimeException failed) {
            premises.leave();
            throw failed;
        }
        agent.start();
        agent.awaitJoined();
        return agent;
    }

    private void start() {
        String mesh = premises.directory.name();
        daemon("covey-" + mesh, this::run).start();
        daemon("covey-watch-" + mesh, watch).start();
        inbox.note(() -> core.join(Premises.freshToken(), premises.profile(request)));
        suspected(-1, new TreeSet<>());
    }

    private static Thread daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    private void awaitJoined() {
        try {
            joined.get(request.joinTimeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            close();
            throw new MeshException(
                    MeshCode.TIMED_OUT,
                    "mesh " + request.mesh() + " gave no answer within "
                            + request.joinTimeout().toMillis()
                            + " ms; its host may be frozen (it is deposed after "
                            + premises.settings.hostTimeoutMillis() + " ms), join again or with a longer joinTimeout");
        } catch (InterruptedException interrupted) {
            close();
            Thread.currentThread().interrupt();
            throw new MeshException(MeshCode.CLOSED, "mesh " + request.mesh() + ": interrupted while joining");
        } catch (java.util.concurrent.ExecutionException refused) {
            close();
            throw refused.getCause() instanceof MeshException why
                    ? why
                    : new MeshException(MeshCode.TRANSPORT_LOST, "mesh " + request.mesh() + " ended", refused);
        }
    }

    /** The committed state as this member has it. Any thread. */
    public State state() {
        return state;
    }

    /** This member's number, 0 while it has none. Any thread. */
    public long number() {
        return number;
    }

    public Durability durability() {
        return premises.settings.durability();
    }

    public dev.covey.patch.Limits limits() {
        return premises.settings.limits();
    }

    /** The process id of a member, or 0 if it did not tell. */
    public static long pidOf(Session session) {
        return ProcessIdentity.parse(session.profile().process())
                .map(ProcessIdentity::pid)
                .orElse(0L);
    }

    /** Asks for something; {@code atTime} is called at once with the creation time. Any thread. */
    public void submit(LongFunction<Command> atTime, Reply reply) {
        inbox.submit(atTime, reply);
    }

    private void run() {
        MeshException why = null;
        try {
            while (!gone) {
                rest.after(round());
            }
        } catch (StoreException failed) {
            why = new MeshException(MeshCode.STORE_FAILED, message(failed), failed);
        } catch (MeshException failed) {
            why = failed;
        } catch (RuntimeException | Error failed) {
            why = new MeshException(MeshCode.TRANSPORT_LOST, message(failed), failed);
        }
        end(why);
    }

    private String message(Throwable failed) {
        return "mesh " + request.mesh() + ": this member has stopped: " + failed;
    }

    private int round() {
        long cell = premises.control.cell();
        if (cell == Cell.CLOSED) {
            throw new MeshException(MeshCode.CLOSED, "mesh " + request.mesh() + " was closed by its last member");
        }
        premises.requireSameControlFile();
        core.now(HybridClock.wallMicros());
        gap.look(cell);
        int work = follower.follow(cell);
        work += notes();
        work += performer.deliver(core);
        work += core.role() == Core.Role.HOST ? host() : member();
        work += commands();
        core.flush();
        work += performer.deliver(core) + link.flush();
        show();
        return work;
    }

    private int host() {
        long now = System.nanoTime();
        premises.control.beat(now);
        recorder.host(core.state());
        swamped = recorder.isSwamped(core.state().position());
        if (desk.openDoor()) {
            ringer.ringAll();
        }
        int work = desk.poll(!swamped);
        if (desk.isUnreachable()) {
            throw new MeshException(MeshCode.TRANSPORT_LOST, message(new IllegalStateException("the driver failed")));
        }
        return work;
    }

    private int member() {
        recorder.rest();
        swamped = false;
        return duty.round(closing);
    }

    private int notes() {
        int done = 0;
        for (Runnable note = inbox.pollNote(); note != null; note = inbox.pollNote()) {
            note.run();
            done++;
        }
        return done;
    }

    private int commands() {
        int taken = 0;
        while (taken < COMMANDS_PER_ROUND && core.accepts() && !swamped) {
            Inbox.Submission next = inbox.poll();
            if (next == null) {
                leaveIfClosing();
                break;
            }
            core.submit(performer.ticket(next.reply()), next.command());
            taken++;
        }
        if (closing && !leaveSent && core.number() == 0) {
            gone = true;
        }
        return taken;
    }

    private void leaveIfClosing() {
        if (closing && !leaveSent) {
            leaveSent = true;
            core.submit(performer.ticket(Reply.FORGOTTEN), new Command.Leave());
        }
    }

    private void show() {
        State now = core.state();
        state = now;
        long epoch = premises.control.epochOf(premises.control.cell());
        Sight last = shown;
        if (last == null || !last.sameAs(now, epoch, core.role(), core.number())) {
            duty.changed();
            shown = new Sight(now, epoch, core.role(), core.number());
            watch.look(shown);
        }
    }

    @Override
    public void suspected(long epoch, NavigableSet<Long> dead) {
        inbox.note(() -> {
            if (!gone && Cell.isOfEpoch(premises.control.cell(), epoch)) {
                core.suspected(dead);
            }
        });
    }

    @Override
    public void died(long member) {
        inbox.note(() -> core.died(member));
    }

    @Override
    public void joined(long given) {
        number = given;
        state = core.state();
        joined.complete(given);
    }

    @Override
    public void joinRefused(Refusal refusal) {
        joined.completeExceptionally(new MeshException(refusal.code(), refusal.text()));
    }

    @Override
    public void expelled() {
        number = 0;
        LOG.log(
                System.Logger.Level.WARNING,
                "mesh " + request.mesh() + ": this member was declared dead, and joins again");
        inbox.note(() -> core.join(Premises.freshToken(), premises.profile(request)));
    }

    @Override
    public void left() {
        gone = true;
    }

    @Override
    public void diverged() {
        inbox.note(() -> core.restored(follower.rebuilt()));
    }

    @Override
    public void hostChanged(State now, long epoch) {
        listener.hostChanged(now, gap.closed());
    }

    private void end(@Nullable MeshException failure) {
        MeshException why = failure != null
                ? failure
                : new MeshException(MeshCode.CLOSED, "mesh " + request.mesh() + ": this member has left");
        inbox.close(why);
        watch.stop();
        try {
            quit(failure == null);
        } catch (RuntimeException | Error broken) {
            LOG.log(System.Logger.Level.WARNING, "mesh " + request.mesh() + ": not everything could be let go", broken);
        }
        joined.completeExceptionally(why);
        performer.failAll(why);
        for (Inbox.Submission next = inbox.poll(); next != null; next = inbox.poll()) {
            next.reply().failed(why);
        }
        listener.ended(why);
        ended.countDown();
    }

    private void quit(boolean politely) {
        State last = core.state();
        long cell = premises.control.cell();
        boolean lastOut = politely
                && leaveSent
                && last.sessions().isEmpty()
                && Cell.isOfEpoch(cell, last.epoch())
                && Cell.position(cell) == last.position();
        link.closeAll();
        standby.close();
        desk.close();
        follower.close();
        recorder.close(lastOut);
        journal.close();
        ringer.close();
        bell.close();
        if (lastOut) {
            premises.leaveEmpty(cell);
        } else {
            premises.leave();
        }
    }

    /** Leaves the mesh: what was asked for before is decided first, and a host hands over. Any thread; waits. */
    @Override
    public void close() {
        inbox.close(new MeshException(
                MeshCode.CLOSED, "mesh " + request.mesh() + " was closed here; join again to use it"));
        inbox.note(() -> closing = true);
        try {
            if (!ended.await(LEAVE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                inbox.note(() -> gone = true);
                ended.await(WRITE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException interrupted) {
            inbox.note(() -> gone = true);
            Thread.currentThread().interrupt();
        }
    }
}
