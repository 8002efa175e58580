package dev.covey.mesh.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.covey.mesh.MeshCode;
import dev.covey.mesh.MeshException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What vanishes while somebody enters means to start over, what is wrong does not. */
class VanishedTest {
    private static final Path MESHES = Path.of("/meshes");

    private static MeshException failedFor(IOException cause) {
        return new MeshException(MeshCode.STORE_FAILED, "cannot be made", cause);
    }

    @Test
    void aFileOfTheMeshThatIsGoneVanished() {
        MeshException failed = failedFor(new NoSuchFileException("/meshes/a/journal"));
        assertThat(Vanished.orAsItIs(failed, MESHES))
                .isInstanceOfSatisfying(
                        Vanished.class, vanished -> assertThat(vanished.why()).isSameAs(failed));
    }

    @Test
    void aFileOfAStoreThatIsGoneIsToldAtOnce() {
        MeshException failed = failedFor(new NoSuchFileException("/stores/a/journal"));
        assertThat(Vanished.orAsItIs(failed, MESHES)).isSameAs(failed);
    }

    @Test
    void whatIsThereAndUnfitIsToldAtOnce() {
        MeshException failed = failedFor(new IOException("/meshes/a/journal"));
        assertThat(Vanished.orAsItIs(failed, MESHES)).isSameAs(failed);
    }
}
