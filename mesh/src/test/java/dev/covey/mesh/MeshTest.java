package dev.covey.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.covey.patch.Patch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The face of a mesh, with members that all live in this JVM. */
class MeshTest {
    @TempDir
    Path base;

    private MeshOptions options() {
        return MeshOptions.DEFAULT.withDirectory(base.resolve("meshes"));
    }

    @Test
    void aPatchIsAcceptedAndSeen() throws InterruptedException {
        try (Mesh mesh = Mesh.join("hello", options())) {
            SharedObject visits = mesh.object("visits");
            BlockingQueue<Change> seen = new LinkedBlockingQueue<>();
            visits.observe("/count", seen::add);

            Revision revision = visits.patch(Patch.inc("/count", 1)).join();

            assertThat(revision.number()).isEqualTo(1);
            assertThat(visits.value().get("count").asInt()).isEqualTo(1);
            assertThat(visits.revision()).isEqualTo(1);
            Change change = seen.poll(5, TimeUnit.SECONDS);
            assertThat(change).isNotNull();
            assertThat(change.after().asInt()).isEqualTo(1);
            assertThat(change.before().isMissingNode()).isTrue();
            assertThat(change.by()).isEqualTo(mesh.self());
            assertThat(change.revision()).isEqualTo(revision.number());
            assertThat(change.time()).isEqualTo(revision.time());
            assertThat(change.cause()).isEqualTo(Change.Cause.PATCH);
            assertThat(change.path()).isEqualTo("/count");
        }
        assertThat(base.resolve("meshes").resolve("hello")).doesNotExist();
    }

    @Test
    void membersShareAnObject() {
        try (Mesh one = Mesh.join("pair", options());
                Mesh two = Mesh.join("pair", options())) {
            one.object("o").patch(Patch.set("/a", 1)).join();
            two.object("o").patch(Patch.set("/b", 2)).join();
            assertThat(two.object("o").value().toString()).isEqualTo("{\"a\":1,\"b\":2}");
            assertThat(one.members()).hasSize(2);
        }
    }

    @Test
    void aMemberWhoseDirectoryIsWipedStopsAndSaysSo() throws IOException {
        try (Mesh mesh = Mesh.join("wiped", options())) {
            SharedObject object = mesh.object("o");
            object.patch(Patch.inc("/n", 1)).join();
            try (var entries = Files.list(base.resolve("meshes/wiped"))) {
                for (Path control : entries.filter(
                                entry -> entry.getFileName().toString().startsWith("control-"))
                        .toList()) {
                    Files.delete(control);
                }
            }
            await().untilAsserted(() -> assertThatThrownBy(() -> mesh.object("p"))
                    .isInstanceOf(MeshException.class)
                    .hasMessageContaining("join again")
                    .hasMessageContaining("[TRANSPORT_LOST]"));
        }
    }
}
