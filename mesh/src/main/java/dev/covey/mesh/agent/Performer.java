package dev.covey.mesh.agent;

import dev.covey.mesh.MeshCode;
import dev.covey.mesh.MeshException;
import dev.covey.mesh.core.CommandId;
import dev.covey.mesh.core.Core;
import dev.covey.mesh.core.Effects;
import dev.covey.mesh.core.Outcome;
import dev.covey.mesh.core.Session;
import dev.covey.mesh.core.State;
import dev.covey.mesh.local.Claims;
import dev.covey.mesh.local.ControlFile;
import dev.covey.mesh.local.Ringer;
import dev.covey.mesh.protocol.Cell;
import dev.covey.mesh.protocol.Envelope;
import dev.covey.mesh.protocol.Fact;
import dev.covey.mesh.protocol.LogRecord;
import dev.covey.mesh.protocol.Refusal;
import dev.covey.store.ProcessIdentity;
import dev.covey.store.StoreCode;
import dev.covey.store.StoreException;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What the core asks for, done in the world. What became of it waits in the {@link Reports} until the input that the core is
 * working on is finished. Agent's thread.
 */
final class Performer implements Effects {
    private static final System.Logger LOG = System.getLogger(Performer.class.getName());

    /** A command on its way, and where to tell its end. */
    private static final class Waiting {
        final long ticket;
        final Reply reply;
        final long deadline;
        boolean late;

        Waiting(long ticket, Reply reply) {
            this.ticket = ticket;
            this.reply = reply;
            this.deadline = reply.deadline(System.nanoTime());
        }
    }

    /** What the performer leaves to the agent. */
    interface Life {
        void joined(long number);

        void joinRefused(Refusal refusal);

        void expelled();

        /** That member's death was recorded; it may be this one. */
        void declaredDead(Session member);

        void left();

        void diverged();

        void hostChanged(State state, long epoch);
    }

    private final Premises premises;
    private final Claims claims;
    private final AgentListener listener;
    private final HybridClock clock;
    private final HostLink link;
    private final Ringer ringer;
    private final Life life;
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private final Reports reports = new Reports();
    private final Scribe scribe;
    private final TakeOverLog takeOver;
    private @Nullable HostDesk desk;
    private @Nullable Standby standby;
    private @Nullable Runnable awaitingRoom;
    private @Nullable Runnable unbegun;
    private long lastTicket;
    /** No command on its way has an earlier deadline, save those that are known to be late. */
    private long earliest = System.nanoTime() + Reply.FOREVER_NANOS;

    Performer(
            Premises premises,
            Scribe scribe,
            TakeOverLog takeOver,
            AgentListener listener,
            HybridClock clock,
            HostLink link,
            Ringer ringer,
            Life life) {
        this.scribe = scribe;
        this.takeOver = takeOver;
        this.premises = premises;
        this.claims = new Claims(premises.directory);
        this.listener = listener;
        this.clock = clock;
        this.link = link;
        this.ringer = ringer;
        this.life = life;
    }

    /** Desk and core know each other, so one of them comes late. */
    void use(HostDesk hostDesk, Standby hostStandby) {
        desk = hostDesk;
        standby = hostStandby;
    }

    private Standby standby() {
        Standby open = standby;
        if (open == null) {
            throw new IllegalStateException("the performer was not set up");
        }
        return open;
    }

    private HostDesk desk() {
        HostDesk open = desk;
        if (open == null) {
            throw new IllegalStateException("the performer was not set up");
        }
        return open;
    }

    /** A ticket for a command whose end is to be told there. Ends come in the order of the tickets. */
    long ticket(Reply reply) {
        Waiting sent = new Waiting(++lastTicket, reply);
        waiting.add(sent);
        if (sent.deadline - earliest < 0) {
            earliest = sent.deadline;
        }
        return lastTicket;
    }

    /** Whether the end of a command is still to be told. */
    boolean isAwaited() {
        return !waiting.isEmpty();
    }

    /** How many ends are still to be told. */
    int awaited() {
        return waiting.size();
    }

    /** Tells the core what became of what it asked for; returns how many reports there were. */
    int deliver(Core core) {
        int delivered = 0;
        while (reports.tellNext(core)) {
            delivered++;
        }
        return delivered;
    }

    /** Tells those whose answer is late; how many. */
    int tellLate(long nowNanos, Core core) {
        if (nowNanos - earliest < 0) {
            return 0;
        }
        int told = 0;
        earliest = nowNanos + Reply.FOREVER_NANOS;
        for (Waiting each : waiting) {
            CommandId id = each.late || nowNanos - each.deadline < 0 ? null : core.idOf(each.ticket);
            if (id != null) {
                each.late = true;
                each.reply.late(id);
                told++;
            } else if (!each.late && each.deadline - earliest < 0) {
                earliest = each.deadline;
            }
        }
        return told;
    }

    /** Nobody will answer any more; what was sent may have happened. */
    void failAll(MeshException why, Core core) {
        MeshException unknown = new MeshException(
                MeshCode.UNKNOWN_OUTCOME,
                "this member ended before an answer came to what it had sent; join again and look at the object before"
                        + " sending it again",
                why);
        for (Waiting next = waiting.poll(); next != null; next = waiting.poll()) {
            CommandId id = core.idOf(next.ticket);
            if (id != null) {
                next.reply.abandoned(id, unknown);
            } else {
                next.reply.failed(unknown);
            }
        }
    }

    @Override
    public void append(LogRecord record, long committed) {
        scribe.append(record, committed);
    }

    /** Where there is no room, the news waits for it; later news of the same epoch says all that earlier would. */
    @Override
    public void force(long epoch, long position) {
        if (scribe.force()) {
            reports.forced(epoch, position);
        } else {
            awaitingRoom = () -> reports.forced(epoch, position);
        }
    }

    /** A round of a host, or one about to be: tries again, now and then, what found no room. */
    void retry() {
        if (!scribe.isTimeToRetry()) {
            return;
        }
        Runnable again = unbegun;
        unbegun = null;
        if (again != null) {
            again.run();
            return;
        }
        Runnable news = awaitingRoom;
        if (scribe.retry()) {
            if (news != null && scribe.force()) {
                awaitingRoom = null;
                news.run();
            }
            standby().later(scribe::makeRoom);
        }
    }

    @Override
    public void commit(long epoch, long from, long to) {
        boolean moved = premises.control.compareAndSetCell(Cell.pack(epoch, from), Cell.pack(epoch, to));
        if (moved) {
            ringer.noteSleepers();
            reports.committed(epoch, to);
        } else {
            reports.deposed(epoch);
        }
    }

    @Override
    public void take(long epoch, long position) {
        ControlFile control = premises.control;
        long next = epoch + 1;
        if (!standby().hasClaimed(next)) {
            claim(next);
        }
        if (control.compareAndSetCell(Cell.pack(epoch, position), Cell.pack(next, position))) {
            control.beat();
            control.rememberEpoch(next);
            takeOver.taken(next);
            reports.taken(next, position);
        } else {
            if (!standby().hasClaimed(next)) {
                claims.remove(next, premises.seat);
            }
            reports.notTaken();
        }
    }

    /** Says again that this member has the epoch, if that was removed; until its first record is applied nobody else knows. */
    void lookAfter(long epoch) {
        claims.lookAfter(new Claims.Claim(epoch, premises.seat, ProcessIdentity.self()));
    }

    /** A candidate without a claim is suspected sooner, which costs a hand-over; on a full disk that is better than no host. */
    private void claim(long epoch) {
        try {
            claims.publish(new Claims.Claim(epoch, premises.seat, ProcessIdentity.self()));
        } catch (MeshException noRoom) {
            LOG.log(System.Logger.Level.WARNING, "epoch " + epoch + " cannot be claimed in writing", noRoom);
        }
    }

    @Override
    public void begin(long epoch, long firstPosition) {
        takeOver.drained();
        try {
            if (scribe.begin(epoch, firstPosition)) {
                takeOver.begun();
                reports.begun(epoch);
            } else {
                unbegun = () -> begin(epoch, firstPosition);
            }
        } catch (StoreException overtaken) {
            if (overtaken.code() != StoreCode.EPOCH_TAKEN) {
                throw overtaken;
            }
            LOG.log(System.Logger.Level.INFO, "epoch " + epoch + " was overtaken before it began");
        }
    }

    /** Nobody is woken: before the epoch's first record is committed, which wakes all, nobody knows who hosts it. */
    @Override
    public void serve(long epoch) {
        desk().serve(epoch);
        if (desk().isOpen()) {
            takeOver.reachable();
        }
        link.leave(System.nanoTime());
    }

    @Override
    public void stepDown(long epoch) {
        LOG.log(System.Logger.Level.DEBUG, "mesh {0}: no longer host of epoch {1}", premises.directory.name(), epoch);
        awaitingRoom = null;
        scribe.close();
        desk().close();
    }

    @Override
    public void send(Envelope envelope) {
        link.send(envelope);
    }

    @Override
    public void applied(State before, LogRecord record, State after) {
        clock.saw(record.timeMicros());
        if (record.sequence() > 0) {
            takeOver.committed(record.epoch());
        }
        listener.applied(before, record, after);
        if (record.fact() instanceof Fact.Left left && left.departure() == Fact.Departure.DIED) {
            desk().somebodyDied();
            Session dead = before.sessions().get(left.number());
            if (dead != null) {
                life.declaredDead(dead);
            }
        }
        if (record.fact() instanceof Fact.EpochBegan) {
            life.hostChanged(after, record.epoch());
        }
    }

    @Override
    public void jumped(State before, State after) {
        clock.saw(after.timeMicros());
        listener.jumped(before, after);
        if (before.epoch() < after.epoch()) {
            life.hostChanged(after, after.epoch());
        }
    }

    @Override
    public void completed(long ticket, Outcome outcome, State state) {
        take(ticket).decided(outcome, state);
    }

    @Override
    public void lost(long ticket) {
        take(ticket)
                .failed(new MeshException(
                        MeshCode.UNKNOWN_OUTCOME,
                        "this member was declared dead, and what became of its command is not kept any more;"
                                + " look at the object before sending it again"));
    }

    private Reply take(long ticket) {
        Waiting oldest = waiting.remove();
        if (oldest.ticket != ticket) {
            throw new IllegalStateException("ticket " + ticket + " ended before " + oldest.ticket);
        }
        return oldest.reply;
    }

    @Override
    public void joined(long number) {
        life.joined(number);
    }

    @Override
    public void joinRefused(Refusal refusal) {
        life.joinRefused(refusal);
    }

    @Override
    public void expelled() {
        life.expelled();
    }

    @Override
    public void left() {
        life.left();
    }

    @Override
    public void repeated(long member, long sequence) {
        LOG.log(System.Logger.Level.DEBUG, "member {0} sent {1} again", member, sequence);
    }

    @Override
    public void diverged(long position, long expectedHash, long foundHash) {
        LOG.log(
                System.Logger.Level.ERROR,
                "mesh " + premises.directory.name() + ": the state here differs from the host''s at position "
                        + position + "; it is rebuilt");
        life.diverged();
    }
}
