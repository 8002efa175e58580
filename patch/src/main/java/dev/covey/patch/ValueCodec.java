package dev.covey.patch;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;

/** Whole values in binary: a version byte, then the value as drawn in {@link ByteSink}. */
public final class ValueCodec {
    private static final int VERSION = 1;

    private ValueCodec() {}

    /** The binary form of a frozen value. */
    public static byte[] toBytes(JsonNode frozen) {
        ByteSink sink = new ByteSink();
        sink.put(VERSION);
        sink.value(frozen);
        return sink.toBytes();
    }

    /**
     * Reads a value, from the buffer's position to its limit, frozen.
     *
     * @throws PatchException for anything that {@link #toBytes} would not write, or that exceeds the limits
     */
    public static JsonNode fromBytes(ByteBuffer bytes, Limits limits) {
        ByteSource source = new ByteSource("value", bytes, limits);
        source.version(VERSION);
        JsonNode value = source.value();
        source.end();
        Check.size(value, limits);
        return value;
    }
}
