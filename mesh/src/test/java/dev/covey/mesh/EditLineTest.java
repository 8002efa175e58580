package dev.covey.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.covey.mesh.core.Line;
import dev.covey.mesh.protocol.LineId;
import dev.covey.patch.Patch;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The line in which a read-modify-write stands after three attempts in vain; frozen and dead ones are in EditedProcessesIT. */
class EditLineTest {
    private static final LineId LINE = LineId.scope("o", dev.covey.patch.Path.parse("/n"));

    @TempDir
    Path base;

    private Mesh one;
    private Mesh two;
    private Mesh rival;
    private final List<String> order = new CopyOnWriteArrayList<>();

    @BeforeEach
    void join() {
        MeshOptions options = MeshOptions.DEFAULT.withDirectory(base.resolve("meshes"));
        one = Mesh.join("lines", options.withMemberName("one"));
        two = Mesh.join("lines", options.withMemberName("two"));
        rival = Mesh.join("lines", options.withMemberName("rival"));
    }

    @AfterEach
    void leave() {
        rival.close();
        two.close();
        one.close();
    }

    /** Loses three times against the rival, and then, when it has its turn, writes. */
    private CompletableFuture<Integer> unlucky(Mesh mesh) {
        AtomicInteger runs = new AtomicInteger();
        return mesh.object("o").edit("/n", value -> {
            if (runs.incrementAndGet() <= 3) {
                writeAsRival();
            } else {
                order.add(mesh.self().name());
            }
            return increment(value);
        });
    }

    private void writeAsRival() {
        rival.object("o").patch(Patch.inc("/n/rival", 1)).join();
    }

    private static int increment(ObjectNode value) {
        int next = value.path("edits").asInt() + 1;
        value.put("edits", next);
        return next;
    }

    private Turn hadByRival() {
        Turn turn = Turn.queueUp(rival, rival.object("o"), LINE);
        turn.granted().join();
        return turn;
    }

    private void awaitWaiting(int members) {
        await().untilAsserted(() -> {
            Line line = rival.holdings().lines().get(LINE);
            assertThat(line)
                    .isNotNull()
                    .extracting(there -> there.waiting().size())
                    .isEqualTo(members);
        });
    }

    @Test
    void whoLostThreeTimesWaitsForItsTurnAndTurnsComeInTheOrderOfAsking() {
        Turn first = hadByRival();
        CompletableFuture<Integer> second = unlucky(two);
        awaitWaiting(1);
        CompletableFuture<Integer> third = unlucky(one);
        awaitWaiting(2);
        assertThat(order).isEmpty();
        first.leave();
        assertThat(second.join()).isEqualTo(1);
        assertThat(third.join()).isEqualTo(2);
        assertThat(order).containsExactly("two", "one");
        await().until(() -> rival.holdings().lines().isEmpty());
    }

    @Test
    void aMemberThatLeavesGivesItsTurnToTheNext() {
        Turn first = hadByRival();
        CompletableFuture<Integer> next = unlucky(two);
        awaitWaiting(1);
        rival.close();
        assertThat(next.join()).isEqualTo(1);
        assertThat(first.isHeld()).isFalse();
    }

    @Test
    void whoIsStillTooLateWithItsTurnIsToldWhoWroteThere() {
        CompletableFuture<Integer> edit = two.object("o")
                .edit(
                        "/n",
                        value -> {
                            writeAsRival();
                            return increment(value);
                        },
                        EditOptions.DEFAULT.withAttempts(6));
        assertThatThrownBy(edit::join)
                .hasMessageContaining("o at \"/n\": 6 attempts")
                .hasMessageContaining("rival 6 times")
                .hasMessageContaining("[CONFLICT]");
        await().until(() -> rival.holdings().lines().isEmpty());
    }
}
