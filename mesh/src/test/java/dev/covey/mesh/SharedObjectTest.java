package dev.covey.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.covey.patch.Patch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Objects as two members of one mesh see them. */
class SharedObjectTest {
    private static final int MANY = 120_000;

    @TempDir
    Path base;

    private Mesh join(String mesh, String member) {
        return Mesh.join(
                mesh, MeshOptions.DEFAULT.withDirectory(base.resolve("meshes")).withMemberName(member));
    }

    @Test
    void theFirstInitialValueWinsAndALaterOneNeverOverwrites() {
        try (Mesh one = join("initial", "one");
                Mesh two = join("initial", "two")) {
            ObjectOptions first = ObjectOptions.DEFAULT.withInitial(Map.of("by", "one"));
            ObjectOptions second = ObjectOptions.DEFAULT.withInitial(Map.of("by", "two"));
            assertThat(one.object("o", first).value().at("/by").asText()).isEqualTo("one");
            SharedObject seen = two.object("o", second);
            assertThat(seen.value().at("/by").asText()).isEqualTo("one");
            assertThat(seen.revision()).isEqualTo(1);
        }
    }

    @Test
    void everySyntaxOfPatchesWorksThroughTheMesh() {
        try (Mesh mesh = join("syntax", "one")) {
            SharedObject object = mesh.object("o");
            object.patch(Patch.set("/list", List.of(1, 2)).and(Patch.set("/gone", true)))
                    .join();
            object.patch(Patch.push("/list", 3).and(Patch.unset("/gone"))).join();
            object.patch(Patch.jsonPatch("[{\"op\":\"test\",\"path\":\"/list/2\",\"value\":3},"
                            + "{\"op\":\"add\",\"path\":\"/list/0\",\"value\":0},"
                            + "{\"op\":\"replace\",\"path\":\"/list/1\",\"value\":11},"
                            + "{\"op\":\"remove\",\"path\":\"/list/3\"}]"))
                    .join();
            assertThat(object.value().toString()).isEqualTo("{\"list\":[0,11,2]}");
            assertThat(object.revision()).isEqualTo(3);
        }
    }

    @Test
    void theViewHasThisMembersOwnPatchesAtOnce() {
        try (Mesh host = join("view", "host");
                Mesh mesh = join("view", "member")) {
            SharedObject object = mesh.object("o");
            List<CompletableFuture<Revision>> answers = new ArrayList<>();
            for (int i = 1; i <= 500; i++) {
                answers.add(object.patch(Patch.inc("/n", 1)));
                assertThat(object.view().at("/n").asInt()).isEqualTo(i);
                assertThat(object.value().at("/n").asInt()).isLessThanOrEqualTo(i);
            }
            answers.forEach(CompletableFuture::join);
            assertThat(object.view()).isSameAs(object.value());
            assertThat(host.members()).hasSize(2);
        }
    }

    @Test
    void anObserverSeesEachRevisionOnceAndInOrderWhoeverMadeIt() {
        try (Mesh one = join("observed", "one");
                Mesh two = join("observed", "two")) {
            List<Change> seen = new CopyOnWriteArrayList<>();
            List<Change> elsewhere = new CopyOnWriteArrayList<>();
            Observation observation = two.object("o").observe("/n", seen::add);
            two.object("o").observe("/m", elsewhere::add);
            for (int i = 0; i < 100; i++) {
                one.object("o").patch(Patch.inc("/n", 1)).join();
                two.object("o").patch(Patch.inc("/n", 1)).join();
            }
            await().untilAsserted(() -> assertThat(seen).hasSize(200));
            assertThat(seen.stream().map(Change::after).map(JsonNode::asInt))
                    .containsExactlyElementsOf(
                            IntStream.rangeClosed(1, 200).boxed().toList());
            assertThat(seen.stream().map(change -> change.by().name()).distinct())
                    .containsExactlyInAnyOrder("one", "two");
            assertThat(elsewhere).isEmpty();
            observation.close();
            one.object("o").patch(Patch.inc("/n", 1)).join();
            two.object("o").patch(Patch.inc("/n", 1)).join();
            assertThat(seen).hasSize(200);
        }
    }

    @Test
    void anObserverThatThrowsHarmsNobody() {
        try (Mesh mesh = join("throwing", "one")) {
            List<Change> seen = new CopyOnWriteArrayList<>();
            SharedObject object = mesh.object("o");
            object.observe("", change -> {
                throw new IllegalStateException("as a test");
            });
            object.observe("", seen::add);
            object.patch(Patch.inc("/n", 1)).join();
            object.patch(Patch.inc("/n", 1)).join();
            await().untilAsserted(() -> assertThat(seen).hasSize(2));
        }
    }

    @Test
    void whatHangsOnAnAnswerNeverRunsOnTheAgentsThread() {
        try (Mesh mesh = join("threads", "one")) {
            SharedObject object = mesh.object("o");
            for (int i = 0; i < 200; i++) {
                String thread = object.patch(Patch.inc("/n", 1))
                        .thenApply(revision -> Thread.currentThread().getName())
                        .join();
                assertThat(thread).isNotEqualTo("covey-threads");
            }
            CompletableFuture<Revision> late = object.patch(Patch.inc("/n", 1));
            late.join();
            assertThat(CompletableFuture.allOf(late, object.patch(Patch.inc("/n", 1))))
                    .succeedsWithin(java.time.Duration.ofSeconds(5));
        }
    }

    @Test
    void aPatchThatChangesNothingIsAcceptedAndMakesNoRevision() {
        try (Mesh mesh = join("nothing", "one")) {
            SharedObject object = mesh.object("o");
            object.patch(Patch.set("/a", 1)).join();
            Revision same = object.patch(Patch.set("/a", 1)).join();
            assertThat(same.changed()).isFalse();
            assertThat(same.number()).isEqualTo(1);
        }
    }

    @Test
    void aLateJoinerTakesTheSnapshotWhenTheJournalBeforeItIsGone() throws IOException {
        try (Mesh one = join("long", "one")) {
            SharedObject object = one.object("o");
            String padding = "x".repeat(200);
            CompletableFuture<Revision> last = object.patch(Patch.set("/n", 0));
            for (int i = 1; i <= MANY; i++) {
                last = object.patch(Patch.set("/n", i).and(Patch.set("/padding", padding + i)));
                if (i % 1_000 == 0) {
                    last.join();
                }
            }
            last.join();
            Path journal = base.resolve("meshes/long/journal");
            await().untilAsserted(() -> assertThat(bytes(journal)).isLessThan(40L << 20));
            try (Mesh two = join("long", "two")) {
                assertThat(two.object("o").value().at("/n").asInt()).isEqualTo(MANY);
                assertThat(two.object("o").revision()).isEqualTo(MANY + 1);
            }
        }
    }

    private static long bytes(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }
}
