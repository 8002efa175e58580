package dev.covey.mesh.agent;

import dev.covey.mesh.MeshCode;
import dev.covey.mesh.MeshException;
import dev.covey.store.StoreCode;
import dev.covey.store.StoreException;
import java.io.UncheckedIOException;
import java.util.function.Supplier;

/** What the rooms below throw, as what the face throws: {@link MeshException}, with the other as its cause. */
public final class Failures {
    private Failures() {}

    /** What the work gives; what it throws is a MeshException. */
    public static <T> T told(Supplier<T> work) {
        try {
            return work.get();
        } catch (RuntimeException failed) {
            throw told(failed);
        }
    }

    /** The same failure, in the words of the face. */
    public static MeshException told(RuntimeException failed) {
        if (failed instanceof MeshException ours) {
            return ours;
        }
        if (failed instanceof StoreException store) {
            return new MeshException(codeOf(store.code()), store.sentence(), store);
        }
        MeshCode code = failed instanceof UncheckedIOException ? MeshCode.STORE_FAILED : MeshCode.TRANSPORT_LOST;
        return new MeshException(code, "what nobody expected happened: " + failed, failed);
    }

    /** The one place where codes of the store become codes of the mesh. */
    public static MeshCode codeOf(StoreCode code) {
        return switch (code) {
            case CORRUPT, SEGMENT_GONE -> MeshCode.CORRUPT;
            case STORE_FULL -> MeshCode.STORE_FULL;
            case STORE_IN_USE -> MeshCode.STORE_IN_USE;
            case STORE_MISMATCH -> MeshCode.STORE_MISMATCH;
            case INSECURE_DIRECTORY -> MeshCode.INSECURE_DIRECTORY;
            case LIMIT_EXCEEDED -> MeshCode.LIMIT_EXCEEDED;
            case CONFLICT, ALREADY_EXISTS -> MeshCode.CONFLICT;
            case BAD_NAME -> MeshCode.BAD_NAME;
            case CLOSED -> MeshCode.CLOSED;
            case JOURNAL_GONE -> MeshCode.TRANSPORT_LOST;
            case STORE_FAILED, EPOCH_TAKEN, NOT_FOUND, INVALID_ARGUMENT -> MeshCode.STORE_FAILED;
        };
    }
}
