package dev.covey.mesh.protocol;

import dev.covey.mesh.protocol.Command.Change;
import dev.covey.mesh.protocol.Command.Initialize;
import dev.covey.mesh.protocol.Command.Join;
import dev.covey.mesh.protocol.Command.Leave;
import dev.covey.mesh.protocol.Command.Profile;

/**
 * Writes a command for the way to the host.
 *
 * <pre>
 * byte version | token life (16) | long epoch | long member | long sequence | byte kind | …
 *   1 join        token | profile
 *   2 leave
 *   3 initialize  text object | long created | bytes patch
 *   4 change      text object | long created | long ifRevision | bytes patch
 * profile: text name | text process | text seat | int roles | text each
 * text, bytes: int length | that many bytes. All numbers little-endian.
 * </pre>
 */
public final class EnvelopeEncoder {
    static final int JOIN = 1;
    static final int LEAVE = 2;
    static final int INITIALIZE = 3;
    static final int CHANGE = 4;

    private EnvelopeEncoder() {}

    /** Appends the envelope to {@code out}. */
    public static void encode(Envelope envelope, WireWriter out) {
        out.putByte(Wire.VERSION)
                .putToken(envelope.life())
                .putLong(envelope.epoch())
                .putLong(envelope.member())
                .putLong(envelope.sequence());
        Command command = envelope.command();
        if (command instanceof Change change) {
            out.putByte(CHANGE).putText(change.object()).putLong(change.createdMicros());
            out.putLong(change.ifRevision()).putBytes(change.patch().toBytes());
        } else if (command instanceof Initialize initialize) {
            out.putByte(INITIALIZE).putText(initialize.object()).putLong(initialize.createdMicros());
            out.putBytes(initialize.value().toBytes());
        } else if (command instanceof Join join) {
            out.putByte(JOIN).putToken(join.token());
            profile(join.profile(), out);
        } else if (command instanceof Leave) {
            out.putByte(LEAVE);
        } else {
            throw new IllegalArgumentException("no encoding for " + command);
        }
    }

    /** Appends a profile. */
    public static void profile(Profile profile, WireWriter out) {
        out.putText(profile.name()).putText(profile.process()).putText(profile.seat());
        out.putInt(profile.roles().size());
        profile.roles().forEach(out::putText);
    }
}
