package dev.covey.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.covey.patch.Patch;
import dev.covey.store.ObjectStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Places that vanish with the member who put them there. */
class EphemeralTest {
    @TempDir
    Path base;

    private MeshOptions options(String member) {
        return MeshOptions.DEFAULT.withDirectory(base.resolve("meshes")).withMemberName(member);
    }

    @Test
    void aPlaceVanishesWhenItsOwnerLeavesAndObserversAreTold() {
        try (Mesh stays = Mesh.join("team", options("stays"))) {
            List<Change> seen = new CopyOnWriteArrayList<>();
            stays.object("team").observe("/workers/x", seen::add);
            try (Mesh goes = Mesh.join("team", options("goes"))) {
                Ephemeral place = goes.object("team")
                        .ephemeral("/workers/x", Map.of("load", 1))
                        .join();
                assertThat(place.isHeld()).isTrue();
                stays.object("team").patch(Patch.inc("/workers/x/load", 2)).join();
                assertThat(place.isHeld()).isTrue();
            }
            await().untilAsserted(() -> assertThat(seen).hasSize(3));
            assertThat(seen.get(2).before().get("load").asInt()).isEqualTo(3);
            assertThat(seen.get(2).after().isMissingNode()).isTrue();
            assertThat(seen.get(2).by().name()).isEqualTo("goes");
            assertThat(stays.object("team").value().toString()).isEqualTo("{\"workers\":{}}");
        }
    }

    @Test
    void aPlaceOfAHostThatClosesVanishesToo() {
        Mesh host = Mesh.join("hosts", options("host"));
        try (Mesh next = Mesh.join("hosts", options("next"))) {
            host.object("team").ephemeral("/host", true).join();
            next.object("team").ephemeral("/next", true).join();
            host.close();
            next.object("team").patch(Patch.inc("/n", 1)).join();
            assertThat(next.object("team").value().toString()).isEqualTo("{\"next\":true,\"n\":1}");
        }
    }

    @Test
    void whatIsClosedIsGoneAndClosingItAgainDoesNothing() {
        try (Mesh mesh = Mesh.join("closed", options("one"))) {
            Ephemeral place = mesh.object("team").ephemeral("/x", 1).join();
            assertThat(place.path()).isEqualTo("/x");
            assertThat(place.remove().join().changed()).isTrue();
            assertThat(place.isHeld()).isFalse();
            place.close();
            assertThat(place.remove().join().changed()).isFalse();
            assertThat(mesh.object("team").value().isEmpty()).isTrue();
        }
    }

    @Test
    void whatSomebodyOverwroteStays() {
        try (Mesh mesh = Mesh.join("over", options("one"))) {
            SharedObject team = mesh.object("team");
            try (Mesh owner = Mesh.join("over", options("two"))) {
                Ephemeral place = owner.object("team").ephemeral("/x", 1).join();
                team.patch(Patch.set("/x", 2)).join();
                await().until(() -> !place.isHeld());
            }
            team.patch(Patch.inc("/n", 1)).join();
            assertThat(team.value().get("x").asInt()).isEqualTo(2);
        }
    }

    @Test
    void aPlaceThatIsNotFreeIsRefusedWithTheReason() {
        try (Mesh mesh = Mesh.join("refused", options("one"))) {
            SharedObject team = mesh.object("team");
            team.patch(Patch.set("/list", List.of(1))).join();
            team.ephemeral("/x", 1).join();
            assertThatThrownBy(() -> team.ephemeral("/x", 1).join())
                    .hasMessageContaining("team: /x: an ephemeral place must be free, it is held by member 1")
                    .hasMessageContaining("[CONFLICT]");
            assertThatThrownBy(() -> team.ephemeral("/list/0", 1).join()).hasMessageContaining("[INVALID_PATCH]");
            assertThatThrownBy(() -> team.ephemeral("", 1).join()).hasMessageContaining("[INVALID_PATCH]");
            assertThatThrownBy(() -> team.ephemeral("/" + "x".repeat(5_000), 1))
                    .hasMessageContaining("[LIMIT_EXCEEDED]");
        }
    }

    @Test
    void theStoreHasTheRemovalAsARevisionOfItsOwn() {
        Path store = base.resolve("store");
        try (Mesh stays = Mesh.join("stored", options("stays").withStore(store))) {
            try (Mesh goes = Mesh.join("stored", options("goes"))) {
                goes.object("team").ephemeral("/x", 1).join();
                goes.object("other").ephemeral("/y", 1).join();
            }
            stays.object("team").patch(Patch.set("/kept", 1)).join();
        }
        try (ObjectStore files = ObjectStore.open(store)) {
            JsonNode team = files.get("team").orElseThrow().value();
            assertThat(team.toString()).isEqualTo("{\"kept\":1}");
            assertThat(files.get("team").orElseThrow().revision()).isEqualTo(3);
            assertThat(files.get("other").orElseThrow().revision()).isEqualTo(2);
        }
    }
}
