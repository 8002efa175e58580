package dev.covey.mesh.agent;

import dev.covey.mesh.local.LifeSigns;
import dev.covey.mesh.local.MeshDirectory;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which meshes of this user have a living member. */
public final class RunningMeshes {
    private RunningMeshes() {}

    /** Their names, in the order of the alphabet; {@code base} is null for the default one. Changes nothing on the disk. */
    public static List<String> names(@Nullable Path base) {
        return MeshDirectory.existing(base == null ? MeshDirectory.defaultBase() : base).stream()
                .filter(LifeSigns::anybodyLives)
                .map(MeshDirectory::name)
                .toList();
    }
}
