package dev.covey.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.covey.patch.FrozenTree;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Something that was published. Safe for any thread; shared by all subscriptions that get it. */
public final class Event {
    private final String topic;
    private final long from;
    private final long number;
    private final boolean retained;
    private final byte[] json;
    private final ObjectMapper mapper;
    private final @Nullable Consumer<Object> reply;
    private volatile @Nullable JsonNode parsed;

    /** One that came in the order of all, with its place in it. */
    static Event ordered(String topic, long from, long number, byte[] json, ObjectMapper mapper) {
        return new Event(topic, from, number, false, json, mapper, null);
    }

    Event(
            String topic,
            long from,
            boolean retained,
            byte[] json,
            ObjectMapper mapper,
            @Nullable Consumer<Object> reply) {
        this(topic, from, 0, retained, json, mapper, reply);
    }

    private Event(
            String topic,
            long from,
            long number,
            boolean retained,
            byte[] json,
            ObjectMapper mapper,
            @Nullable Consumer<Object> reply) {
        this.number = number;
        this.topic = topic;
        this.from = from;
        this.retained = retained;
        this.json = json;
        this.mapper = mapper;
        this.reply = reply;
    }

    public String topic() {
        return topic;
    }

    /** Number of the member that published it. */
    public long from() {
        return from;
    }

    /** Its place in the one order of {@link EventBus#publishOrdered}, from 1; 0 if it was published otherwise. */
    public long number() {
        return number;
    }

    /** Whether it is the topic's last value, kept by the mesh for those who come later. */
    public boolean isRetained() {
        return retained;
    }

    /** Whether its publisher waits for a reply. */
    public boolean isRequest() {
        return reply != null;
    }

    /**
     * The value. It never changes.
     *
     * @throws RpcException BAD_ARGUMENTS if what came is no JSON
     */
    public JsonNode value() {
        JsonNode known = parsed;
        if (known == null) {
            known = parse();
            parsed = known;
        }
        return known;
    }

    private JsonNode parse() {
        try {
            return FrozenTree.freeze(mapper.readTree(json));
        } catch (IOException | RuntimeException malformed) {
            throw new RpcException(
                    RpcCode.BAD_ARGUMENTS,
                    "event " + topic + " of member " + from + " holds no JSON: " + malformed.getMessage(),
                    malformed);
        }
    }

    /**
     * The value as that type.
     *
     * @throws RpcException BAD_ARGUMENTS if it does not fit
     */
    public <T> T value(Class<T> type) {
        try {
            return mapper.treeToValue(value(), type);
        } catch (IOException | IllegalArgumentException misfit) {
            throw new RpcException(
                    RpcCode.BAD_ARGUMENTS,
                    "event " + topic + " of member " + from + " is no " + type.getSimpleName() + ": "
                            + misfit.getMessage(),
                    misfit);
        }
    }

    /**
     * Replies to a request; the first reply of all is the one that counts.
     *
     * @throws RpcException BAD_ARGUMENTS if nobody waits for a reply, or the value does not become JSON
     */
    public void reply(@Nullable Object value) {
        if (reply == null) {
            throw new RpcException(
                    RpcCode.BAD_ARGUMENTS, "event " + topic + " is no request; isRequest() tells which are");
        }
        reply.accept(value);
    }

    @Override
    public String toString() {
        return topic + " of member " + from;
    }
}
