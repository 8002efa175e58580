package dev.covey.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.covey.patch.Patch;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What has no answer in its time. */
class DeadlineTest {
    @TempDir
    Path base;

    @Test
    void aTimeThatIsLongEnoughChangesNothing() {
        try (Mesh mesh = Mesh.join("timely", MeshOptions.DEFAULT.withDirectory(base.resolve("meshes")))) {
            CompletableFuture<Revision> answer = mesh.object("o")
                    .patch(Patch.inc("/n", 1), PatchOptions.DEFAULT.withTimeout(Duration.ofDays(10_000)));
            assertThat(answer.join().number()).isEqualTo(1);
        }
    }

    @Test
    void anIdThatNobodyGaveSaysSo() {
        try (Mesh mesh = Mesh.join("ids", MeshOptions.DEFAULT.withDirectory(base.resolve("meshes")))) {
            assertThatThrownBy(() -> mesh.outcome("1-1").join())
                    .hasMessageContaining("no command is called \"1-1\"")
                    .hasMessageContaining("[UNKNOWN_OUTCOME]");
        }
    }

    @Test
    void everyWaitHasAnEndUnlessToldOtherwise() {
        assertThat(List.of(
                        MeshOptions.DEFAULT.joinTimeout(),
                        PatchOptions.DEFAULT.timeout(),
                        EditOptions.DEFAULT.timeout(),
                        ObjectOptions.DEFAULT.timeout()))
                .allMatch(time -> !time.isNegative() && !time.isZero() && time.compareTo(Duration.ofMinutes(1)) < 0);
    }

    @Test
    void noTimeAtAllIsRefused() {
        assertThatThrownBy(() -> PatchOptions.DEFAULT.withTimeout(Duration.ZERO))
                .hasMessageContaining("[TIMED_OUT]");
    }
}
