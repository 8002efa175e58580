package dev.covey.examples.benchmarks;

import dev.covey.mesh.Mesh;
import dev.covey.mesh.MeshOptions;
import dev.covey.rpc.Rpc;
import java.nio.file.Path;

/** A call by name, with JSON and all. */
final class CoveyEcho implements EchoLine {
    static final String NAME = "covey call";

    private final Mesh mesh;
    private final Rpc rpc;

    private CoveyEcho(Mesh mesh) {
        this.mesh = mesh;
        this.rpc = Rpc.on(mesh);
    }

    static Mesh join(Path directory) {
        return Mesh.join("echo", MeshOptions.DEFAULT.withDirectory(directory.resolve("meshes")));
    }

    static AutoCloseable serve(Path directory) {
        Mesh mesh = join(directory);
        Rpc.on(mesh).serve("echo", arguments -> arguments.get(0));
        return mesh;
    }

    static EchoLine call(Path directory) {
        return new CoveyEcho(join(directory));
    }

    @Override
    public String echo(String text) {
        return rpc.call(String.class, "echo", text).join();
    }

    @Override
    public void close() {
        mesh.close();
    }
}
