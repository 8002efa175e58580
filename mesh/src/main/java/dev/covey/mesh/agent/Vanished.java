package dev.covey.mesh.agent;

import dev.covey.mesh.MeshException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a member that was entering had just seen is gone: the last member of the mesh was leaving, or somebody removed
 * files. Nothing is wrong with that; who enters starts over ({@link Entry}). What is there and unfit is another matter.
 */
final class Vanished extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient MeshException why;

    Vanished(MeshException why) {
        super(why);
        this.why = why;
    }

    /** What to tell when there is no time to start over. */
    MeshException why() {
        return why;
    }

    /**
     * The failure of a step of entering: as vanished if what was missing is a file of the mesh, which comes and goes with it,
     * else as it is. Of a store nothing goes without somebody's doing.
     */
    static RuntimeException orAsItIs(RuntimeException failed, Path meshes) {
        return isMissingFile(failed, meshes) ? new Vanished(Failures.told(failed)) : failed;
    }

    private static boolean isMissingFile(@Nullable Throwable failed, Path meshes) {
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            if (cause instanceof NoSuchFileException missing && missing.getFile() != null) {
                return Path.of(missing.getFile()).startsWith(meshes);
            }
        }
        return false;
    }
}
