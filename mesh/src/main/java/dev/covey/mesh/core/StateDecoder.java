package dev.covey.mesh.core;

import com.fasterxml.jackson.databind.JsonNode;
import dev.covey.mesh.protocol.Command.Profile;
import dev.covey.mesh.protocol.EnvelopeDecoder;
import dev.covey.mesh.protocol.FactDecoder;
import dev.covey.mesh.protocol.LineId;
import dev.covey.mesh.protocol.MalformedMessageException;
import dev.covey.mesh.protocol.Token;
import dev.covey.mesh.protocol.Wire;
import dev.covey.mesh.protocol.WireReader;
import dev.covey.patch.Limits;
import dev.covey.patch.Overwrites;
import dev.covey.patch.PatchException;
import dev.covey.patch.ValueCodec;
import java.nio.ByteBuffer;
import org.pcollections.PSortedMap;
import org.pcollections.TreePMap;

/** Reads what {@link StateEncoder} wrote; anything else is a {@link MalformedMessageException}. */
public final class StateDecoder {
    private static final int MAX_BYTES = Integer.MAX_VALUE - 64;

    private final WireReader in;
    private final Limits limits;

    private StateDecoder(ByteBuffer bytes, Limits limits) {
        this.in = new WireReader(bytes);
        this.limits = limits;
    }

    /** Reads one state that fills the buffer. */
    public static State decode(ByteBuffer bytes, Limits limits) {
        try {
            return new StateDecoder(bytes, limits).state();
        } catch (PatchException malformed) {
            throw new MalformedMessageException(String.valueOf(malformed.getMessage()));
        }
    }

    private State state() {
        int version = in.getByte();
        if (version != StateEncoder.VERSION) {
            throw new MalformedMessageException("a state of version " + version + ", this is " + StateEncoder.VERSION);
        }
        long position = in.getLong();
        long epoch = in.getLong();
        long time = in.getLong();
        Token host = in.getToken();
        long nextNumber = in.getLong();
        long revisions = in.getLong();
        State state = new State(
                position, epoch, time, host, nextNumber, revisions, sessions(), sessions(), objects(), holdings());
        in.end();
        return state;
    }

    private PSortedMap<Long, Session> sessions() {
        PSortedMap<Long, Session> sessions = TreePMap.empty();
        int count = in.getCount(Wire.MAX_MEMBERS);
        for (int i = 0; i < count; i++) {
            long number = in.getLong();
            Token token = in.getToken();
            Profile profile = EnvelopeDecoder.profile(in);
            sessions = sessions.plus(
                    number, new Session(number, token, profile, in.getLong(), in.getLong(), in.getLong(), results()));
        }
        return sessions;
    }

    private Results results() {
        Results results = Results.NONE;
        int count = in.getCount(Results.CAPACITY);
        for (int i = 0; i < count; i++) {
            results = results.with(outcome());
        }
        return results;
    }

    private Outcome outcome() {
        int kind = in.getByte();
        long sequence = in.getLong();
        long position = in.getLong();
        long epoch = in.getLong();
        long time = in.getLong();
        return switch (kind) {
            case StateEncoder.ACCEPTED ->
                new Outcome.Accepted(sequence, position, epoch, time, in.getLong(), in.getByte() != 0);
            case StateEncoder.REFUSED -> new Outcome.Refused(sequence, position, epoch, time, FactDecoder.refusal(in));
            default -> throw new MalformedMessageException("no outcome has the kind " + kind);
        };
    }

    private PSortedMap<String, ObjectState> objects() {
        PSortedMap<String, ObjectState> objects = TreePMap.empty();
        int count = in.getCount(Wire.MAX_OBJECTS);
        for (int i = 0; i < count; i++) {
            String id = in.getText(Wire.MAX_OBJECT_ID_BYTES);
            long revision = in.getLong();
            JsonNode value = ValueCodec.fromBytes(in.getBytes(MAX_BYTES), limits);
            Overwrites overwrites = Overwrites.fromBytes(in.getBytes(MAX_BYTES), limits);
            objects = objects.plus(
                    id,
                    new ObjectState(
                            id,
                            revision,
                            value,
                            overwrites,
                            in.getLong(),
                            in.getLong(),
                            in.getLong(),
                            in.getByte() == 1));
        }
        return objects;
    }

    private Holdings holdings() {
        return new Holdings(places(), lines());
    }

    private PSortedMap<LineId, Line> lines() {
        PSortedMap<LineId, Line> lines = TreePMap.empty();
        int count = in.getCount(Wire.MAX_LINES);
        for (int i = 0; i < count; i++) {
            LineId id = EnvelopeDecoder.line(in);
            lines = lines.plus(id, new Line(in.getInt(), in.getLong(), permits(), permits()));
        }
        return lines;
    }

    private PSortedMap<Long, Permit> permits() {
        PSortedMap<Long, Permit> permits = TreePMap.empty();
        int count = in.getCount(Wire.MAX_IN_LINE);
        for (int i = 0; i < count; i++) {
            long request = in.getLong();
            permits = permits.plus(request, new Permit(request, in.getLong(), in.getLong()));
        }
        return permits;
    }

    private PSortedMap<PlaceId, Hold> places() {
        PSortedMap<PlaceId, Hold> places = TreePMap.empty();
        int count = in.getCount(Wire.MAX_PLACES);
        for (int i = 0; i < count; i++) {
            PlaceId place = new PlaceId(in.getText(Wire.MAX_OBJECT_ID_BYTES), EnvelopeDecoder.path(in));
            places = places.plus(place, new Hold(in.getLong(), in.getLong()));
        }
        return places;
    }
}
