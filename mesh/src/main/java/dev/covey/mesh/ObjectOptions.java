package dev.covey.mesh;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.covey.mesh.protocol.Command;
import dev.covey.mesh.protocol.Wire;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How to open an object.
 *
 * @param initial its first value, used only if nobody gave it one before
 * @param timeout how long to wait until a first value, and maxWriters, are recorded
 * @param maxWriters how many {@link Writer}s there may be at a time, without which nobody may patch then; 0 to take what the
 *     object has, which is no limit unless somebody stated one. The first who states it fixes it
 * @param writerExpiry after how long without a sign of life a member loses its writers' permits; zero, the default, for
 *     never: a frozen process keeps them until it is dead. At least 500 ms. Belongs to maxWriters
 */
public record ObjectOptions(@Nullable JsonNode initial, Duration timeout, int maxWriters, Duration writerExpiry) {
    private static final Duration LONGEST_EXPIRY = Duration.ofDays(1);

    /** No first value: an object that nobody has written is {@code {}}. */
    public static final ObjectOptions DEFAULT = new ObjectOptions(null, Duration.ofSeconds(10), 0, Duration.ZERO);

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** Checks the limits. */
    public ObjectOptions {
        if (maxWriters < 0 || maxWriters > Wire.MAX_IN_LINE) {
            throw new MeshException(
                    MeshCode.LIMIT_EXCEEDED,
                    "maxWriters is " + maxWriters + ", 1 to " + Wire.MAX_IN_LINE + " can be given");
        }
        boolean shortest = writerExpiry.isZero() || writerExpiry.toMillis() >= Command.Guard.SHORTEST_EXPIRY_MILLIS;
        if (!shortest || writerExpiry.compareTo(LONGEST_EXPIRY) > 0) {
            throw new MeshException(
                    MeshCode.LIMIT_EXCEEDED,
                    "writerExpiry is " + writerExpiry + ", at least " + Command.Guard.SHORTEST_EXPIRY_MILLIS
                            + " ms are needed or healthy members would lose their permits, a day at most, or zero for"
                            + " never");
        }
    }

    /** With a first value: a {@link JsonNode}, or anything that Jackson turns into one. */
    public ObjectOptions withInitial(Object value) {
        JsonNode node = value instanceof JsonNode json ? json : MAPPER.valueToTree(value);
        return new ObjectOptions(node, timeout, maxWriters, writerExpiry);
    }

    public ObjectOptions withTimeout(Duration timeout) {
        return new ObjectOptions(initial, timeout, maxWriters, writerExpiry);
    }

    public ObjectOptions withMaxWriters(int writers) {
        return new ObjectOptions(initial, timeout, writers, writerExpiry);
    }

    public ObjectOptions withWriterExpiry(Duration expiry) {
        return new ObjectOptions(initial, timeout, maxWriters, expiry);
    }
}
