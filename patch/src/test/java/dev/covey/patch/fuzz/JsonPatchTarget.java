package dev.covey.patch.fuzz;

import dev.covey.patch.Patch;
import dev.covey.patch.PatchException;

/** Text read as a patch and used. */
public final class JsonPatchTarget {
    private JsonPatchTarget() {}

    /** Loads what the first input would be charged for. */
    public static void fuzzerInitialize() {
        Fuzzed.warmUp();
    }

    /** One input. */
    public static void fuzzerTestOneInput(byte[] data) {
        try {
            Fuzzed.use(Patch.jsonPatch(Fuzzed.text(data)));
        } catch (PatchException refused) {
            Fuzzed.require(refused.getMessage() != null, "a refusal without a message");
        }
    }
}
