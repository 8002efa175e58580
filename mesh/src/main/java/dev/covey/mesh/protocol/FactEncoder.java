package dev.covey.mesh.protocol;

import dev.covey.mesh.protocol.Fact.EpochBegan;
import dev.covey.mesh.protocol.Fact.Guarded;
import dev.covey.mesh.protocol.Fact.JoinRefused;
import dev.covey.mesh.protocol.Fact.Joined;
import dev.covey.mesh.protocol.Fact.Left;
import dev.covey.mesh.protocol.Fact.Patched;
import dev.covey.mesh.protocol.Fact.QueuedUp;
import dev.covey.mesh.protocol.Fact.Refused;
import dev.covey.mesh.protocol.Fact.StateHashed;
import dev.covey.mesh.protocol.Fact.SteppedOut;
import dev.covey.mesh.protocol.Fact.Unchanged;

/**
 * Writes a fact as the payload of a journal record; epoch, position, time, member and sequence stand in the journal's
 * own header.
 *
 * <pre>
 * byte kind | …
 *   1 epoch began  token host
 *   2 joined       long number | token | profile
 *   3 left         long number | byte departure
 *   4 patched      text object | long revision | text author | long stamp | bytes operations
 *                  | byte 1 if it deletes, 2 if it holds a place, 0 if neither | text path if it holds
 *   5 unchanged    text object | long revision
 *   6 refused      text object | refusal
 *   7 state hashed long hash
 *   8 join refused token | refusal
 *   9 guarded      text object | int writers | long expiry
 *  10 queued up    line, as in a command
 *  11 stepped out  line | long request
 * refusal: text code | text sentence | byte problem? | problem | byte winner? | long time | long member
 * problem: text code | text operator | text pointer | text expected | text found | int index
 * </pre>
 */
public final class FactEncoder {
    static final int EPOCH_BEGAN = 1;
    static final int JOINED = 2;
    static final int LEFT = 3;
    static final int PATCHED = 4;
    static final int UNCHANGED = 5;
    static final int REFUSED = 6;
    static final int STATE_HASHED = 7;
    static final int JOIN_REFUSED = 8;
    static final int GUARDED = 9;
    static final int QUEUED_UP = 10;
    static final int STEPPED_OUT = 11;

    static final int DELETES = 1;
    static final int HOLDS = 2;

    private FactEncoder() {}

    /** Appends the fact to {@code out}. */
    public static void encode(Fact fact, WireWriter out) {
        if (fact instanceof Patched patched) {
            patched(patched, out);
        } else if (fact instanceof Unchanged unchanged) {
            out.putByte(UNCHANGED).putText(unchanged.object()).putLong(unchanged.revision());
        } else if (fact instanceof Refused refused) {
            out.putByte(REFUSED).putText(refused.object());
            refusal(refused.refusal(), out);
        } else if (fact instanceof EpochBegan began) {
            out.putByte(EPOCH_BEGAN).putToken(began.host());
        } else if (fact instanceof Joined joined) {
            out.putByte(JOINED).putLong(joined.number()).putToken(joined.token());
            EnvelopeEncoder.profile(joined.profile(), out);
        } else if (fact instanceof Left left) {
            out.putByte(LEFT).putLong(left.number()).putByte(left.departure().code());
        } else if (fact instanceof StateHashed hashed) {
            out.putByte(STATE_HASHED).putLong(hashed.hash());
        } else if (fact instanceof JoinRefused refused) {
            out.putByte(JOIN_REFUSED).putToken(refused.token());
            refusal(refused.refusal(), out);
        } else {
            line(fact, out);
        }
    }

    private static void line(Fact fact, WireWriter out) {
        if (fact instanceof Guarded guarded) {
            out.putByte(GUARDED).putText(guarded.object()).putInt(guarded.writers());
            out.putLong(guarded.expiryMillis());
        } else if (fact instanceof QueuedUp queued) {
            EnvelopeEncoder.line(queued.line(), out.putByte(QUEUED_UP));
        } else if (fact instanceof SteppedOut stepped) {
            EnvelopeEncoder.line(stepped.line(), out.putByte(STEPPED_OUT));
            out.putLong(stepped.request());
        } else {
            throw new IllegalArgumentException("no encoding for " + fact);
        }
    }

    private static void patched(Patched patched, WireWriter out) {
        out.putByte(PATCHED).putText(patched.object()).putLong(patched.revision());
        out.putText(patched.author())
                .putLong(patched.stampMicros())
                .putBytes(patched.operations().toBytes());
        if (patched.held() != null) {
            out.putByte(HOLDS).putText(patched.held().toString());
        } else {
            out.putByte(patched.deletes() ? DELETES : 0);
        }
    }

    /** Appends a refusal. */
    public static void refusal(Refusal refusal, WireWriter out) {
        out.putText(refusal.code().name()).putText(refusal.text());
        Refusal.PatchProblem problem = refusal.problem();
        out.putByte(problem == null ? 0 : 1);
        if (problem != null) {
            out.putText(problem.code()).putText(problem.operator()).putText(problem.pointer());
            out.putText(problem.expected()).putText(problem.found()).putInt(problem.index());
        }
        out.putByte(refusal.winner() == null ? 0 : 1);
        if (refusal.winner() != null) {
            out.putLong(refusal.winner().timeMicros()).putLong(refusal.winner().member());
        }
    }
}
