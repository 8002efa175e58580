package dev.covey.mesh.protocol;

import static dev.covey.mesh.protocol.Wire.MAX_COMMAND_BYTES;
import static dev.covey.mesh.protocol.Wire.MAX_LABEL_BYTES;
import static dev.covey.mesh.protocol.Wire.MAX_OBJECT_ID_BYTES;
import static dev.covey.mesh.protocol.Wire.MAX_ROLES;

import dev.covey.mesh.protocol.Command.Change;
import dev.covey.mesh.protocol.Command.Initialize;
import dev.covey.mesh.protocol.Command.Join;
import dev.covey.mesh.protocol.Command.Leave;
import dev.covey.mesh.protocol.Command.Profile;
import dev.covey.patch.Limits;
import dev.covey.patch.Patch;
import dev.covey.patch.PatchException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Reads what {@link EnvelopeEncoder} wrote; anything else is a {@link MalformedMessageException}. */
public final class EnvelopeDecoder {
    private EnvelopeDecoder() {}

    /** Reads one envelope that fills the buffer; {@code limits} are those of the mesh. */
    public static Envelope decode(ByteBuffer bytes, Limits limits) {
        WireReader in = new WireReader(bytes);
        int version = in.getByte();
        if (version != Wire.VERSION) {
            throw new MalformedMessageException("a command of version " + version + ", this is " + Wire.VERSION);
        }
        Token life = in.getToken();
        long epoch = in.getLong();
        long member = in.getLong();
        long sequence = in.getLong();
        Envelope envelope = new Envelope(life, epoch, member, sequence, command(in, limits));
        in.end();
        return envelope;
    }

    private static Command command(WireReader in, Limits limits) {
        int kind = in.getByte();
        return switch (kind) {
            case EnvelopeEncoder.JOIN -> new Join(in.getToken(), profile(in));
            case EnvelopeEncoder.LEAVE -> new Leave();
            case EnvelopeEncoder.INITIALIZE -> {
                String object = in.getText(MAX_OBJECT_ID_BYTES);
                long created = in.getLong();
                yield new Initialize(object, patch(in, limits), created);
            }
            case EnvelopeEncoder.CHANGE -> {
                String object = in.getText(MAX_OBJECT_ID_BYTES);
                long created = in.getLong();
                long ifRevision = in.getLong();
                yield new Change(object, patch(in, limits), created, ifRevision);
            }
            default -> throw new MalformedMessageException("no command has the kind " + kind);
        };
    }

    /** Reads a profile. */
    public static Profile profile(WireReader in) {
        String name = in.getText(MAX_LABEL_BYTES);
        String process = in.getText(MAX_LABEL_BYTES);
        String seat = in.getText(MAX_LABEL_BYTES);
        int count = in.getCount(MAX_ROLES);
        List<String> roles = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            roles.add(in.getText(MAX_LABEL_BYTES));
        }
        return new Profile(name, process, seat, roles);
    }

    private static Patch patch(WireReader in, Limits limits) {
        try {
            return Patch.fromBytes(in.getBytes(MAX_COMMAND_BYTES), limits);
        } catch (PatchException malformed) {
            throw new MalformedMessageException(String.valueOf(malformed.getMessage()));
        }
    }
}
