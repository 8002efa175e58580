package dev.covey.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.covey.patch.Patch;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Read-modify-write: nothing is lost, and it ends. */
class EditTest {
    @TempDir
    Path base;

    private Mesh one;
    private Mesh two;

    @BeforeEach
    void join() {
        MeshOptions options = MeshOptions.DEFAULT.withDirectory(base.resolve("meshes"));
        one = Mesh.join("edited", options.withMemberName("one"));
        two = Mesh.join("edited", options.withMemberName("two"));
    }

    @AfterEach
    void leave() {
        two.close();
        one.close();
    }

    private static int increment(ObjectNode value) {
        int next = value.path("n").asInt() + 1;
        value.put("n", next);
        return next;
    }

    @Test
    void anEditReturnsWhatItsFunctionReturnedAndNothingIsLostBetweenTwoMembers() {
        List<CompletableFuture<Integer>> results = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            results.add(one.scoped("counter", EditTest::increment));
            results.add(two.scoped("counter", EditTest::increment));
        }
        List<Integer> returned =
                results.stream().map(CompletableFuture::join).sorted().toList();
        assertThat(returned).doesNotHaveDuplicates().hasSize(400).contains(1, 400);
        await().untilAsserted(() ->
                assertThat(one.object("counter").value().toString()).isEqualTo("{\"n\":400}"));
    }

    @Test
    void aScopeThatIsNotThereIsMadeByOneOfThemOnly() {
        List<CompletableFuture<Integer>> results = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            String scope = "/rooms/r" + i / 2;
            results.add(one.object("house").edit(scope, EditTest::increment));
            results.add(two.object("house").edit(scope, EditTest::increment));
        }
        results.forEach(CompletableFuture::join);
        await().untilAsserted(() -> assertThat(one.object("house").value().at("/rooms"))
                .hasSize(10)
                .allSatisfy(room -> assertThat(room.toString()).isEqualTo("{\"n\":4}")));
    }

    @Test
    void anUpdateMayReplaceTheValueOrTakeItAway() {
        SharedObject object = one.object("o");
        object.patch(Patch.set("/a", Map.of("n", 1))).join();
        Revision revision = object.update(
                        "/a", value -> IntNode.valueOf(value.get("n").asInt() + 1))
                .join();
        assertThat(revision.number()).isEqualTo(2);
        assertThat(object.value().toString()).isEqualTo("{\"a\":2}");
        object.update("/a", value -> MissingNode.getInstance()).join();
        assertThat(object.value().toString()).isEqualTo("{}");
        assertThat(object.update("/a", value -> value).join().changed()).isFalse();
        object.update("", value -> ((ObjectNode) value).put("whole", true)).join();
        assertThat(object.value().toString()).isEqualTo("{\"whole\":true}");
    }

    @Test
    void separateScopesOfOneObjectDoNotDisturbEachOther() {
        SharedObject object = one.object("parts");
        AtomicInteger runs = new AtomicInteger();
        CompletableFuture<Integer> edit = object.edit("/mine", value -> {
            if (runs.incrementAndGet() == 1) {
                two.object("parts").patch(Patch.set("/other", 1)).join();
            }
            return increment(value);
        });
        assertThat(edit.join()).isEqualTo(1);
        assertThat(runs).hasValue(1);
    }

    @Test
    void whoWasTooLateRunsAgainOnTheNewValue() {
        SharedObject object = one.object("late");
        AtomicInteger runs = new AtomicInteger();
        int result = object.edit("", value -> {
                    if (runs.incrementAndGet() == 1) {
                        two.object("late").patch(Patch.set("/n", 41)).join();
                    }
                    return increment(value);
                })
                .join();
        assertThat(result).isEqualTo(42);
        assertThat(runs).hasValue(2);
        assertThat(one.statistics().retries()).isEqualTo(1);
    }

    @Test
    void whenTheAttemptsAreUsedUpTheErrorNamesWhoWasFaster() {
        SharedObject object = one.object("busy");
        CompletableFuture<Integer> edit = object.edit(
                "/n",
                value -> {
                    two.object("busy")
                            .patch(Patch.set("/n", Map.of("at", System.nanoTime())))
                            .join();
                    return increment(value);
                },
                EditOptions.DEFAULT.withAttempts(3));
        assertThatThrownBy(edit::join)
                .isInstanceOf(CompletionException.class)
                .hasMessageContaining("busy at \"/n\": 3 attempts")
                .hasMessageContaining("two 3 times")
                .hasMessageContaining("[CONFLICT]");
    }

    @Test
    void whenTheTimeIsUsedUpNoFurtherAttemptBegins() {
        SharedObject object = one.object("slow");
        CompletableFuture<Integer> edit = object.edit(
                "",
                value -> {
                    two.object("slow").patch(Patch.inc("/m", 1)).join();
                    return increment(value);
                },
                EditOptions.DEFAULT.withTimeout(Duration.ofMillis(200)).withAttempts(Integer.MAX_VALUE));
        assertThatThrownBy(edit::join).hasMessageContaining("attempts within").hasMessageContaining("[CONFLICT]");
    }

    @Test
    void aFunctionThatThrowsEndsTheEditAndTheNextOneRuns() {
        SharedObject object = one.object("throwing");
        CompletableFuture<Integer> thrown = object.edit("", value -> {
            throw new IllegalStateException("as a test");
        });
        CompletableFuture<Integer> next = object.edit("", EditTest::increment);
        assertThatThrownBy(thrown::join).hasRootCauseMessage("as a test");
        assertThat(next.join()).isEqualTo(1);
    }

    @Test
    void aScopeThatIsNoObjectIsRefusedByEdit() {
        SharedObject object = one.object("text");
        object.patch(Patch.set("/name", "text")).join();
        assertThatThrownBy(object.edit("/name", EditTest::increment)::join)
                .hasMessageContaining("text at \"/name\" is \"text\", edit needs an object or nothing")
                .hasMessageContaining("[INVALID_PATCH]");
    }

    @Test
    void aFunctionThatDependsOnMoreThanTheValueIsFoundOut() {
        AtomicInteger hidden = new AtomicInteger();
        CompletableFuture<Integer> edit = one.object("checked")
                .edit(
                        "",
                        value -> {
                            value.put("n", hidden.incrementAndGet());
                            return 0;
                        },
                        EditOptions.DEFAULT.withChecked(true));
        assertThatThrownBy(edit::join).hasMessageContaining("[NOT_REPEATABLE]");
        assertThat(one.object("checked").revision()).isZero();
        assertThat(one.object("checked")
                        .edit("", EditTest::increment, EditOptions.DEFAULT.withChecked(true))
                        .join())
                .isEqualTo(1);
    }

    @Test
    void editsThatWaitWhenTheMeshIsClosedEndAndSaySo() {
        List<CompletableFuture<Integer>> edits = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            edits.add(two.scoped("closing", EditTest::increment));
        }
        two.close();
        long done = 0;
        for (CompletableFuture<Integer> edit : edits) {
            if (edit.handle((result, why) -> why == null).join()) {
                done++;
            }
        }
        long counted = done;
        await().untilAsserted(() ->
                assertThat(one.object("closing").value().path("n").asLong()).isEqualTo(counted));
        assertThat(done).isLessThan(5_000);
        assertThatThrownBy(edits.get(4_999)::join).hasMessageContaining("[CLOSED]");
    }

    @Test
    void functionsRunOnThreadsOfTheirOwn() {
        List<String> threads = new CopyOnWriteArrayList<>();
        one.scoped("threads", value -> threads.add(Thread.currentThread().getName()))
                .join();
        assertThat(threads.get(0)).startsWith("covey-functions-edited");
    }
}
