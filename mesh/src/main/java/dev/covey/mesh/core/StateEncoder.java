package dev.covey.mesh.core;

import dev.covey.mesh.protocol.EnvelopeEncoder;
import dev.covey.mesh.protocol.FactEncoder;
import dev.covey.mesh.protocol.LineId;
import dev.covey.mesh.protocol.WireWriter;
import dev.covey.patch.ValueCodec;
import java.util.Collection;
import java.util.List;

/**
 * Writes the whole replicated state as the content of a snapshot.
 *
 * <pre>
 * byte version, 3 | long position | long epoch | long time | token host | long nextNumber | long revisions
 * int sessions | session each | int departed | session each | int objects | object each
 * int places | place each | int lines | line each
 * session: long number | token | profile | long joined | long lastSequence | long rejoined | int results
 *            | outcome each
 * outcome: byte kind | long sequence | long position | long epoch | long time
 *            1 accepted: long revision | byte changed      2 refused: refusal
 * object:  text id | long revision | bytes value | bytes overwrites | long position | long time | long author
 *            | byte 1 if it is deleted
 * place:   text object | text path | long member | long position
 * line:    its name | int permits | long expiry | int holders | permit each | int waiting | permit each
 * permit:  long request | long member | long token
 * </pre>
 *
 * Profiles, names of lines and refusals as in {@link EnvelopeEncoder} and {@link FactEncoder}; all sorted, so that equal states are equal
 * bytes.
 */
public final class StateEncoder {
    /** Of this form, which outlives versions of the wire: a state is kept in a store that a later version opens. */
    static final int VERSION = 3;

    static final int ACCEPTED = 1;
    static final int REFUSED = 2;

    private StateEncoder() {}

    /** The state as bytes. */
    public static byte[] encode(State state) {
        WireWriter out = new WireWriter();
        out.putByte(VERSION).putLong(state.position()).putLong(state.epoch());
        out.putLong(state.timeMicros()).putToken(state.host()).putLong(state.nextNumber());
        out.putLong(state.revisions());
        sessions(state.sessions().values(), out);
        sessions(state.departed().values(), out);
        out.putInt(state.objects().size());
        state.objects().values().forEach(object -> object(object, out));
        out.putInt(state.holdings().places().size());
        state.holdings().places().forEach((place, hold) -> place(place, hold, out));
        out.putInt(state.holdings().lines().size());
        state.holdings().lines().forEach((id, line) -> line(id, line, out));
        return out.toBytes();
    }

    private static void sessions(Collection<Session> sessions, WireWriter out) {
        out.putInt(sessions.size());
        for (Session session : sessions) {
            out.putLong(session.number()).putToken(session.token());
            EnvelopeEncoder.profile(session.profile(), out);
            out.putLong(session.joinedMicros()).putLong(session.lastSequence()).putLong(session.rejoined());
            List<Outcome> results = session.results().all();
            out.putInt(results.size());
            results.forEach(outcome -> outcome(outcome, out));
        }
    }

    private static void outcome(Outcome outcome, WireWriter out) {
        out.putByte(outcome instanceof Outcome.Accepted ? ACCEPTED : REFUSED);
        out.putLong(outcome.sequence()).putLong(outcome.position());
        out.putLong(outcome.epoch()).putLong(outcome.timeMicros());
        if (outcome instanceof Outcome.Accepted accepted) {
            out.putLong(accepted.revision()).putByte(accepted.changed() ? 1 : 0);
        } else if (outcome instanceof Outcome.Refused refused) {
            FactEncoder.refusal(refused.refusal(), out);
        }
    }

    private static void object(ObjectState object, WireWriter out) {
        out.putText(object.id()).putLong(object.revision());
        out.putBytes(ValueCodec.toBytes(object.value()));
        out.putBytes(object.overwrites().toBytes());
        out.putLong(object.position()).putLong(object.timeMicros()).putLong(object.author());
        out.putByte(object.deleted() ? 1 : 0);
    }

    private static void place(PlaceId place, Hold hold, WireWriter out) {
        out.putText(place.object()).putText(place.path().toString());
        out.putLong(hold.member()).putLong(hold.position());
    }

    private static void line(LineId id, Line line, WireWriter out) {
        EnvelopeEncoder.line(id, out);
        out.putInt(line.permits()).putLong(line.expiryMillis());
        permits(line.holders().values(), out);
        permits(line.waiting().values(), out);
    }

    private static void permits(Collection<Permit> permits, WireWriter out) {
        out.putInt(permits.size());
        for (Permit permit : permits) {
            out.putLong(permit.request()).putLong(permit.member()).putLong(permit.token());
        }
    }
}
