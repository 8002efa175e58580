package dev.covey.mesh.aeron;

import io.aeron.exceptions.AeronException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Whether the transport still works, and why not. The first reason stays. Aeron's warnings are no loss. An InternalError
 * is the JVM's way to say that a mapped page is gone, and so is the transport.
 */
final class Loss {
    private static final System.Logger LOG = System.getLogger(Loss.class.getName());

    private final Path directory;
    private volatile @Nullable Throwable cause;
    private volatile @Nullable Throwable noted;

    Loss(Path directory) {
        this.directory = directory;
    }

    void report(Throwable failed) {
        if (failed instanceof AeronException aeron && aeron.category() == AeronException.Category.WARN) {
            LOG.log(System.Logger.Level.DEBUG, () -> directory + ": " + failed);
        } else if (cause == null) {
            cause = failed;
            LOG.log(System.Logger.Level.DEBUG, () -> directory + ": transport lost: " + failed);
        }
    }

    /**
     * For a host, which must not end because one member asked for what it cannot have: only what no transport survives is a
     * loss. The last such note still tells why, should the transport end by itself.
     */
    void note(Throwable failed) {
        if (failed instanceof Error) {
            report(failed);
        } else {
            noted = failed;
            LOG.log(System.Logger.Level.DEBUG, () -> directory + ": " + failed);
        }
    }

    boolean happened() {
        return cause != null;
    }

    String reason() {
        Throwable why = cause != null ? cause : noted;
        return why == null ? "" : directory + ": " + why;
    }
}
