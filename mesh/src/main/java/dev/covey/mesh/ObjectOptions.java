package dev.covey.mesh;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How to open an object.
 *
 * @param initial its first value, used only if nobody gave it one before
 * @param timeout how long to wait until a first value is recorded
 */
public record ObjectOptions(@Nullable JsonNode initial, Duration timeout) {
    /** No first value: an object that nobody has written is {@code {}}. */
    public static final ObjectOptions DEFAULT = new ObjectOptions(null, Duration.ofSeconds(10));

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** With a first value: a {@link JsonNode}, or anything that Jackson turns into one. */
    public ObjectOptions withInitial(Object value) {
        JsonNode node = value instanceof JsonNode json ? json : MAPPER.valueToTree(value);
        return new ObjectOptions(node, timeout);
    }

    public ObjectOptions withTimeout(Duration timeout) {
        return new ObjectOptions(initial, timeout);
    }
}
