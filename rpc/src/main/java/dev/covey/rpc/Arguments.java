package dev.covey.rpc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** What a call was made with. */
public final class Arguments {
    private final String service;
    private final JsonNode values;
    private final ObjectMapper mapper;
    private final long from;

    Arguments(String service, JsonNode values, ObjectMapper mapper, long from) {
        this.service = service;
        this.values = values;
        this.mapper = mapper;
        this.from = from;
    }

    /** Number of the member that calls. */
    public long from() {
        return from;
    }

    public int size() {
        return values.size();
    }

    /**
     * The argument at that place, from 0, as JSON.
     *
     * @throws RpcException BAD_ARGUMENTS if there are fewer
     */
    public JsonNode get(int index) {
        JsonNode value = values.get(index);
        if (value == null) {
            throw new RpcException(
                    RpcCode.BAD_ARGUMENTS,
                    service + " was called with " + values.size() + " arguments and needs at least " + (index + 1));
        }
        return value;
    }

    /**
     * The argument at that place, from 0.
     *
     * @throws RpcException BAD_ARGUMENTS if there are fewer, or it is something else
     */
    public <T> T get(int index, Class<T> type) {
        JsonNode value = get(index);
        try {
            return mapper.treeToValue(value, type);
        } catch (JsonProcessingException | IllegalArgumentException other) {
            throw new RpcException(
                    RpcCode.BAD_ARGUMENTS,
                    service + ": argument " + index + " is no " + type.getSimpleName() + ": " + other.getMessage(),
                    other);
        }
    }
}
