package dev.covey.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.covey.patch.Patch;
import dev.covey.store.Durability;
import dev.covey.store.ObjectStore;
import dev.covey.store.Retention;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a mesh starts with when the last one of its store has closed. */
class StoreBirthTest {
    @TempDir
    Path temporary;

    private Mesh join(Durability durability) {
        return Mesh.join(
                "born",
                MeshOptions.DEFAULT
                        .withDirectory(temporary.resolve("meshes"))
                        .withStore(temporary.resolve("store"))
                        .withDurability(durability));
    }

    @Test
    void aJournalInTheStoreIsEnough() {
        write(Durability.OS);
        try (Mesh mesh = join(Durability.OS)) {
            assertThat(mesh.object("o").value().toString()).isEqualTo("{\"n\":7}");
            assertThat(mesh.object("o").revision()).isEqualTo(7);
            assertThat(mesh.epoch()).isEqualTo(2);
        }
    }

    @Test
    void aJournalThatWasInMemoryIsReplacedByTheRevisionFiles() {
        write(Durability.MEMORY);
        try (Mesh mesh = join(Durability.MEMORY)) {
            SharedObject object = mesh.object("o");
            assertThat(object.value().toString()).isEqualTo("{\"n\":7}");
            assertThat(object.revision()).isEqualTo(7);
            Revision next = object.patch(Patch.inc("/n", 1)).join();
            assertThat(next.number()).isEqualTo(8);
        }
        try (ObjectStore store = ObjectStore.open(temporary.resolve("store"))) {
            assertThat(store.revisions("o").map(revision -> revision.number()))
                    .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
            assertThat(store.get("o").orElseThrow().value().toString()).isEqualTo("{\"n\":8}");
        }
    }

    @Test
    void whoClosesLastWritesAFullStateOfEveryObjectWhateverTheDurability() throws IOException {
        for (Durability durability : List.of(Durability.OS, Durability.MEMORY)) {
            try (Mesh first = join(durability);
                    Mesh last = join(durability)) {
                for (int i = 0; i < 100; i++) {
                    first.object(durability + "-1").patch(Patch.inc("/n", 1)).join();
                    last.object(durability + "-2").patch(Patch.inc("/n", 1)).join();
                }
                last.flush();
                assertThat(fullStates("100")).noneMatch(text -> text.contains("\"id\":\"" + durability));
            }
            assertThat(fullStates("100"))
                    .filteredOn(text -> text.contains("\"id\":\"" + durability))
                    .hasSize(2)
                    .allMatch(text -> text.contains("\"value\":{\"n\":100}"));
            removed(temporary.resolve("store"));
        }
    }

    @Test
    void whatIsPatchedJustWhenTheFilesAreFlushedIsWrittenToo() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        try (Mesh mesh = join(Durability.OS)) {
            SharedObject object = mesh.object("o");
            for (int i = 0; i < 150; i++) {
                long begun = System.nanoTime();
                long pause = random.nextLong(TimeUnit.MILLISECONDS.toNanos(3));
                object.patch(Patch.inc("/n", 1)).join();
                while (System.nanoTime() - begun < pause) {
                    Thread.onSpinWait();
                }
                object.patch(Patch.inc("/n", 1)).join();
                assertThatCode(() -> mesh.flush(Duration.ofSeconds(5)))
                        .as("seed %d", seed)
                        .doesNotThrowAnyException();
            }
        }
    }

    /** The revision files of that number that hold a full state. */
    private List<String> fullStates(String number) throws IOException {
        List<String> texts = new ArrayList<>();
        try (Stream<Path> files = Files.walk(temporary.resolve("store"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String text = file.getFileName().toString().startsWith(number + "-") ? Files.readString(file) : "";
                if (text.contains("],\"value\":")) {
                    texts.add(text);
                }
            }
        }
        return texts;
    }

    private static void removed(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void whatWasWrittenWhileNoMeshRanIsTakenIn() {
        write(Durability.OS);
        try (ObjectStore store = ObjectStore.open(temporary.resolve("store"))) {
            String rev = store.get("o").orElseThrow().rev();
            store.update("o", new com.fasterxml.jackson.databind.ObjectMapper().valueToTree(Map.of("n", 70)), rev);
        }
        try (Mesh mesh = join(Durability.OS)) {
            SharedObject object = mesh.object("o");
            assertThat(object.value().toString()).isEqualTo("{\"n\":70}");
            assertThat(object.revision()).isEqualTo(8);
            assertThat(object.patch(Patch.inc("/n", 1)).join().number()).isEqualTo(9);
        }
        try (Mesh again = join(Durability.OS)) {
            assertThat(again.object("o").value().toString()).isEqualTo("{\"n\":71}");
        }
    }

    /** One after the other becomes host by the leaving of the one before, decides its own, and is gone. */
    @Test
    void aHostForAMomentWritesWhatTheOnesBeforeItLeft() {
        for (int round = 1; round <= 5; round++) {
            List<Mesh> members = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                members.add(join(Durability.OS));
            }
            List<CompletableFuture<Revision>> patches = new ArrayList<>();
            for (int i = 0; i < 2_000; i++) {
                patches.add(members.get(0).object("o").patch(Patch.inc("/n", 1)));
            }
            patches.forEach(CompletableFuture::join);
            List<CompletableFuture<Void>> leaving = members.stream()
                    .map(member -> CompletableFuture.runAsync(member::close))
                    .toList();
            leaving.forEach(CompletableFuture::join);
            try (ObjectStore store = ObjectStore.open(temporary.resolve("store"))) {
                assertThat(store.get("o").orElseThrow().revision()).isEqualTo(2_000L * round);
            }
        }
    }

    private void write(Durability durability) {
        try (Mesh mesh = join(durability)) {
            for (int i = 0; i < 7; i++) {
                mesh.object("o").patch(Patch.inc("/n", 1)).join();
            }
        }
    }

    @Test
    void historyThatRetentionLetsGoIsRemovedWhileTheMeshRuns() {
        Path store = temporary.resolve("thinned");
        MeshOptions options = MeshOptions.DEFAULT
                .withDirectory(temporary.resolve("meshes"))
                .withStore(store)
                .withRetention(Retention.EVERYTHING.withRevisions(10));
        try (Mesh mesh = Mesh.join("thinned", options);
                ObjectStore read = ObjectStore.open(store)) {
            SharedObject object = mesh.object("o");
            for (int i = 0; i < 4_000; i++) {
                object.patch(Patch.inc("/n", 1)).join();
            }
            await().atMost(30, TimeUnit.SECONDS)
                    .untilAsserted(() -> assertThat(read.revisions("o").count()).isBetween(10L, 2_500L));
            assertThat(object.value().get("n").asInt()).isEqualTo(4_000);
            assertThatThrownBy(() -> Mesh.join("thinned", options.withRetention(Retention.EVERYTHING)))
                    .hasMessageContaining("[OPTIONS_MISMATCH]");
        }
    }
}
