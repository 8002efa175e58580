package dev.covey.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.covey.mesh.local.JvmAccess;
import dev.covey.patch.Patch;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A mesh over a driver that somebody else runs. */
class ExternalDriverTest {
    @TempDir
    Path base;

    private MeshOptions options() {
        return MeshOptions.DEFAULT.withDirectory(base.resolve("meshes")).withDriver(base.resolve("driver"));
    }

    private MediaDriver launch() {
        JvmAccess.ensure();
        return MediaDriver.launch(new MediaDriver.Context()
                .aeronDirectoryName(base.resolve("driver").toString())
                .threadingMode(ThreadingMode.SHARED)
                .dirDeleteOnStart(true)
                .dirDeleteOnShutdown(true)
                .termBufferSparseFile(true)
                .ipcTermBufferLength(128 * 1024));
    }

    @Test
    @SuppressWarnings("try") // a host leaves in the middle
    void twoMeshesShareADriverAndNeitherHearsTheOther() {
        try (MediaDriver driver = launch();
                Mesh one = Mesh.join("one", options());
                Mesh two = Mesh.join("two", options());
                Mesh besideOne = Mesh.join("one", options());
                Mesh besideTwo = Mesh.join("two", options())) {
            besideOne.object("o").patch(Patch.set("/who", "one")).join();
            besideTwo.object("o").patch(Patch.set("/who", "two")).join();
            assertThat(driver.aeronDirectoryName()).endsWith("driver");
            await().untilAsserted(() ->
                    assertThat(one.object("o").value().path("who").asText()).isEqualTo("one"));
            await().untilAsserted(() ->
                    assertThat(two.object("o").value().path("who").asText()).isEqualTo("two"));
            one.close();
            besideOne.object("o").patch(Patch.set("/who", "still one")).join();
        }
    }

    @Test
    @SuppressWarnings("try") // members leave before their driver does
    void aMeshOutlivesItsDriverWhenAnotherTakesItsPlace() {
        MediaDriver first = launch();
        try (Mesh host = Mesh.join("patient", options());
                Mesh other = Mesh.join("patient", options())) {
            other.object("o").patch(Patch.inc("/n", 1)).join();
            first.close();
            try (MediaDriver second = launch()) {
                assertThat(other.object("o")
                                .patch(Patch.inc("/n", 1))
                                .orTimeout(30, TimeUnit.SECONDS)
                                .join()
                                .number())
                        .isEqualTo(2);
                Awaitility.await().until(() -> host.object("o").revision() == 2);
                assertThat(second.aeronDirectoryName()).endsWith("driver");
                other.close();
                host.close();
            }
        }
    }

    @Test
    void aDirectoryWithoutADriverIsRefusedAndNothingStays() {
        assertThatThrownBy(() -> Mesh.join("none", options()))
                .isInstanceOf(MeshException.class)
                .hasMessageContaining("no Aeron media driver works there")
                .hasMessageContaining("[TRANSPORT_LOST]");
        assertThat(Files.exists(base.resolve("meshes/none"))).isFalse();
    }
}
