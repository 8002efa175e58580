package dev.covey.examples.benchmarks;

import dev.covey.mesh.Mesh;
import dev.covey.mesh.MeshOptions;
import dev.covey.rpc.Rpc;
import dev.covey.rpc.RpcOptions;
import java.nio.file.Path;

/** A call by name, with JSON and all. */
final class CoveyEcho implements EchoLine {
    static final String NAME = "covey call";
    /** Both members never sleep. */
    static final String SPINNING = "covey call, spinning";

    /** As that, and each handler runs on a thread of its own, as those of raw Aeron do. */
    static final String HANDED_OVER = "covey call, spinning, handler handed over";

    private final Mesh mesh;
    private final Rpc rpc;

    private CoveyEcho(Mesh mesh) {
        this.mesh = mesh;
        this.rpc = Rpc.on(mesh);
    }

    static Mesh join(Path directory, boolean spinning) {
        return Mesh.join(
                "echo",
                MeshOptions.DEFAULT.withDirectory(directory.resolve("meshes")).withSpinning(spinning));
    }

    static AutoCloseable serve(Path directory, boolean spinning, boolean inPlace) {
        Mesh mesh = join(directory, spinning);
        Rpc.on(mesh, RpcOptions.DEFAULT.withHandlersInPlace(inPlace)).serve("echo", arguments -> arguments.get(0));
        return mesh;
    }

    static EchoLine call(Path directory, boolean spinning) {
        return new CoveyEcho(join(directory, spinning));
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
