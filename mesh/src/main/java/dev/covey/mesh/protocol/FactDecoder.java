package dev.covey.mesh.protocol;

import static dev.covey.mesh.protocol.Wire.MAX_COMMAND_BYTES;
import static dev.covey.mesh.protocol.Wire.MAX_LABEL_BYTES;
import static dev.covey.mesh.protocol.Wire.MAX_OBJECT_ID_BYTES;
import static dev.covey.mesh.protocol.Wire.MAX_SENTENCE_BYTES;

import dev.covey.mesh.MeshCode;
import dev.covey.mesh.protocol.Fact.Departure;
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
import dev.covey.mesh.protocol.Refusal.PatchProblem;
import dev.covey.patch.Limits;
import dev.covey.patch.Operations;
import dev.covey.patch.PatchException;
import dev.covey.patch.Path;
import dev.covey.patch.Stamp;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Reads what {@link FactEncoder} wrote; anything else is a {@link MalformedMessageException}. */
public final class FactDecoder {
    private final Limits limits;

    /** Of facts of a mesh with these limits. */
    public FactDecoder(Limits limits) {
        this.limits = Wire.ofRecords(limits);
    }

    /** Reads one fact that fills the buffer. */
    public Fact decode(ByteBuffer bytes) {
        WireReader in = new WireReader(bytes);
        Fact fact = fact(in);
        in.end();
        return fact;
    }

    private Fact fact(WireReader in) {
        int kind = in.getByte();
        return switch (kind) {
            case FactEncoder.PATCHED -> patched(in);
            case FactEncoder.UNCHANGED -> new Unchanged(in.getText(MAX_OBJECT_ID_BYTES), in.getLong());
            case FactEncoder.REFUSED -> new Refused(in.getText(MAX_OBJECT_ID_BYTES), refusal(in));
            case FactEncoder.EPOCH_BEGAN -> new EpochBegan(in.getToken());
            case FactEncoder.JOINED -> new Joined(in.getLong(), in.getToken(), EnvelopeDecoder.profile(in));
            case FactEncoder.LEFT -> new Left(in.getLong(), departure(in.getByte()));
            case FactEncoder.JOIN_REFUSED -> new JoinRefused(in.getToken(), refusal(in));
            case FactEncoder.STATE_HASHED -> new StateHashed(in.getLong());
            case FactEncoder.GUARDED -> new Guarded(in.getText(MAX_OBJECT_ID_BYTES), in.getInt(), in.getLong());
            case FactEncoder.QUEUED_UP -> new QueuedUp(EnvelopeDecoder.line(in));
            case FactEncoder.STEPPED_OUT -> new SteppedOut(EnvelopeDecoder.line(in), in.getLong());
            default -> throw new MalformedMessageException("no fact has the kind " + kind);
        };
    }

    private Patched patched(WireReader in) {
        String object = in.getText(MAX_OBJECT_ID_BYTES);
        long revision = in.getLong();
        String author = in.getText(MAX_LABEL_BYTES);
        long stamp = in.getLong();
        Operations operations = operations(in);
        int mark = in.getByte();
        if (mark < 0 || mark > FactEncoder.HOLDS) {
            throw new MalformedMessageException("no patch has the mark " + mark);
        }
        Path held = mark == FactEncoder.HOLDS ? EnvelopeDecoder.path(in) : null;
        return new Patched(object, revision, author, stamp, operations, mark == FactEncoder.DELETES, held);
    }

    private Operations operations(WireReader in) {
        try {
            return Operations.fromBytes(in.getBytes(MAX_COMMAND_BYTES), limits);
        } catch (PatchException malformed) {
            throw new MalformedMessageException(String.valueOf(malformed.getMessage()));
        }
    }

    private static Departure departure(int code) {
        for (Departure departure : Departure.values()) {
            if (departure.code() == code) {
                return departure;
            }
        }
        throw new MalformedMessageException("no departure has the code " + code);
    }

    /** Reads a refusal. */
    public static Refusal refusal(WireReader in) {
        String name = in.getText(MAX_LABEL_BYTES);
        MeshCode code;
        try {
            code = MeshCode.valueOf(name);
        } catch (IllegalArgumentException unknown) {
            throw new MalformedMessageException("no refusal has the code " + name);
        }
        return new Refusal(code, in.getText(MAX_SENTENCE_BYTES), problem(in), winner(in));
    }

    private static @Nullable PatchProblem problem(WireReader in) {
        if (in.getByte() == 0) {
            return null;
        }
        return new PatchProblem(
                in.getText(MAX_LABEL_BYTES),
                in.getText(MAX_LABEL_BYTES),
                in.getText(MAX_SENTENCE_BYTES),
                in.getText(MAX_SENTENCE_BYTES),
                in.getText(MAX_SENTENCE_BYTES),
                in.getInt());
    }

    private static @Nullable Stamp winner(WireReader in) {
        return in.getByte() == 0 ? null : new Stamp(in.getLong(), in.getLong());
    }
}
