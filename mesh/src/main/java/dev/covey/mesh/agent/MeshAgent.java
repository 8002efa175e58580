package dev.covey.mesh.agent;

import dev.covey.mesh.MeshCode;
import dev.covey.mesh.MeshException;
import dev.covey.mesh.TakeOver;
import dev.covey.mesh.core.Core;
import dev.covey.mesh.core.CoreOptions;
import dev.covey.mesh.core.Session;
import dev.covey.mesh.core.State;
import dev.covey.mesh.local.Doorbell;
import dev.covey.mesh.local.Ringer;
import dev.covey.mesh.local.Verdict;
import dev.covey.mesh.protocol.Cell;
import dev.covey.mesh.protocol.Command;
import dev.covey.mesh.protocol.Refusal;
import dev.covey.store.Journal;
import dev.covey.store.StoreException;
import java.util.NavigableMap;
import java.util.function.BooleanSupplier;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * One member at work: a thread that owns the core, and runs its duty cycle until the member leaves.
 *
 * <p>A round: look at the commit cell and apply what is committed; take in what arrived; take in what the application
 * wants; commit what was decided as one batch; tell the results. If a round found nothing to do, rest. While it rests,
 * whoever has something to send holds its turn for as long as that takes ({@link Rest}).
 */
public final class MeshAgent implements Performer.Life, DeathWatch.Alarm, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(MeshAgent.class.getName());
    private final JoinRequest request;
    private final AgentListener listener;
    private final Premises premises;
    private final HybridClock clock;
    private final Doorbell bell;
    private final Ringer ringer;
    private final Rest rest;
    private final Inbox inbox;
    private final Journal journal;
    private final Core core;
    private final HostLink link;
    private final Scribe scribe;
    private final HostDesk desk;
    private final Standby standby;
    private final Rescue rescue;
    private final MemberDuty duty;
    private final Performer performer;
    private final Intake intake;
    private final Follower follower;
    private final DeathWatch watch;
    private final Recorder recorder;
    private final HostGap gap;
    private final Obituary obituary;
    private final TakeOverLog takeOver = new TakeOverLog();
    private final ChannelDesk channels;
    private final Presence presence;
    private final StandIn standIn;
    private final Deputy deputy;
    private final Runnable sendAtOnce;
    private final Joining joining = new Joining();
    private final Sight.Last shown = new Sight.Last();
    private final Closing closing = new Closing();
    private volatile State state;
    private volatile long number;
    private boolean swamped;
    /** Whether the mesh knows that this member is none: nothing of it is under way to be recorded. */
    private boolean recorded = true;

    private boolean gone;
    private boolean over;

    private MeshAgent(
            JoinRequest request, AgentListener listener, Premises premises, Doorbell bell, HybridClock clock) {
        this.request = request;
        this.clock = clock;
        this.listener = listener;
        this.premises = premises;
        this.bell = bell;
        this.presence = new Presence(bell, premises.directory, premises.control);
        this.ringer = new Ringer(premises.directory, bell);
        this.rest = new Rest(bell, request.spinning());
        this.inbox = new Inbox(clock, this::submitted, bell::wake);
        this.journal = premises.openJournal();
        this.state = premises.newestState();
        this.link = new HostLink(premises.directory, ringer);
        this.scribe = new Scribe(premises, journal);
        this.performer = new Performer(premises, scribe, takeOver, listener, clock, link, ringer, this);
        CoreOptions options = new CoreOptions(
                premises.settings.limits(), CoreOptions.DEFAULT.recordsPerHash(), premises.settings.maxWriters());
        this.core = new Core(premises.life, state, options, performer);
        this.standby = new Standby(premises, journal);
        this.rescue = new Rescue(premises, journal, scribe, core, standby);
        this.desk = new HostDesk(premises, core, standby);
        this.duty = new MemberDuty(core, premises.control, link, standby);
        this.performer.use(desk, standby);
        StatusWatch status = new StatusWatch(premises, core, link, listener);
        this.intake = new Intake(premises, core, clock, inbox, performer, link, status);
        this.follower = new Follower(premises, journal, core, listener);
        this.watch = new DeathWatch(premises, request.mayHost(), this);
        this.recorder = new Recorder(premises, request.maxUnwritten());
        this.gap = new HostGap(premises.control);
        this.obituary = new Obituary(premises.directory.name(), standby::later);
        this.channels = new ChannelDesk(premises, ringer, core, rest, bell::wake);
        this.standIn = new StandIn(
                rest, premises, core, clock, follower, inbox, performer, intake, link, channels, gap, this::show);
        this.deputy = new Deputy("covey-deputy-" + premises.directory.name(), rest, this::runWhile, bell::hail);
        this.sendAtOnce = () -> intake.sendAtOnce(bell::wake);
        link.beforeClosing(channels::lastLook);
    }

    /**
     * Joins, and returns when the mesh has recorded it.
     *
     * @param entry of which this is one attempt
     * @throws MeshException why not; nothing is left behind then
     */
    public static MeshAgent join(Entry entry, AgentListener listener) {
        return join(entry, listener, new HybridClock());
    }

    static MeshAgent join(Entry entry, AgentListener listener, HybridClock clock) {
        MeshAgent agent;
        try {
            agent = entered(entry, listener, clock);
        } catch (RuntimeException failed) {
            throw Vanished.orAsItIs(failed, Premises.directory(entry.request).base());
        }
        agent.start();
        try {
            agent.joining.await(entry, agent.premises);
        } catch (MeshException failed) {
            boolean over = agent.premises.isOver();
            agent.giveUp();
            throw over ? new Vanished(failed) : failed;
        }
        return agent;
    }

    private static MeshAgent entered(Entry entry, AgentListener listener, HybridClock clock) {
        Premises premises = Premises.enter(entry.request, entry.deadline);
        try {
            Doorbell bell = Doorbell.open(premises.directory, premises.seat);
            try {
                return new MeshAgent(entry.request, listener, premises, bell, clock);
            } catch (RuntimeException | Error failed) {
                bell.close();
                throw failed;
            }
        } catch (RuntimeException | Error failed) {
            premises.leave(true);
            throw failed;
        }
    }

    private void start() {
        String mesh = premises.directory.name();
        Daemon.thread("covey-" + mesh, this::run).start();
        Daemon.thread("covey-watch-" + mesh, watch).start();
        join();
    }

    private void join() {
        inbox.note(() -> {
            recorded = false;
            core.join(Premises.freshToken(), premises.profile(request));
        });
    }

    /** The committed state as this member has it. Any thread. */
    public State state() {
        return state;
    }

    /** This member's number, 0 while it has none. Any thread. */
    public long number() {
        return number;
    }

    /** Which stays the same when the number changes. Any thread. */
    public String seat() {
        return premises.seat;
    }

    /** What the first member fixed for all. */
    public Settings settings() {
        return premises.settings;
    }

    /** How this member last became host. Any thread. */
    public TakeOver takeOver() {
        return takeOver.last();
    }

    /** What can be seen of the other members. */
    public Presence presence() {
        return presence;
    }

    /** Asks for something; {@code atTime} is called at once with the creation time. Any thread. */
    public void submit(LongFunction<Command> atTime, Reply reply) {
        inbox.submit(atTime, reply);
    }

    /** The way of a command to the host is short; who waits for the agent to wake waits as long again. */
    private void submitted() {
        rest.insteadOfAgent(sendAtOnce);
        if (!inbox.isEmpty()) {
            bell.wake();
        }
    }

    /** How who waits for what this member is told gets it without being woken. Any thread. */
    public StandIn standIn() {
        return standIn;
    }

    /** How what listeners begin is run by the agent's thread itself. */
    public Deputy deputy() {
        return deputy;
    }

    /** Nobody looks for what is to come, so the agent does. Any thread. */
    public void wake() {
        bell.wake();
    }

    private void run() {
        deputy.begin();
        runWhile(() -> true);
    }

    /** The agent's thread, or its deputy's: rounds and rests while that holds; the end, when it comes, is one of the two's. */
    private void runWhile(BooleanSupplier needed) {
        MeshException why = null;
        rest.begin();
        try {
            while (!over && !gone && needed.getAsBoolean()) {
                int work = round();
                deputy.runErrand();
                rest.after(work);
            }
        } catch (MeshException failed) {
            why = failed;
        } catch (RuntimeException | Error failed) {
            MeshCode code = failed instanceof StoreException store ? codeOf(store) : MeshCode.TRANSPORT_LOST;
            why = new MeshException(code, "mesh " + request.mesh() + ": this member has stopped: " + failed, failed);
        }
        if (why != null && premises.control.cell() == Cell.CLOSED) {
            why = premises.closed();
        }
        if (!over && (gone || why != null)) {
            over = true;
            end(why);
        }
        rest.end();
        if (over) {
            closing.done();
        }
    }

    private static MeshCode codeOf(StoreException failed) {
        return switch (failed.code()) {
            case STORE_MISMATCH -> MeshCode.STORE_MISMATCH;
            case JOURNAL_GONE -> MeshCode.TRANSPORT_LOST;
            default -> MeshCode.STORE_FAILED;
        };
    }

    private int round() {
        ringer.ringNoted();
        long cell = premises.control.cell();
        if (cell == Cell.CLOSED) {
            throw premises.closed();
        }
        core.now(clock.now());
        obituary.round(number, System.nanoTime());
        gap.look(cell);
        int work = follower.follow(cell);
        work += notes();
        work += performer.deliver(core);
        if (core.role() == Core.Role.HOST || core.role() == Core.Role.SUCCEEDING) {
            performer.retry();
        }
        boolean host = core.role() == Core.Role.HOST;
        work += host ? host() : 0;
        work += intake.round();
        gone |= intake.isDone();
        core.flush();
        work += performer.deliver(core) + link.flush();
        work += host ? desk.lookAfterDriver() : member();
        rest.sleepLonger(isCalm(), core.role() == Core.Role.HOST);
        show();
        work += channels.round(core.role() == Core.Role.HOST ? desk.channel() : link.channel());
        if (premises.isTimeToLook()) {
            premises.requireSameControlFile();
            if (premises.isTimeToLookAtAll(isCalm())) {
                lookAfterFiles();
                rescue.look();
            }
        }
        return work;
    }

    /** Rule C6: every file of a life is looked after by its owner. Where there is no room for it now, there may be later. */
    private void lookAfterFiles() {
        try {
            premises.lookAfter();
            bell.lookAfter();
            if (core.role() == Core.Role.HOST) {
                performer.lookAfter(core.state().epoch());
                desk.lookAfter();
            }
            if (core.role() == Core.Role.HOST || core.role() == Core.Role.FOLLOWER) {
                standby.lookAfter();
            }
        } catch (MeshException | StoreException notNow) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "mesh " + request.mesh() + ": what was removed cannot be made again now",
                    notNow);
        }
    }

    /** Whether this member waits for nothing, and nobody for it. */
    private boolean isCalm() {
        boolean host = core.role() == Core.Role.HOST;
        boolean settled = host ? desk.isOpen() && scribe.hasRoom() && !swamped : link.isSettled();
        return settled && !performer.isAwaited() && !channels.isBusy() && !intake.isClosing();
    }

    /** What members say to each other past the host. */
    public ChannelDesk channels() {
        return channels;
    }

    private int host() {
        premises.control.beat();
        link.tidy(System.nanoTime());
        recorder.host(core.state());
        swamped = recorder.isSwamped(core.state().position());
        premises.sayWhetherFilesAreBehind(swamped);
        if (desk.openDoor()) {
            takeOver.reachable();
            ringer.ringAll();
        }
        return desk.poll(!swamped && scribe.hasRoom());
    }

    private int member() {
        recorder.rest();
        swamped = false;
        return duty.round(intake.isClosing());
    }

    private int notes() {
        int done = 0;
        for (Runnable note = inbox.pollNote(); note != null; note = inbox.pollNote()) {
            note.run();
            done++;
        }
        return done;
    }

    private void show() {
        State now = core.state();
        state = now;
        long cell = premises.control.cell();
        presence.look(now);
        long epoch = premises.control.epochOf(cell);
        int sinceBirth = Long.compare(now.position(), premises.control.birth().position());
        Sight changed = shown.changed(now, epoch, core.role(), core.number(), sinceBirth);
        if (changed != null) {
            duty.changed();
            watch.look(changed);
        }
    }

    @Override
    public void suspected(long epoch, NavigableMap<Long, Verdict> dead) {
        long now = System.nanoTime();
        inbox.note(() -> {
            if (!gone && premises.control.epochOf(premises.control.cell()) == epoch && !premises.isFailed()) {
                takeOver.noticed(now);
                premises.lookLater();
                obituary.found(dead);
                core.suspected(dead.navigableKeySet());
            }
        });
    }

    @Override
    public void died(long member, Verdict why) {
        inbox.note(() -> {
            obituary.found(member, why);
            core.died(member);
        });
    }

    @Override
    public void declaredDead(Session member) {
        if (core.role() == Core.Role.HOST) {
            obituary.declared(member);
        }
    }

    @Override
    public void joined(long given) {
        number = given;
        state = core.state();
        joining.done();
        if (request.mayHost()) {
            standby.reserve();
        }
    }

    @Override
    public void joinRefused(Refusal refusal) {
        recorded = true;
        joining.refused(new MeshException(refusal.code(), refusal.text()));
    }

    @Override
    public void expelled() {
        number = 0;
        obituary.expelled(core.state());
        lookAfterFiles();
        join();
    }

    @Override
    public void left() {
        recorded = true;
        gone = true;
    }

    @Override
    public void diverged() {
        inbox.note(() -> core.restored(follower.rebuilt()));
    }

    @Override
    public void hostChanged(State now, long epoch) {
        premises.lookLater();
        listener.hostChanged(now, gap.closed());
    }

    private void end(@Nullable MeshException failure) {
        intake.end();
        MeshException why = failure != null
                ? failure
                : new MeshException(MeshCode.CLOSED, "mesh " + request.mesh() + ": this member has left");
        if (failure != null && number != 0) {
            LOG.log(System.Logger.Level.WARNING, "this member ends: " + failure.getMessage());
        }
        inbox.close(why);
        watch.stop();
        deputy.stop();
        try {
            quit(failure == null);
        } catch (RuntimeException | Error broken) {
            LOG.log(System.Logger.Level.WARNING, "mesh " + request.mesh() + ": not everything could be let go", broken);
        }
        joining.refused(why);
        performer.failAll(why, core);
        inbox.failAll(why);
        channels.end(why);
        listener.ended(why);
    }

    private void quit(boolean politely) {
        long cell = premises.control.cell();
        boolean lastOut = politely && intake.isLastOut(cell);
        boolean forgotten = politely && premises.hindrance() != null && premises.settings.store() == null;
        boolean written = false;
        try {
            written = letGo(lastOut);
        } finally {
            boolean needed = lastOut && !written && premises.isJournalInMemory();
            if ((lastOut || forgotten) && !needed) {
                premises.leaveEmpty(cell, recorded);
            } else {
                premises.leave(recorded);
            }
        }
    }

    /** Whether all that the last one out had to write is written. */
    private boolean letGo(boolean lastOut) {
        link.closeAll();
        desk.close();
        standby.close();
        scribe.close();
        follower.close();
        boolean written = recorder.close(lastOut, core.state());
        journal.close();
        ringer.close();
        bell.close();
        return written;
    }

    /** Nobody waits for this member to join any more. What it was about to do is not waited for either, or not long. */
    private void giveUp() {
        inbox.note(() -> gone = true);
        closing.awaitBriefly();
    }

    /** Leaves the mesh: what was asked for before is decided first, and a host hands over. Any thread; waits. */
    @Override
    public void close() {
        inbox.close(new MeshException(
                MeshCode.CLOSED, "mesh " + request.mesh() + " was closed here; join again to use it"));
        inbox.note(intake::close);
        closing.await(() -> inbox.note(() -> gone = true));
    }
}
