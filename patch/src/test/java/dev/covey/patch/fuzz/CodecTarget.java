package dev.covey.patch.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import dev.covey.patch.Operations;
import dev.covey.patch.Overwrites;
import dev.covey.patch.Patch;
import dev.covey.patch.PatchException;
import dev.covey.patch.ValueCodec;
import java.nio.ByteBuffer;

/** Bytes read as each of the binary forms, by the first of them. */
public final class CodecTarget {
    private CodecTarget() {}

    /** Loads what the first input would be charged for. */
    public static void fuzzerInitialize() {
        Fuzzed.warmUp();
    }

    /** One input: a byte that says what the rest shall be. */
    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length == 0) {
            return;
        }
        ByteBuffer bytes = ByteBuffer.wrap(data, 1, data.length - 1);
        try {
            switch (data[0] & 3) {
                case 0 -> Fuzzed.use(Patch.fromBytes(bytes, Fuzzed.LIMITS));
                case 1 -> Fuzzed.use(Operations.fromBytes(bytes, Fuzzed.LIMITS));
                case 2 -> value(bytes);
                default -> overwrites(bytes);
            }
        } catch (PatchException refused) {
            Fuzzed.require(refused.getMessage() != null, "a refusal without a message");
        }
    }

    private static void value(ByteBuffer bytes) {
        JsonNode value = ValueCodec.fromBytes(bytes, Fuzzed.LIMITS);
        byte[] written = ValueCodec.toBytes(value);
        Fuzzed.require(
                ValueCodec.fromBytes(ByteBuffer.wrap(written), Fuzzed.LIMITS).equals(value), "value codec");
    }

    private static void overwrites(ByteBuffer bytes) {
        Overwrites overwrites = Overwrites.fromBytes(bytes, Fuzzed.LIMITS);
        byte[] written = overwrites.toBytes();
        Fuzzed.require(
                Overwrites.fromBytes(ByteBuffer.wrap(written), Fuzzed.LIMITS).equals(overwrites), "overwrites codec");
    }
}
