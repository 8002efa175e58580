package dev.covey.mesh.core;

import dev.covey.mesh.core.Requests.Request;
import dev.covey.mesh.protocol.Command;
import dev.covey.mesh.protocol.Command.Alive;
import dev.covey.mesh.protocol.Command.Join;
import dev.covey.mesh.protocol.Command.Profile;
import dev.covey.mesh.protocol.Fact;
import dev.covey.mesh.protocol.Fact.Departure;
import dev.covey.mesh.protocol.LogRecord;
import dev.covey.mesh.protocol.Token;
import org.jspecify.annotations.Nullable;

/**
 * A core's own side of being a member: its token and number, and the commands that have no answer yet. Who hosts, and how
 * a command gets there, is the {@link Core}'s business.
 */
final class Membership {
    /** Brings a command to the host, if there is a way at the moment; lost otherwise, until {@link #sendAll}. */
    interface Road {
        void send(long member, long sequence, Command command);
    }

    private static final long SIGNAL_MICROS = Command.Guard.SHORTEST_EXPIRY_MILLIS / 5 * 1_000;

    private final Effects effects;
    private final Road road;
    private final Requests requests = new Requests();
    private Token token = Token.NONE;
    private @Nullable Profile profile;
    private long number;
    private long signalled;

    Membership(Effects effects, Road road) {
        this.effects = effects;
        this.road = road;
    }

    /** The token of the last join, or none. */
    Token token() {
        return token;
    }

    /** 0 while there is none. */
    long number() {
        return number;
    }

    int unanswered() {
        return requests.size();
    }

    /** What everybody calls the unanswered command of that ticket; null between being declared dead and joining again. */
    @Nullable
    CommandId idOf(long ticket) {
        long sequence = requests.sequenceOf(ticket);
        return sequence == 0 || token.equals(Token.NONE) ? null : new CommandId(token, sequence);
    }

    void join(Token fresh, Profile who) {
        token = fresh;
        profile = who;
        sendAll();
    }

    void submit(long ticket, Command command) {
        send(requests.add(ticket, command));
    }

    /** Everything unanswered goes out, in order; without a number the join does. */
    void sendAll() {
        if (number != 0) {
            requests.all().forEach(this::send);
        } else if (profile != null && !token.equals(Token.NONE)) {
            road.send(0, 0, new Join(token, profile));
        }
    }

    private void send(Request request) {
        road.send(number, request.sequence(), request.command());
    }

    /** Who holds or waits for a permit that a silent member loses tells the host that it lives. */
    void signal(State state, long nowMicros) {
        if (number == 0 || state.holdings().lines().isEmpty() || Math.abs(nowMicros - signalled) < SIGNAL_MICROS) {
            return;
        }
        signalled = nowMicros;
        for (Line line : state.holdings().lines().values()) {
            if (line.expiryMillis() > 0 && line.concerns(number)) {
                road.send(number, 0, new Alive());
                return;
            }
        }
    }

    /** What a committed record says to this member; returns how its membership ended by it, or null. */
    @Nullable
    Departure applied(LogRecord record, State after) {
        if (record.member() == number && record.sequence() > 0) {
            Request request = requests.decided(record.sequence());
            if (request != null) {
                effects.completed(request.ticket(), State.outcome(record), after);
            }
        }
        Fact fact = record.fact();
        if (fact instanceof Fact.Joined joined && joined.token().equals(token)) {
            welcome(joined.number());
        } else if (fact instanceof Fact.JoinRefused refused && refused.token().equals(token)) {
            effects.joinRefused(refused.refusal());
        } else if (fact instanceof Fact.Left left && left.number() == number && number != 0) {
            return left.departure();
        }
        return null;
    }

    private void welcome(long given) {
        number = given;
        effects.joined(given);
        sendAll();
    }

    /**
     * After a jump: what became of this member and of its commands stands in the state, but not that its join was refused; so
     * that goes out again. As {@link #applied}.
     */
    @Nullable
    Departure settle(State state) {
        Session session = state.byToken(token);
        if (session != null) {
            answer(session, state);
            if (number == 0) {
                welcome(session.number());
            }
            return null;
        }
        Session departed = state.buriedWith(token);
        if (number == 0 && departed == null) {
            sendAll();
            return null;
        }
        if (departed != null) {
            answer(departed, state);
            return Departure.DIED;
        }
        if (requests.endWithLeave()) {
            requests.allButNewest().forEach(request -> effects.lost(request.ticket()));
            return Departure.CLOSED;
        }
        requests.decidedUpTo(Long.MAX_VALUE).forEach(request -> effects.lost(request.ticket()));
        return Departure.DIED;
    }

    private void answer(Session session, State state) {
        for (Request request : requests.decidedUpTo(session.lastSequence())) {
            Outcome outcome = session.results().of(request.sequence());
            if (outcome == null) {
                effects.lost(request.ticket());
            } else {
                effects.completed(request.ticket(), outcome, state);
            }
        }
    }

    /** It left as it wanted to. */
    void left() {
        number = 0;
        effects.left();
    }

    /** It was declared dead: what it has undecided goes out again when it has joined anew. */
    void expelled() {
        number = 0;
        token = Token.NONE;
        requests.startOver();
        effects.expelled();
    }
}
