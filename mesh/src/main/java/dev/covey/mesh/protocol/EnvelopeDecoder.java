package dev.covey.mesh.protocol;

import static dev.covey.mesh.protocol.Wire.MAX_COMMAND_BYTES;
import static dev.covey.mesh.protocol.Wire.MAX_LABEL_BYTES;
import static dev.covey.mesh.protocol.Wire.MAX_OBJECT_ID_BYTES;
import static dev.covey.mesh.protocol.Wire.MAX_ROLES;

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
import dev.covey.patch.Limits;
import dev.covey.patch.Patch;
import dev.covey.patch.PatchException;
import dev.covey.patch.Path;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

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
                long permit = in.getLong();
                yield new Change(object, patch(in, limits), created, ifRevision, permit);
            }
            case EnvelopeEncoder.DELETE ->
                new Delete(in.getText(MAX_OBJECT_ID_BYTES), in.getLong(), in.getLong(), in.getLong());
            case EnvelopeEncoder.PLACE -> new Place(in.getText(MAX_OBJECT_ID_BYTES), path(in), patch(in, limits));
            case EnvelopeEncoder.WITHDRAW -> new Withdraw(in.getText(MAX_OBJECT_ID_BYTES), path(in), in.getLong());
            case EnvelopeEncoder.GUARD -> new Guard(in.getText(MAX_OBJECT_ID_BYTES), in.getInt(), in.getLong());
            case EnvelopeEncoder.QUEUE_UP -> new QueueUp(line(in), flag(in));
            case EnvelopeEncoder.STEP_OUT -> new StepOut(line(in), in.getLong());
            case EnvelopeEncoder.ALIVE -> new Alive();
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
        return new Profile(name, process, seat, roles, flag(in), metadata(in));
    }

    private static SortedMap<String, String> metadata(WireReader in) {
        SortedMap<String, String> metadata = new TreeMap<>();
        int count = in.getCount(MAX_ROLES);
        for (int i = 0; i < count; i++) {
            metadata.put(in.getText(MAX_LABEL_BYTES), in.getText(MAX_LABEL_BYTES));
        }
        return metadata;
    }

    private static boolean flag(WireReader in) {
        int flag = in.getByte();
        if (flag != 0 && flag != 1) {
            throw new MalformedMessageException("a flag is 0 or 1, found " + flag);
        }
        return flag == 1;
    }

    /** Reads the name of a line. */
    public static LineId line(WireReader in) {
        return new LineId(in.getText(MAX_OBJECT_ID_BYTES), flag(in), path(in));
    }

    /** Reads a path. */
    public static Path path(WireReader in) {
        try {
            return Path.parse(in.getText(Wire.MAX_PATH_BYTES));
        } catch (PatchException malformed) {
            throw new MalformedMessageException(String.valueOf(malformed.getMessage()));
        }
    }

    private static Patch patch(WireReader in, Limits limits) {
        try {
            return Patch.fromBytes(in.getBytes(MAX_COMMAND_BYTES), limits);
        } catch (PatchException malformed) {
            throw new MalformedMessageException(String.valueOf(malformed.getMessage()));
        }
    }
}
