package dev.covey.patch.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import dev.covey.patch.FrozenTree;
import dev.covey.patch.Limits;
import dev.covey.patch.Operations;
import dev.covey.patch.Patch;
import dev.covey.patch.PatchException;
import dev.covey.patch.Resolution;
import dev.covey.patch.ValueCodec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** What every target does with what it read: resolve, apply, write and read again. Anything but a PatchException is a find. */
final class Fuzzed {
    static final Limits LIMITS = Limits.DEFAULT;

    private static final JsonNode DOCUMENT = ValueCodec.fromBytes(
            ByteBuffer.wrap(ValueCodec.toBytes(Patch.jsonPatch(
                            "[{\"op\":\"add\",\"path\":\"\",\"value\":{\"a\":[1,2.5,{\"b\":[0,1]},[3,[4]]],\"b\":{\"c\":null,"
                                    + "\"d\":\"text\",\"a\":{\"a\":{\"a\":1}}},\"c\":7,\"\":[],\"0\":true}}]")
                    .resolve(FrozenTree.EMPTY_OBJECT, 0, LIMITS)
                    .after())),
            LIMITS);

    private Fuzzed() {}

    /** Runs once through everything, so that no input is charged for loading classes. */
    static void warmUp() {
        use(Patch.update("{\"$push\":{\"a\":{\"$each\":[1],\"$sort\":1}},\"$pull\":{\"x\":{\"$gt\":1}}}"));
        use(Patch.jsonPatch("[{\"op\":\"test\",\"path\":\"/c\",\"value\":7}]"));
        use(Patch.mergePatch("{\"a\":null}"));
        try {
            Patch.update("{");
        } catch (PatchException refused) {
            require(refused.index() < 0, "an index of nothing");
        }
    }

    static String text(byte[] data) {
        return new String(data, StandardCharsets.UTF_8);
    }

    static void use(Patch patch) {
        byte[] bytes = patch.toBytes();
        if (bytes.length <= LIMITS.patchBytes()) {
            require(
                    Arrays.equals(
                            bytes,
                            Patch.fromBytes(ByteBuffer.wrap(bytes), LIMITS).toBytes()),
                    "patch codec");
        }
        Resolution resolution = patch.resolve(DOCUMENT, 0, LIMITS);
        require(resolution.changed() != resolution.operations().isEmpty(), "operations where nothing changed");
        use(resolution.operations());
        require(resolution.operations().applyTo(DOCUMENT).equals(resolution.after()), "applied is not resolved");
    }

    static void use(Operations operations) {
        byte[] bytes = operations.toBytes();
        require(Operations.fromBytes(ByteBuffer.wrap(bytes), LIMITS).equals(operations), "operations codec");
        try {
            operations.applyTo(DOCUMENT);
        } catch (PatchException misfit) {
            require(misfit.code() != null, "no code");
        }
    }

    static void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException(what);
        }
    }
}
