package dev.covey.patch.fuzz;

import dev.covey.patch.Patch;
import dev.covey.patch.PatchException;

/** Text read as a patch and used. */
public final class UpdateTarget {
    private UpdateTarget() {}

    /** Loads what the first input would be charged for. */
    public static void fuzzerInitialize() {
        Fuzzed.warmUp();
    }

    /** One input. */
    public static void fuzzerTestOneInput(byte[] data) {
        try {
            Fuzzed.use(Patch.update(Fuzzed.text(data)));
        } catch (PatchException refused) {
            Fuzzed.require(refused.getMessage() != null, "a refusal without a message");
        }
    }
}
