package dev.covey.mesh.aeron;

import org.jspecify.annotations.Nullable;

/** Closing what may be broken already: the reason is kept, and the rest is closed all the same. */
final class Quietly {
    private Quietly() {}

    static void close(@Nullable AutoCloseable resource, Loss loss) {
        if (resource == null) {
            return;
        }
        try {
            resource.close();
        } catch (Exception | InternalError failed) {
            loss.report(failed);
        }
    }
}
