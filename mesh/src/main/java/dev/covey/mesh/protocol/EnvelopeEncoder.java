package dev.covey.mesh.protocol;

import dev.covey.mesh.protocol.Command.Alive;
import dev.covey.mesh.protocol.Command.Change;
import dev.covey.mesh.protocol.Command.Delete;
import dev.covey.mesh.protocol.Command.Guard;
import dev.covey.mesh.protocol.Command.Initialize;
import dev.covey.mesh.protocol.Command.Join;
import dev.covey.mesh.protocol.Command.Leave;
import dev.covey.mesh.protocol.Command.Place;
import dev.covey.mesh.protocol.Command.Profile;
import dev.covey.mesh.protocol.Command.QueueUp;
import dev.covey.mesh.protocol.Command.StepOut;
import dev.covey.mesh.protocol.Command.Withdraw;

/**
 * Writes a command for the way to the host.
 *
 * <pre>
 * byte version | token life (16) | long epoch | long member | long sequence | byte kind | …
 *   1 join        token | profile
 *   2 leave
 *   3 initialize  text object | long created | bytes patch
 *   4 change      text object | long created | long ifRevision | long permit | bytes patch
 *   5 delete      text object | long created | long ifRevision | long permit
 *   6 place       text object | text path | bytes patch
 *   7 withdraw    text object | text path | long position
 *   8 guard       text object | int writers | long expiry
 *   9 queue up    line | byte waits
 *  10 step out    line | long request
 *  11 alive
 * line:    text object | byte 1 for writers, 0 for a scope | text scope
 * profile: text name | text process | text seat | int roles | text each | byte 1 if it may be host, 0 if not
 *          | int metadata | text name and text value each
 * text, bytes: int length | that many bytes. All numbers little-endian.
 * </pre>
 */
public final class EnvelopeEncoder {
    static final int JOIN = 1;
    static final int LEAVE = 2;
    static final int INITIALIZE = 3;
    static final int CHANGE = 4;
    static final int DELETE = 5;
    static final int PLACE = 6;
    static final int WITHDRAW = 7;
    static final int GUARD = 8;
    static final int QUEUE_UP = 9;
    static final int STEP_OUT = 10;
    static final int ALIVE = 11;

    private EnvelopeEncoder() {}

    /** Appends the envelope to {@code out}. */
    public static void encode(Envelope envelope, WireWriter out) {
        out.putByte(Wire.VERSION)
                .putToken(envelope.life())
                .putLong(envelope.epoch())
                .putLong(envelope.member())
                .putLong(envelope.sequence());
        command(envelope.command(), out);
    }

    private static void command(Command command, WireWriter out) {
        if (command instanceof Change change) {
            out.putByte(CHANGE).putText(change.object()).putLong(change.createdMicros());
            out.putLong(change.ifRevision()).putLong(change.permit());
            out.putBytes(change.patch().toBytes());
        } else if (command instanceof Initialize initialize) {
            out.putByte(INITIALIZE).putText(initialize.object()).putLong(initialize.createdMicros());
            out.putBytes(initialize.value().toBytes());
        } else if (command instanceof Delete delete) {
            out.putByte(DELETE).putText(delete.object()).putLong(delete.createdMicros());
            out.putLong(delete.ifRevision()).putLong(delete.permit());
        } else if (command instanceof Place place) {
            out.putByte(PLACE).putText(place.object()).putText(place.path().toString());
            out.putBytes(place.value().toBytes());
        } else if (command instanceof Withdraw withdraw) {
            out.putByte(WITHDRAW)
                    .putText(withdraw.object())
                    .putText(withdraw.path().toString());
            out.putLong(withdraw.position());
        } else if (!line(command, out)) {
            membership(command, out);
        }
    }

    private static boolean line(Command command, WireWriter out) {
        if (command instanceof Guard guard) {
            out.putByte(GUARD).putText(guard.object()).putInt(guard.writers());
            out.putLong(guard.expiryMillis());
        } else if (command instanceof QueueUp queueUp) {
            out.putByte(QUEUE_UP);
            line(queueUp.line(), out);
            out.putByte(queueUp.waits() ? 1 : 0);
        } else if (command instanceof StepOut stepOut) {
            out.putByte(STEP_OUT);
            line(stepOut.line(), out);
            out.putLong(stepOut.request());
        } else {
            return false;
        }
        return true;
    }

    private static void membership(Command command, WireWriter out) {
        if (command instanceof Join join) {
            out.putByte(JOIN).putToken(join.token());
            profile(join.profile(), out);
        } else if (command instanceof Leave) {
            out.putByte(LEAVE);
        } else if (command instanceof Alive) {
            out.putByte(ALIVE);
        } else {
            throw new IllegalArgumentException("no encoding for " + command);
        }
    }

    /** Appends the name of a line. */
    public static void line(LineId line, WireWriter out) {
        out.putText(line.object()).putByte(line.writers() ? 1 : 0);
        out.putText(line.scope().toString());
    }

    /** Appends a profile. */
    public static void profile(Profile profile, WireWriter out) {
        out.putText(profile.name()).putText(profile.process()).putText(profile.seat());
        out.putInt(profile.roles().size());
        profile.roles().forEach(out::putText);
        out.putByte(profile.mayHost() ? 1 : 0).putInt(profile.metadata().size());
        profile.metadata().forEach((name, value) -> out.putText(name).putText(value));
    }
}
