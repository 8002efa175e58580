package dev.covey.mesh.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.covey.mesh.Ephemeral;
import dev.covey.mesh.Mesh;
import dev.covey.mesh.MeshOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What members have only as long as they live, when they are killed. */
class BelongingsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path base;

    @Test
    void placesOfAKilledMemberVanishAndTheOthersStay() {
        try (Mesh mesh = Mesh.join("killed", MeshOptions.DEFAULT.withDirectory(base));
                MemberProcess member = MemberProcess.start("killed", "victim", base, null)) {
            member.join();
            assertThat(member.ask("place team /victim here")).isEqualTo("placed true");
            Ephemeral own = mesh.object("team").ephemeral("/own", "here").join();
            await().until(() -> mesh.object("team").value().size() == 2);
            member.kill();
            await().atMost(PATIENCE)
                    .until(() -> mesh.object("team").value().toString().equals("{\"own\":\"here\"}"));
            assertThat(own.isHeld()).isTrue();
        }
    }

    @Test
    void placesOfAKilledHostVanishWithTheNextOne() {
        try (MemberProcess host = MemberProcess.start("host", "victim", base, null)) {
            host.join();
            assertThat(host.ask("place team /victim here")).isEqualTo("placed true");
            try (Mesh mesh = Mesh.join("host", MeshOptions.DEFAULT.withDirectory(base))) {
                mesh.object("team").ephemeral("/own", Map.of("n", 1)).join();
                assertThat(mesh.object("team").value().size()).isEqualTo(2);
                host.kill();
                await().atMost(PATIENCE)
                        .until(() -> mesh.object("team").value().toString().equals("{\"own\":{\"n\":1}}"));
                assertThat(mesh.epoch()).isEqualTo(2);
            }
        }
    }
}
