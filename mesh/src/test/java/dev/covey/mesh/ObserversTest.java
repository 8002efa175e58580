package dev.covey.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.covey.mesh.Change.Cause;
import dev.covey.patch.Patch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What observers are told, and what becomes of slow ones. */
class ObserversTest {
    @TempDir
    Path base;

    private Mesh mesh;
    private SharedObject object;
    private final List<Change> seen = new CopyOnWriteArrayList<>();
    private final CountDownLatch busy = new CountDownLatch(1);

    @BeforeEach
    void join() {
        mesh = Mesh.join("observers", MeshOptions.DEFAULT.withDirectory(base.resolve("meshes")));
        object = mesh.object("o");
    }

    @AfterEach
    void leave() {
        busy.countDown();
        mesh.close();
    }

    private void patch(Patch patch) {
        object.patch(patch).join();
    }

    private List<String> paths() {
        return seen.stream().map(Change::path).toList();
    }

    @Test
    void anAsteriskStandsForOneStepAndEachMatchIsToldByItself() {
        object.observe("/users/*/name", seen::add);
        patch(Patch.set("/users/ann/name", "Ann").and(Patch.set("/users/bob/name", "Bob")));
        patch(Patch.set("/users/ann/age", 30));
        patch(Patch.set("/users", Map.of("ann", Map.of("name", "Anna"))));
        await().untilAsserted(() -> assertThat(paths())
                .containsExactly("/users/ann/name", "/users/bob/name", "/users/ann/name", "/users/bob/name"));
        assertThat(seen.get(2).before().asText()).isEqualTo("Ann");
        assertThat(seen.get(2).after().asText()).isEqualTo("Anna");
        assertThat(seen.get(3).after().isMissingNode()).isTrue();
        assertThat(seen.get(3).revision()).isEqualTo(3);
    }

    @Test
    void twoAsterisksStandForAnyDepth() {
        object.observe("/**/n", seen::add);
        patch(Patch.set("/n", 1).and(Patch.set("/a/b/n", 2)).and(Patch.set("/a/b/m", 3)));
        patch(Patch.inc("/a/b/n", 1));
        await().untilAsserted(() -> assertThat(paths()).containsExactlyInAnyOrder("/n", "/a/b/n", "/a/b/n"));
    }

    @Test
    void twoAsterisksAtTheEndTellWhereTheDifferenceIs() {
        patch(Patch.set("/a", Map.of("b", Map.of("c", 1), "list", List.of(1))));
        object.observe("/a/**", seen::add);
        patch(Patch.set("/a/b/c", 2));
        patch(Patch.push("/a/list", 2));
        patch(Patch.set("/a/b", Map.of("c", 2, "d", 4)));
        await().untilAsserted(() -> assertThat(paths()).containsExactly("/a/b/c", "/a/list", "/a/b/d"));
    }

    @Test
    void aPlainAsteriskIsWrittenWithATilde() {
        object.observe("/~2", seen::add);
        patch(Patch.set("/x", 1));
        patch(Patch.set("/*", 2));
        await().untilAsserted(
                        () -> assertThat(seen).extracting(Change::revision).containsExactly(2L));
    }

    @Test
    void anObserverMayBeginWithWhatIsThere() {
        patch(Patch.set("/n", 1));
        object.observe("/n", ObserveOptions.DEFAULT.withFromCurrent(true), seen::add);
        patch(Patch.set("/n", 2));
        await().untilAsserted(() -> assertThat(seen).hasSize(2));
        assertThat(seen.get(0).before().isMissingNode()).isTrue();
        assertThat(seen.get(0).after().asInt()).isEqualTo(1);
        assertThat(seen.get(0).cause()).isEqualTo(Cause.SNAPSHOT);
        assertThat(seen.get(1).before().asInt()).isEqualTo(1);
        assertThat(seen.get(1).cause()).isEqualTo(Cause.PATCH);
    }

    /** However the beginning falls between the revisions, the first is what the second starts from. */
    @Test
    void whoBeginsWhileOthersPatchMissesNothingAndSeesNothingTwice() {
        List<CompletableFuture<Revision>> answers = new ArrayList<>();
        List<List<Change>> all = new ArrayList<>();
        int patches = 2_000;
        for (int i = 0; i < patches; i++) {
            answers.add(object.patch(Patch.inc("/n", 1)));
            if (i % 100 == 50) {
                List<Change> own = new CopyOnWriteArrayList<>();
                all.add(own);
                object.observe("/n", ObserveOptions.DEFAULT.withFromCurrent(true), own::add);
            }
        }
        answers.forEach(CompletableFuture::join);
        for (List<Change> own : all) {
            await().until(() -> !own.isEmpty() && own.get(own.size() - 1).revision() == patches);
            for (int i = 1; i < own.size(); i++) {
                assertThat(own.get(i).revision()).isEqualTo(own.get(i - 1).revision() + 1);
                assertThat(own.get(i).before()).isEqualTo(own.get(i - 1).after());
            }
        }
    }

    private void stuckUntilNotBusy(Change change) {
        seen.add(change);
        try {
            busy.await();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aCoalescingObserverGetsTheLatestAndHowManyWereSkipped() {
        object.observe("/n", ObserveOptions.DEFAULT.withCoalescing(true), this::stuckUntilNotBusy);
        patch(Patch.inc("/n", 1));
        await().until(() -> seen.size() == 1);
        for (int i = 0; i < 9; i++) {
            patch(Patch.inc("/n", 1));
        }
        busy.countDown();
        await().untilAsserted(() -> assertThat(seen).hasSize(2));
        Change latest = seen.get(1);
        assertThat(latest.before().asInt()).isEqualTo(1);
        assertThat(latest.after().asInt()).isEqualTo(10);
        assertThat(latest.skipped()).isEqualTo(8);
        assertThat(latest.cause()).isEqualTo(Cause.SNAPSHOT);
    }

    @Test
    void whatDoesNotFitAnObserversQueueIsFoldedIntoOneSnapshot() {
        object.observe("/n", ObserveOptions.DEFAULT.withQueue(4), this::stuckUntilNotBusy);
        patch(Patch.inc("/n", 1));
        await().until(() -> seen.size() == 1);
        for (int i = 0; i < 6; i++) {
            patch(Patch.inc("/n", 1));
        }
        busy.countDown();
        await().until(() -> seen.get(seen.size() - 1).revision() == 7);
        assertThat(seen).extracting(Change::cause).containsExactly(Cause.PATCH, Cause.SNAPSHOT, Cause.PATCH);
        assertThat(seen).extracting(Change::skipped).containsExactly(0L, 4L, 0L);
        assertThat(seen.get(1).before().asInt()).isEqualTo(1);
        assertThat(seen.get(1).after().asInt()).isEqualTo(6);
    }

    @Test
    void aChangeAndItsUndoingAreToldEvenWhenTheyAreFolded() {
        object.observe("/n", ObserveOptions.DEFAULT.withCoalescing(true), this::stuckUntilNotBusy);
        patch(Patch.set("/n", 0));
        await().until(() -> seen.size() == 1);
        patch(Patch.set("/n", 1));
        patch(Patch.set("/n", 0));
        busy.countDown();
        await().untilAsserted(() -> assertThat(seen).hasSize(2));
        assertThat(seen.get(1).skipped()).isEqualTo(1);
    }

    @Test
    void anObserverThatIsStuckHarmsNoOther() {
        object.observe("/n", this::stuckUntilNotBusy);
        List<Change> other = new CopyOnWriteArrayList<>();
        object.observe("/n", other::add);
        for (int i = 0; i < 20; i++) {
            patch(Patch.inc("/n", 1));
        }
        await().untilAsserted(() -> assertThat(other).hasSize(20));
        await().untilAsserted(() -> assertThat(seen).hasSize(1));
    }

    @Test
    void aPathThatIsNoPointerIsRefusedWithAHint() {
        assertThatThrownBy(() -> object.observe("a/b", seen::add))
                .isInstanceOf(MeshException.class)
                .hasMessageContaining("** for any number of steps")
                .hasMessageContaining("[INVALID_PATCH]");
        assertThatThrownBy(() -> ObserveOptions.DEFAULT.withQueue(0)).hasMessageContaining("[LIMIT_EXCEEDED]");
    }

    @Test
    void aRefusedPatchLeavesTheViewAndItsFutureAndTheListenerSayWhy() {
        patch(Patch.set("/name", "text"));
        List<MeshException> told = new CopyOnWriteArrayList<>();
        List<Patch> which = new CopyOnWriteArrayList<>();
        object.onRefused((patch, why) -> {
            which.add(patch);
            told.add(why);
        });
        Patch renames = Patch.set("/name", "other");
        CompletableFuture<Revision> refused =
                object.patch(renames, PatchOptions.DEFAULT.withIfRevision(7).withRestamped(0));
        assertThatThrownBy(refused::join)
                .isInstanceOf(CompletionException.class)
                .hasMessageContaining("revision 7 was expected, it is at 1")
                .hasMessageContaining("[CONFLICT]");
        assertThat(object.view()).isSameAs(object.value());
        await().untilAsserted(() -> assertThat(told).hasSize(1));
        assertThat(told.get(0).refused().orElseThrow().value().at("/name").asText())
                .isEqualTo("text");
        assertThat(which).containsExactly(renames);
    }
}
