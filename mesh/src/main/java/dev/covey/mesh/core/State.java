package dev.covey.mesh.core;

import com.fasterxml.jackson.databind.JsonNode;
import dev.covey.mesh.protocol.Fact;
import dev.covey.mesh.protocol.LogRecord;
import dev.covey.mesh.protocol.Token;
import dev.covey.patch.Overwrites;
import org.jspecify.annotations.Nullable;
import org.pcollections.PSortedMap;
import org.pcollections.TreePMap;

/**
 * Everything the members of a mesh agree on, at one position of the journal. Immutable and persistent: the host decides
 * on a state that is ahead of what is committed, and losing the cell drops that one by dropping a reference.
 *
 * @param position of the last record applied
 * @param epoch of that record
 * @param timeMicros of that record
 * @param host token of the membership that decides in this epoch
 * @param nextNumber the number the next member gets
 * @param revisions how many revisions records have made, of all objects together
 * @param sessions the living members by number
 * @param departed the last {@link #MAX_DEPARTED} that were declared dead: should one have been frozen only, it finds here
 *     what became of its commands
 * @param objects by id
 * @param holdings what members have only as long as they are members
 */
public record State(
        long position,
        long epoch,
        long timeMicros,
        Token host,
        long nextNumber,
        long revisions,
        PSortedMap<Long, Session> sessions,
        PSortedMap<Long, Session> departed,
        PSortedMap<String, ObjectState> objects,
        Holdings holdings) {

    /** How many memberships that ended by death are remembered. */
    static final int MAX_DEPARTED = 64;

    /** Before the first record. */
    public static final State EMPTY =
            new State(0, 0, 0, Token.NONE, 1, 0, TreePMap.empty(), TreePMap.empty(), TreePMap.empty(), Holdings.NONE);

    /** The object, or one that nobody has written yet. */
    public ObjectState object(String id) {
        ObjectState object = objects.get(id);
        return object == null ? ObjectState.absent(id) : object;
    }

    /** The membership that joined with that token, or null. */
    public @Nullable Session byToken(Token token) {
        return withToken(sessions, token);
    }

    /** The membership under that token that ended by death, or null, also if that is too long ago to be remembered. */
    public @Nullable Session buriedWith(Token token) {
        return withToken(departed, token);
    }

    private static @Nullable Session withToken(PSortedMap<Long, Session> sessions, Token token) {
        for (Session session : sessions.values()) {
            if (session.token().equals(token)) {
                return session;
            }
        }
        return null;
    }

    /** Whether that member has been here longest of those that may be host, so that it is its turn when the host goes. */
    boolean isFirstInLine(long number) {
        for (Session session : sessions.values()) {
            if (session.profile().mayHost()) {
                return session.number() == number;
            }
        }
        return false;
    }

    /** This state with an object as its revision files have it. Nobody's patch is STALE against what a file says. */
    public State adopting(String id, long revision, JsonNode value, long valueMicros, boolean deleted) {
        ObjectState adopted = new ObjectState(id, revision, value, Overwrites.NONE, position, valueMicros, 0, deleted);
        return new State(
                position,
                epoch,
                Math.max(timeMicros, valueMicros),
                host,
                nextNumber,
                revisions,
                sessions,
                departed,
                objects.plus(id, adopted),
                holdings);
    }

    /** This state at a later place, to which nothing led but files. */
    public State at(long laterEpoch, long laterPosition) {
        return new State(
                laterPosition,
                laterEpoch,
                timeMicros,
                host,
                nextNumber,
                revisions,
                sessions,
                departed,
                objects,
                holdings);
    }

    /** Who decides next if the host dies: the lowest number of those that may and are not host; null if there is none. */
    public @Nullable Session successor() {
        for (Session session : sessions.values()) {
            if (!session.token().equals(host) && session.profile().mayHost()) {
                return session;
            }
        }
        return null;
    }

    /** The number of the host, or 0 if it is no member (not yet, or it resigned). */
    public long hostNumber() {
        Session session = byToken(host);
        return session == null ? 0 : session.number();
    }

    /** The state after the next record; what every replica does, and the whole of it. */
    public State apply(LogRecord record) {
        return apply(record, null);
    }

    /** The same for a host that knows the new value already and need not work it out from the operations. */
    State apply(LogRecord record, @Nullable JsonNode after) {
        if (record.position() != position + 1) {
            throw new IllegalStateException(
                    "record " + record.position() + " cannot follow position " + position + " [CORRUPT]");
        }
        Token newHost = host;
        long number = nextNumber;
        long made = revisions;
        PSortedMap<Long, Session> members = sessions;
        PSortedMap<Long, Session> dead = departed;
        PSortedMap<String, ObjectState> things = objects;
        Fact fact = record.fact();
        if (fact instanceof Fact.Patched patched) {
            ObjectState before = object(patched.object());
            JsonNode value = after != null ? after : patched.operations().applyTo(before.value());
            things = things.plus(patched.object(), before.next(patched, value, record));
            made++;
        } else if (fact instanceof Fact.Joined joined) {
            members = members.plus(joined.number(), Session.begun(joined, record.timeMicros()));
            dead = rejoined(joined);
            number = joined.number() + 1;
        } else if (fact instanceof Fact.Left left) {
            dead = buried(members.get(left.number()), left);
            members = members.minus(left.number());
        } else if (fact instanceof Fact.EpochBegan began) {
            newHost = began.host();
        }
        Session sender = record.sequence() == 0 ? null : members.get(record.member());
        if (sender != null) {
            members = members.plus(sender.number(), sender.decided(outcome(record)));
        }
        return new State(
                record.position(),
                record.epoch(),
                record.timeMicros(),
                newHost,
                number,
                made,
                members,
                dead,
                things,
                holdings.after(record));
    }

    private PSortedMap<Long, Session> buried(@Nullable Session session, Fact.Left left) {
        if (session == null || left.departure() != Fact.Departure.DIED) {
            return departed;
        }
        PSortedMap<Long, Session> more = departed.plus(left.number(), session);
        return more.size() <= MAX_DEPARTED ? more : more.minus(more.firstKey());
    }

    /** Whoever joins from the seat of one that was declared dead is that one, and sends again what it had undecided. */
    private PSortedMap<Long, Session> rejoined(Fact.Joined joined) {
        PSortedMap<Long, Session> marked = departed;
        for (Session session : departed.values()) {
            if (session.isOfSeat(joined.profile().seat()) && session.rejoined() == 0) {
                marked = marked.plus(session.number(), session.withRejoined(joined.number()));
            }
        }
        return marked;
    }

    /** What a record says to whoever sent the command it answers. */
    static Outcome outcome(LogRecord record) {
        Fact fact = record.fact();
        long sequence = record.sequence();
        if (fact instanceof Fact.Refused refused) {
            return new Outcome.Refused(
                    sequence, record.position(), record.epoch(), record.timeMicros(), refused.refusal());
        }
        long revision = fact instanceof Fact.Patched patched
                ? patched.revision()
                : fact instanceof Fact.Unchanged unchanged ? unchanged.revision() : 0;
        return new Outcome.Accepted(
                sequence, record.position(), record.epoch(), record.timeMicros(), revision, isChange(fact));
    }

    private static boolean isChange(Fact fact) {
        return fact instanceof Fact.Patched
                || fact instanceof Fact.QueuedUp
                || fact instanceof Fact.SteppedOut
                || fact instanceof Fact.Guarded;
    }

    /** Equal at equal positions, in every member; that is what the word "replicated" means. */
    public long hash() {
        return StateHash.of(this);
    }
}
