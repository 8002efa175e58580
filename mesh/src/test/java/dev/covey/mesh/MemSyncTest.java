package dev.covey.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.covey.patch.Patch;
import dev.covey.store.ObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What MemSync documents of its shared object, one test for each. */
class MemSyncTest {
    private static final ObjectOptions DEFAULTS = ObjectOptions.DEFAULT.withInitial(Map.of("foo", 1, "bar", 2));

    @TempDir
    Path base;

    private MeshOptions options() {
        return MeshOptions.DEFAULT.withDirectory(base.resolve("meshes"));
    }

    private Mesh join(String name) {
        return Mesh.join("memsync", options().withMemberName(name));
    }

    @Test
    void initialisationTheFirstOneBringsTheDefaultsAndTheNextOneGetsTheCurrentObject() {
        try (Mesh server = join("server")) {
            server.object("shared", DEFAULTS).patch(Patch.set("/foo", 7)).join();
            try (Mesh client = join("client")) {
                assertThat(client.object("shared", DEFAULTS).value().at("/foo").asInt())
                        .isEqualTo(7);
            }
        }
    }

    @Test
    void changesAreSeenAtOnceByTheSenderAndThenByEverybody() {
        try (Mesh server = join("server");
                Mesh client = join("client")) {
            SharedObject shared = client.object("shared", DEFAULTS);
            CompletableFuture<Revision> accepted = shared.patch(Patch.update("{\"$set\":{\"foo\":2}}"));
            assertThat(shared.view().at("/foo").asInt()).isEqualTo(2);
            accepted.join();
            await().until(() -> server.object("shared").value().at("/foo").asInt() == 2);
        }
    }

    @Test
    void raceDifferentPartsNeverConflictInWhateverOrder() {
        try (Mesh one = join("one");
                Mesh two = join("two")) {
            List<CompletableFuture<Revision>> all = new CopyOnWriteArrayList<>();
            for (int i = 0; i < 50; i++) {
                all.add(one.object("shared").patch(Patch.set("/foo", i)));
                all.add(two.object("shared").patch(Patch.set("/bar", i)));
            }
            all.forEach(CompletableFuture::join);
            await().untilAsserted(() ->
                    assertThat(one.object("shared").value().toString()).contains("\"foo\":49", "\"bar\":49"));
        }
    }

    /**
     * The creation time decides: the client's patch is made first and has the longer way, so sooner or later the host's own
     * overtakes it.
     */
    @Test
    void raceAPatchOlderThanWhatIsThereIsRefusedAndItsSenderLearnsTheCurrentState() {
        try (Mesh one = join("one");
                Mesh two = join("two")) {
            int refused = 0;
            for (int i = 0; i < 20_000 && refused == 0; i++) {
                CompletableFuture<Revision> older = two.object("shared").patch(Patch.set("/foo", i));
                CompletableFuture<Revision> newer = one.object("shared").patch(Patch.set("/foo", -i - 1));
                for (CompletableFuture<Revision> answer : List.of(older, newer)) {
                    MeshException why = answer.handle((revision, failure) -> (MeshException) failure)
                            .join();
                    if (why != null) {
                        assertThat(why.code()).isEqualTo(MeshCode.STALE);
                        assertThat(why.refused().orElseThrow().winner()).isPresent();
                        assertThat(why.refused().orElseThrow().value().has("foo"))
                                .isTrue();
                        refused++;
                    }
                }
            }
            assertThat(refused).isPositive();
            await().until(() ->
                    one.object("shared").value().equals(two.object("shared").value()));
        }
    }

    @Test
    void observerOfAPropertyIsCalledWithItsNewValue() {
        try (Mesh server = join("server");
                Mesh client = join("client")) {
            List<Integer> seen = new CopyOnWriteArrayList<>();
            server.object("shared", DEFAULTS)
                    .observe("/foo", change -> seen.add(change.after().asInt()));
            client.object("shared").patch(Patch.set("/bar", 5)).join();
            client.object("shared").patch(Patch.set("/foo", 3)).join();
            await().untilAsserted(() -> assertThat(seen).containsExactly(3));
        }
    }

    @Test
    void mutexOneWritesAtATimeAndTheNextOneGetsItsTurn() {
        ObjectOptions exclusive = ObjectOptions.DEFAULT.withMaxWriters(1);
        try (Mesh one = join("one");
                Mesh two = join("two")) {
            try (Writer writer = one.object("shared", exclusive).writer()) {
                writer.patch(Patch.inc("/n", 1)).join();
                assertThatThrownBy(() -> two.object("shared", exclusive).writer())
                        .hasMessageContaining("[MAX_WRITERS]");
                assertThatThrownBy(two.object("shared").patch(Patch.inc("/n", 1))::join)
                        .hasMessageContaining("[NOT_A_WRITER]");
            }
            try (Writer writer = two.object("shared").writer(java.time.Duration.ofSeconds(10))) {
                assertThat(writer.patch(Patch.inc("/n", 1)).join().number()).isEqualTo(2);
            }
        }
    }

    @Test
    void storageTheFileIsLoadedAtTheStartAndHasEveryChangeAfterwards() throws IOException {
        Path file = base.resolve("settings.json");
        Files.writeString(file, "{\"data\":{\"foo\":41},\"version\":3,\"timestamp\":1600000000000}");
        Path directory = base.resolve("store");
        try (ObjectStore store = ObjectStore.open(directory)) {
            assertThat(store.importFrom(file)).isEqualTo(1);
        }
        try (Mesh mesh = Mesh.join("memsync", options().withStore(directory))) {
            SharedObject settings = mesh.object("settings", DEFAULTS);
            assertThat(settings.value().toString()).isEqualTo("{\"foo\":41}");
            settings.patch(Patch.inc("/foo", 1)).join();
        }
        try (ObjectStore store = ObjectStore.open(directory)) {
            assertThat(store.get("settings").orElseThrow().value().toString()).isEqualTo("{\"foo\":42}");
        }
    }

    @Test
    void stopAsAClientJustLeaves() {
        try (Mesh server = join("server")) {
            Mesh client = join("client");
            client.object("shared", DEFAULTS);
            client.close();
            await().until(() -> server.members().size() == 1);
            assertThat(server.epoch()).isEqualTo(1);
            assertThat(server.object("shared")
                            .patch(Patch.inc("/foo", 1))
                            .join()
                            .number())
                    .isEqualTo(2);
        }
    }

    @Test
    void stopAsTheHostHandsOverAndTheOthersGoOn() {
        Mesh server = join("server");
        try (Mesh client = join("client")) {
            server.object("shared", DEFAULTS);
            server.close();
            assertThat(client.object("shared")
                            .patch(Patch.inc("/foo", 1))
                            .join()
                            .epoch())
                    .isEqualTo(2);
            assertThat(client.object("shared").value().at("/foo").asInt()).isEqualTo(2);
            assertThat(client.host().orElseThrow().name()).isEqualTo("client");
        }
    }
}
