package dev.covey.mesh;

import dev.covey.patch.Patch;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/** A member that a test can drive across class loaders: it is spoken to in classes of the JDK alone. */
public final class IsolatedMember implements Function<String, String> {
    private final Mesh mesh;

    /** Arguments: the member's name, the directory of meshes, the store. */
    public IsolatedMember(List<String> arguments) {
        MeshOptions options = MeshOptions.DEFAULT
                .withMemberName(arguments.get(0))
                .withDirectory(Path.of(arguments.get(1)))
                .withStore(Path.of(arguments.get(2)));
        this.mesh = Mesh.join("isolated", options);
    }

    @Override
    public String apply(String order) {
        return switch (order) {
            case "inc" ->
                Long.toString(mesh.object("o").patch(Patch.inc("/n", 1)).join().number());
            case "members" -> mesh.members().stream().map(Member::name).toList().toString();
            case "close" -> {
                mesh.close();
                yield "closed";
            }
            default -> throw new IllegalArgumentException(order);
        };
    }
}
