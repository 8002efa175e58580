package dev.covey.rpc;

import dev.covey.mesh.Mesh;
import dev.covey.mesh.MeshOptions;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/** Members of one mesh in this JVM, closed together. */
final class Meshes implements AutoCloseable {
    private final Path base;
    private final Deque<Mesh> open = new ArrayDeque<>();

    Meshes(Path base) {
        this.base = base;
    }

    Mesh join(String name, String... roles) {
        Mesh mesh = Mesh.join(
                "calls",
                MeshOptions.DEFAULT
                        .withDirectory(base.resolve("meshes"))
                        .withMemberName(name)
                        .withRoles(roles));
        open.push(mesh);
        return mesh;
    }

    @Override
    public void close() {
        open.forEach(Mesh::close);
    }
}
