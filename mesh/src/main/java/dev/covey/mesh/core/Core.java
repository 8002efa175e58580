package dev.covey.mesh.core;

import dev.covey.mesh.protocol.Command;
import dev.covey.mesh.protocol.Command.Profile;
import dev.covey.mesh.protocol.Envelope;
import dev.covey.mesh.protocol.Fact;
import dev.covey.mesh.protocol.Fact.Departure;
import dev.covey.mesh.protocol.LogRecord;
import dev.covey.mesh.protocol.Token;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The machine of one member. Steps 3, 5 and 8 of the street.
 *
 * <p>It is handed what happens (each public method is an input) and asks for what shall happen ({@link Effects}). It has
 * no clock, no thread and no file, so that a simulation can run a thousand of them through every accident there is.
 *
 * <p>A member is in one of five roles:
 *
 * <pre>
 *   FOLLOWER --suspected--> TAKING --taken--> SUCCEEDING --applied all, begun--> HOST
 *       ^                      |                  |                               |
 *       +------notTaken--------+---a higher epoch in the cell, deposed------------+      own Left: GONE
 * </pre>
 *
 * Safety rests on the cell alone: only who moved it from (e, p) to (e+1, p) becomes host of e+1, only after it applied
 * exactly up to p, and what it decides counts only once it has moved the cell over it.
 */
public final class Core {
    /** What this member is at the moment. */
    public enum Role {
        /** Applies what others decide. */
        FOLLOWER,
        /** Asked for the cell. */
        TAKING,
        /** Has the cell, and applies what is committed before it decides anything. */
        SUCCEEDING,
        /** Decides. */
        HOST,
        /** Left. */
        GONE
    }

    private final Token life;
    private final CoreOptions options;
    private final Effects effects;
    private final Office office;
    private final Membership self;
    private State state;
    private Role role = Role.FOLLOWER;
    private long now;
    private long cellEpoch;
    private long cellPosition;
    private long connectedEpoch;
    private NavigableSet<Long> foundDead = new TreeSet<>();
    private @Nullable Hosting hosting;
    private boolean beginning;

    /** Makes the host's part; a seam for tests, which plant one that does something wrong. */
    interface Office {
        Hosting open(long epoch, State state, CoreOptions options, Effects effects);
    }

    /** A machine that starts at a known state: empty, or read from a snapshot. */
    public Core(Token life, State state, CoreOptions options, Effects effects) {
        this(life, state, options, effects, Hosting::new);
    }

    Core(Token life, State state, CoreOptions options, Effects effects, Office office) {
        this.office = office;
        this.self = new Membership(effects, this::send);
        this.life = life;
        this.state = state;
        this.options = options;
        this.effects = effects;
        this.cellEpoch = state.epoch();
        this.cellPosition = state.position();
    }

    /** The committed state. */
    public State state() {
        return state;
    }

    public Role role() {
        return role;
    }

    /** This member's number, or 0 while it has none. */
    public long number() {
        return self.number();
    }

    /** Whether one more command may be submitted: there is a number, and room among the unanswered. */
    public boolean accepts() {
        return self.number() != 0 && role != Role.GONE && self.unanswered() < Results.CAPACITY;
    }

    /** Records that are decided here and not committed yet. */
    public int uncommitted() {
        return hosting == null ? 0 : hosting.uncommitted();
    }

    /** The time, microseconds since 1970: before any input that may decide something. */
    public void now(long micros) {
        now = micros;
    }

    /** What the commit cell holds. Read before the records that are handed in under it (rule C5). */
    public void cell(long epoch, long position) {
        if (epoch < cellEpoch || (epoch == cellEpoch && position < cellPosition)) {
            return;
        }
        boolean newEpoch = epoch > cellEpoch;
        cellEpoch = epoch;
        cellPosition = position;
        if (newEpoch && role != Role.FOLLOWER && role != Role.GONE) {
            stepDown();
        }
        if (newEpoch && connectedEpoch == epoch) {
            self.sendAll();
        }
    }

    /** The way to that epoch's host is open, for the first time or again: everything unanswered goes out. */
    public void connected(long epoch) {
        connectedEpoch = epoch;
        self.sendAll();
    }

    /** Become a member, under a token never used before. */
    public void join(Token fresh, Profile who) {
        self.join(fresh, who);
        beginIfReady();
    }

    /** The next committed record, read from the journal. */
    public void record(LogRecord record) {
        if (role == Role.HOST || role == Role.GONE) {
            throw new IllegalStateException("a " + role + " reads no records, found " + record);
        }
        if (record.epoch() > cellEpoch || record.position() > cellPosition) {
            throw new IllegalStateException("not committed at (" + cellEpoch + ", " + cellPosition + "): " + record);
        }
        if (record.fact() instanceof Fact.StateHashed hashed && hashed.hash() != state.hash()) {
            effects.diverged(record.position(), hashed.hash(), state.hash());
        }
        install(record, state.apply(record));
        beginIfReady();
    }

    /** The whole state at a committed position at or after the one applied here, instead of the records up to it. */
    public void restored(State snapshot) {
        if (snapshot.position() < state.position()) {
            throw new IllegalArgumentException(
                    "a snapshot at " + snapshot.position() + " is behind position " + state.position());
        }
        State before = state;
        state = snapshot;
        effects.jumped(before, state);
        ended(self.settle(state));
        beginIfReady();
    }

    /** A command from a member. */
    public void command(Envelope envelope) {
        if (hosting != null && envelope.life().equals(life)) {
            hosting.command(envelope, now);
        }
    }

    /** A command of this member's application. Only while {@link #accepts()}. */
    public void submit(long ticket, Command command) {
        if (!accepts()) {
            throw new IllegalStateException(
                    "not now: number " + self.number() + ", " + self.unanswered() + " unanswered");
        }
        self.submit(ticket, command);
    }

    /**
     * What everybody calls the command that was submitted under that ticket and is not decided; null while this member has no
     * membership under which it could be: it is sent under the next.
     */
    public @Nullable CommandId idOf(long ticket) {
        return self.idOf(ticket);
    }

    /** The host alone: that member's process is gone. */
    public void died(long member) {
        if (hosting != null && member != self.number()) {
            hosting.died(member, now);
        }
    }

    /** As far as the detectors can tell, all who are before this member in line are dead or silent. Only a hint. */
    public void suspected(NavigableSet<Long> dead) {
        if (role == Role.FOLLOWER) {
            foundDead = new TreeSet<>(dead);
            role = Role.TAKING;
            effects.take(cellEpoch, cellPosition);
        }
    }

    /**
     * {@link Effects#take} succeeded: the cell holds (epoch, position), this member's to move, unless the news comes so late
     * that somebody took it on, or that this member left.
     */
    public void taken(long epoch, long position) {
        if (epoch < cellEpoch || role == Role.GONE) {
            return;
        }
        stepDown();
        cellEpoch = epoch;
        cellPosition = position;
        role = Role.SUCCEEDING;
        beginIfReady();
    }

    /** {@link Effects#take} found another value in the cell. */
    public void notTaken() {
        if (role == Role.TAKING) {
            role = Role.FOLLOWER;
        }
    }

    /** {@link Effects#begin} is done: the epoch's segment is there, every epoch before it is sealed. */
    public void begun(long epoch) {
        if (role != Role.SUCCEEDING || epoch != cellEpoch) {
            return;
        }
        role = Role.HOST;
        beginning = false;
        hosting = office.open(epoch, state, options, effects);
        hosting.open(self.token(), foundDead, now);
        effects.serve(epoch);
        self.sendAll();
    }

    /**
     * The end of a round: what was decided since the last call is committed as one batch. Who is not host lets the host know
     * that it lives, if something depends on that.
     */
    public void flush() {
        if (hosting != null) {
            hosting.flush(now);
        } else {
            self.signal(state, now);
        }
    }

    /** {@link Effects#force} is done. */
    public void forced(long epoch, long position) {
        if (hosting != null && hosting.epoch() == epoch) {
            hosting.forced(position);
        }
    }

    /** {@link Effects#commit} moved the cell. */
    public void committed(long epoch, long position) {
        if (hosting != null && hosting.epoch() == epoch) {
            cellPosition = position;
            hosting.committed(position, this::install);
        }
    }

    /** {@link Effects#commit} failed: somebody else has the cell. The uncommitted tail never happened. */
    public void deposed(long epoch) {
        if (hosting != null && hosting.epoch() == epoch) {
            stepDown();
        }
    }

    private void stepDown() {
        boolean served = role == Role.HOST;
        role = Role.FOLLOWER;
        beginning = false;
        Hosting old = hosting;
        hosting = null;
        if (served && old != null) {
            effects.stepDown(old.epoch());
        }
    }

    /** Rule R4: a successor decides nothing before it applied exactly up to where it took the cell, nor without a name. */
    private void beginIfReady() {
        boolean ready = state.position() == cellPosition && !self.token().equals(Token.NONE);
        if (role == Role.SUCCEEDING && !beginning && ready) {
            beginning = true;
            effects.begin(cellEpoch, cellPosition + 1);
        }
    }

    private void install(LogRecord record, State after) {
        State before = state;
        state = after;
        effects.applied(before, record, after);
        Departure own = self.applied(record, after);
        if (own != null) {
            ended(own);
        } else if (record.fact() instanceof Fact.Left left
                && left.number() == before.hostNumber()
                && record.epoch() == cellEpoch
                && state.isFirstInLine(self.number())) {
            suspected(new TreeSet<>());
        }
    }

    private void ended(@Nullable Departure departure) {
        if (departure == Departure.DIED) {
            self.expelled();
        } else if (departure == Departure.CLOSED) {
            if (role == Role.HOST) {
                stepDown();
            }
            role = Role.GONE;
            self.left();
        }
    }

    private void send(long member, long sequence, Command command) {
        Envelope envelope = new Envelope(life, cellEpoch, member, sequence, command);
        if (hosting != null) {
            hosting.command(envelope, now);
        } else if (connectedEpoch == cellEpoch && connectedEpoch != 0) {
            effects.send(envelope);
        }
    }
}
