package dev.covey.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events in one order for all, between members in this JVM. */
class OrderedChannelTest {
    private static final int EACH = 300;

    @TempDir
    Path base;

    @SuppressWarnings("NullAway.Init") // by join
    private Mesh one;

    @SuppressWarnings("NullAway.Init") // by join
    private Mesh two;

    @BeforeEach
    void join() {
        one = joined();
        two = joined();
    }

    @AfterEach
    void close() {
        one.close();
        two.close();
    }

    private Mesh joined() {
        return Mesh.join("ordered", MeshOptions.DEFAULT.withDirectory(base.resolve("meshes")));
    }

    private static List<String> heard(Mesh mesh, long after) {
        List<String> heard = new CopyOnWriteArrayList<>();
        mesh.channel("talk").ordered().receive(after, new OrderedListener() {
            @Override
            public void received(long number, long from, JsonNode event) {
                heard.add(number + ":" + from + ":" + event.asInt());
            }

            @Override
            public void missed(long first, long last) {
                heard.add("missed " + first + " to " + last);
            }
        });
        return heard;
    }

    private static List<CompletableFuture<Long>> publish(Mesh mesh, int count) {
        List<CompletableFuture<Long>> published = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            published.add(mesh.channel("talk").ordered().publish(IntNode.valueOf(i)));
        }
        return published;
    }

    @Test
    void twoPublishersAreHeardInOneOrderThatIsTheSameEverywhere() {
        List<String> atOne = heard(one, 0);
        List<String> atTwo = heard(two, 0);
        List<CompletableFuture<Long>> published = new ArrayList<>(publish(one, EACH));
        published.addAll(publish(two, EACH));
        published.forEach(CompletableFuture::join);
        await().until(() -> atOne.size() == 2 * EACH && atTwo.size() == 2 * EACH);
        assertThat(atOne).isEqualTo(atTwo);
        for (Mesh mesh : List.of(one, two)) {
            int expected = 0;
            for (String event : atOne) {
                if (event.contains(":" + mesh.self().number() + ":")) {
                    assertThat(event).endsWith(":" + expected++);
                }
            }
            assertThat(expected).isEqualTo(EACH);
        }
    }

    @Test
    void aLaterListenerHearsAgainWhatIsKeptAndIsToldWhatIsNot() {
        publish(one, OrderedChannel.KEPT + 10).forEach(CompletableFuture::join);
        await().until(() -> two.channel("talk").ordered().last() == OrderedChannel.KEPT + 10);
        List<String> all = heard(two, 0);
        await().untilAsserted(() -> assertThat(all).hasSize(OrderedChannel.KEPT + 1));
        assertThat(all.get(0)).isEqualTo("missed 1 to 10");
        assertThat(all.get(1)).isEqualTo("11:" + one.self().number() + ":10");
        List<String> last = heard(two, OrderedChannel.KEPT + 8);
        await().until(() -> last.size() == 2);
    }

    @Test
    void whatWasAcknowledgedSurvivesItsPublisherAndTheHost() {
        List<String> atTwo = heard(two, 0);
        List<CompletableFuture<Long>> published = publish(one, 50);
        published.forEach(CompletableFuture::join);
        one.close();
        two.channel("talk").ordered().publish(IntNode.valueOf(99)).join();
        await().until(() -> atTwo.size() == 51);
        assertThat(atTwo.get(50)).isEqualTo("51:" + two.self().number() + ":99");
        assertThat(atTwo).doesNotHaveDuplicates();
    }
}
