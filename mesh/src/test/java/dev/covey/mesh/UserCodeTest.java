package dev.covey.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.covey.patch.Patch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Listeners and functions that fail, hang, or do what they should not: the mesh and everybody else go on. */
class UserCodeTest {
    @TempDir
    Path base;

    private Mesh mesh;
    private SharedObject object;
    private final CountDownLatch released = new CountDownLatch(1);

    @BeforeEach
    void join() {
        mesh = Mesh.join("users", MeshOptions.DEFAULT.withDirectory(base.resolve("meshes")));
        object = mesh.object("o");
    }

    @AfterEach
    void leave() {
        released.countDown();
        mesh.close();
    }

    /** What Kotlin, Scala and Groovy do without a word, and Lombok by a word. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> RuntimeException sneaky(Throwable thrown) throws E {
        throw (E) thrown;
    }

    @Test
    void anObserverThatThrowsACheckedExceptionGetsTheNextChange() {
        List<JsonNode> seen = new CopyOnWriteArrayList<>();
        object.observe("/n", change -> {
            seen.add(change.after());
            throw UserCodeTest.<RuntimeException>sneaky(new IOException("checked"));
        });
        for (int i = 1; i <= 3; i++) {
            object.patch(Patch.set("/n", i)).join();
            int told = i;
            await().until(() -> seen.size() == told);
        }
        assertThat(seen).extracting(JsonNode::intValue).containsExactly(1, 2, 3);
    }

    @Test
    void anObserverWhoseExceptionCannotEvenBePrintedGetsTheNextChange() {
        List<JsonNode> seen = new CopyOnWriteArrayList<>();
        object.observe("/n", change -> {
            seen.add(change.after());
            throw new Unprintable();
        });
        object.patch(Patch.set("/n", 1)).join();
        await().until(() -> seen.size() == 1);
        object.patch(Patch.set("/n", 2)).join();
        await().until(() -> seen.size() == 2);
    }

    @SuppressWarnings("serial") // never written
    private static final class Unprintable extends RuntimeException {
        @Override
        public String getMessage() {
            throw new IllegalStateException("no message either");
        }
    }

    @Test
    void aFunctionThatThrowsACheckedExceptionEndsItsUpdateAndTheNextOneOfThatPlaceRuns() {
        IOException checked = new IOException("checked");
        assertThatThrownBy(() -> object.update("/n", value -> {
                            throw UserCodeTest.<RuntimeException>sneaky(checked);
                        })
                        .orTimeout(5, TimeUnit.SECONDS)
                        .join())
                .isInstanceOf(CompletionException.class)
                .hasCause(checked);
        object.update("/n", value -> IntNode.valueOf(7))
                .orTimeout(5, TimeUnit.SECONDS)
                .join();
        assertThat(object.value().path("n").asInt()).isEqualTo(7);
    }

    @Test
    void threeHundredObserversThatNeverReturnDoNotSilenceTheOthersAndAreNamed() {
        int stuck = UserThreads.MAX_THREADS + 44;
        AtomicInteger hanging = new AtomicInteger();
        for (int i = 0; i < stuck; i++) {
            object.observe("/n", change -> {
                hanging.incrementAndGet();
                awaitRelease();
            });
        }
        List<JsonNode> seen = new CopyOnWriteArrayList<>();
        object.observe("/n", change -> seen.add(change.after()));
        object.patch(Patch.set("/n", 1)).join();
        await().atMost(Duration.ofSeconds(10)).until(() -> seen.size() == 1);
        object.patch(Patch.set("/n", 2)).join();
        await().atMost(Duration.ofSeconds(10)).until(() -> seen.size() == 2);
        await().until(() -> hanging.get() == stuck);
        await().untilAsserted(() -> assertThat(mesh.statistics().stuck())
                .hasSize(stuck)
                .allMatch(name -> name.equals("the observer of o at \"/n\"")));
        released.countDown();
        await().untilAsserted(() -> assertThat(mesh.statistics().stuck()).isEmpty());
    }

    private void awaitRelease() {
        boolean over = false;
        while (!over) {
            try {
                released.await();
                over = true;
            } catch (InterruptedException notYet) {
                Thread.currentThread().interrupt();
                over = true;
            }
        }
    }

    @Test
    void anEditWhoseFunctionPatchesItsOwnObjectIsToldSoAtTheFirstAttempt() {
        AtomicInteger runs = new AtomicInteger();
        assertThatThrownBy(() -> object.edit("", value -> {
                            runs.incrementAndGet();
                            object.patch(Patch.inc("/n", 1)).join();
                            return value.put("m", 1);
                        })
                        .join())
                .hasCauseInstanceOf(MeshException.class)
                .hasMessageContaining("itself sent a change to this object")
                .hasMessageContaining("NOT_REPEATABLE");
        assertThat(runs).hasValue(1);
    }

    @Test
    void aFunctionThatPatchesItsOwnObjectElsewhereThanItsScopeIsInNobodysWay() {
        ObjectNode result = object.edit("/scope", value -> {
                    object.patch(Patch.inc("/elsewhere", 1)).join();
                    return value.put("m", 1);
                })
                .join();
        assertThat(result.path("m").asInt()).isEqualTo(1);
        assertThat(object.value().path("scope").path("m").asInt()).isEqualTo(1);
    }

    @Test
    void anEditWithinAnEditOfTheSamePlaceIsRefusedInsteadOfWaitingForItself() {
        assertThatThrownBy(() -> object.edit(
                                "/a", outer -> object.edit("/a", inner -> 1).join())
                        .orTimeout(5, TimeUnit.SECONDS)
                        .join())
                .hasCauseInstanceOf(MeshException.class)
                .hasMessageContaining("would wait for its own end");
    }

    @Test
    void theCodeStandsOnceInAMessageThatIsToldAgain() {
        mesh.close();
        assertThatThrownBy(() -> mesh.object("o"))
                .isInstanceOf(MeshException.class)
                .satisfies(
                        thrown -> assertThat(String.valueOf(thrown.getMessage()).split("\\[CLOSED]", -1))
                                .hasSize(2));
    }
}
