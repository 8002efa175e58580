package dev.covey.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.covey.patch.Patch;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What members know of each other. */
class PresenceTest {
    @TempDir
    Path base;

    private MeshOptions options(String member) {
        return MeshOptions.DEFAULT.withDirectory(base.resolve("meshes")).withMemberName(member);
    }

    @Test
    void membersKnowWhoTheOthersAreAndWhatTheySayOfThemselves() {
        Instant before = Instant.now().minusSeconds(1);
        try (Mesh one = Mesh.join("known", options("one"));
                Mesh two = Mesh.join(
                        "known",
                        options("two").withRole("indexer").withRole("indexer").withMetadata(Map.of("shard", "7")))) {
            await().until(() -> one.members().size() == 2);
            Member seen = one.members().get(1);
            assertThat(seen.name()).isEqualTo("two");
            assertThat(seen.pid()).isEqualTo(ProcessHandle.current().pid());
            assertThat(seen.roles()).isEqualTo(List.of("indexer"));
            assertThat(seen.metadata()).isEqualTo(Map.of("shard", "7"));
            assertThat(seen.joinedAt()).isBetween(before, Instant.now().plusSeconds(1));
            assertThat(seen).isEqualTo(two.self());
        }
    }

    @Test
    void theLagOfAMemberIsWhatItHasStillToApply() {
        Mesh one = Mesh.join("lag", options("one"));
        Mesh two = Mesh.join("lag", options("two"));
        one.object("o").patch(Patch.inc("/n", 1)).join();
        await().untilAsserted(() -> {
            assertThat(one.lag(two.self())).isEqualTo(OptionalLong.of(0));
            assertThat(two.lag(one.self())).isEqualTo(OptionalLong.of(0));
        });
        Member gone = two.self();
        two.close();
        await().until(() -> one.lag(gone).isEmpty());
        one.close();
    }
}
