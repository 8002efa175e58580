package dev.covey.rpc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.jspecify.annotations.Nullable;

/** What is published becomes JSON before anybody is sent anything. */
final class EventJson {
    private EventJson() {}

    /** @throws RpcException BAD_ARGUMENTS, LIMIT_EXCEEDED */
    static byte[] bytes(String topic, @Nullable Object value, ObjectMapper mapper) {
        byte[] json;
        try {
            json = mapper.writeValueAsBytes(value);
        } catch (JsonProcessingException unfit) {
            throw new RpcException(
                    RpcCode.BAD_ARGUMENTS, topic + ": the value does not become JSON: " + unfit.getMessage(), unfit);
        }
        if (json.length > EventBus.MAX_BYTES) {
            throw new RpcException(
                    RpcCode.LIMIT_EXCEEDED,
                    topic + ": the value has " + json.length + " bytes as JSON, the limit is " + EventBus.MAX_BYTES
                            + "; publish it in parts");
        }
        return json;
    }
}
