package dev.covey.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bytes between members that all live in this JVM. */
class ChannelTest {
    @TempDir
    Path base;

    @SuppressWarnings("NullAway.Init") // by join
    private Mesh one;

    @SuppressWarnings("NullAway.Init") // by join
    private Mesh two;

    private final Ear ear = new Ear();

    /** Keeps what it hears. */
    private static final class Ear implements ChannelListener {
        private final List<byte[]> heard = new CopyOnWriteArrayList<>();
        private final List<Long> lost = new CopyOnWriteArrayList<>();
        private final List<MeshCode> ends = new CopyOnWriteArrayList<>();

        @Override
        public void received(long from, byte[] message) {
            heard.add(message);
        }

        @Override
        public void lost(long member) {
            lost.add(member);
        }

        @Override
        public void ended(MeshException why) {
            ends.add(why.code());
        }

        private List<String> texts() {
            return heard.stream()
                    .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                    .toList();
        }
    }

    @BeforeEach
    void join() {
        one = joined("one");
        two = joined("two");
        await().until(() -> one.members().size() == 2);
    }

    @AfterEach
    void close() {
        two.close();
        one.close();
    }

    private Mesh joined(String name) {
        return Mesh.join(
                "talk",
                MeshOptions.DEFAULT.withDirectory(base.resolve("meshes")).withMemberName(name));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void messagesArriveInOrderEachOnce() {
        two.channel("talk").receive(ear);
        for (int i = 0; i < 1_000; i++) {
            one.channel("talk").send(two.self().number(), bytes("m" + i));
        }
        await().until(() -> ear.heard.size() >= 1_000);
        for (int i = 0; i < 1_000; i++) {
            assertThat(ear.texts().get(i)).isEqualTo("m" + i);
        }
        assertThat(ear.heard).hasSize(1_000);
    }

    @Test
    void messagesOfAllLengthsArriveWhole() {
        SplittableRandom random = new SplittableRandom(5);
        two.channel("talk").receive(ear);
        List<byte[]> sent = new CopyOnWriteArrayList<>();
        for (int i = 0; i < 60; i++) {
            byte[] message = new byte[random.nextInt(1 << random.nextInt(1, 21))];
            random.nextBytes(message);
            sent.add(message);
            one.channel("talk").send(two.self().number(), message);
        }
        await().until(() -> ear.heard.size() == sent.size());
        for (int i = 0; i < sent.size(); i++) {
            assertThat(ear.heard.get(i)).as("message " + i + " of seed 5").isEqualTo(sent.get(i));
        }
    }

    @Test
    void aMemberCanSendToItself() {
        one.channel("talk").receive(ear);
        one.channel("talk").send(one.self().number(), bytes("me"));
        await().untilAsserted(() -> assertThat(ear.texts()).containsExactly("me"));
    }

    @Test
    void aBroadcastReachesEveryOtherMember() {
        Ear own = new Ear();
        Ear third = new Ear();
        one.channel("talk").receive(own);
        two.channel("talk").receive(ear);
        try (Mesh three = joined("three")) {
            three.channel("talk").receive(third);
            await().until(() -> one.members().size() == 3);
            assertThat(one.channel("talk").broadcast(bytes("all")))
                    .containsExactly(two.self().number(), three.self().number());
            await().untilAsserted(() -> assertThat(ear.texts()).containsExactly("all"));
            await().untilAsserted(() -> assertThat(third.texts()).containsExactly("all"));
            assertThat(own.heard).isEmpty();
        }
    }

    @Test
    void channelsDoNotHearEachOther() {
        Ear other = new Ear();
        two.channel("talk").receive(ear);
        two.channel("other").receive(other);
        one.channel("other").send(two.self().number(), bytes("o"));
        one.channel("talk").send(two.self().number(), bytes("t"));
        await().untilAsserted(() -> assertThat(ear.texts()).containsExactly("t"));
        await().untilAsserted(() -> assertThat(other.texts()).containsExactly("o"));
    }

    @Test
    void aSlowListenerIsToldToTheSenderAndNothingIsDropped() throws InterruptedException {
        CountDownLatch open = new CountDownLatch(1);
        two.channel("talk").receive(new ChannelListener() {
            @Override
            public void received(long from, byte[] message) {
                try {
                    open.await();
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                }
                ear.received(from, message);
            }
        });
        int[] sent = {0};
        assertThatThrownBy(() -> {
                    while (sent[0] < 100_000) {
                        one.channel("talk").send(two.self().number(), new byte[8]);
                        sent[0]++;
                    }
                })
                .hasMessageContaining("has 4096 messages of this member not handled yet")
                .hasMessageEndingWith("[OVERLOADED]");
        assertThat(sent[0]).isEqualTo(4_096);
        open.countDown();
        await().until(() -> ear.heard.size() == sent[0]);
        await().ignoreExceptions().until(() -> {
            one.channel("talk").send(two.self().number(), new byte[8]);
            return true;
        });
    }

    @Test
    void aTooLongMessageIsRefusedWithItsLimit() {
        assertThatThrownBy(() -> one.channel("talk").send(two.self().number(), new byte[(32 << 20) + 1]))
                .hasMessageContaining("at most 33554432")
                .hasMessageEndingWith("[LIMIT_EXCEEDED]");
    }

    @Test
    void aMemberThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> one.channel("talk").send(99, new byte[1]))
                .hasMessageContaining("mesh talk has no member 99")
                .hasMessageEndingWith("[PEER_LOST]");
    }

    @Test
    void whatALeavingMemberSentIsHeardBeforeItIsLost() {
        one.channel("talk").receive(new ChannelListener() {
            @Override
            public void received(long from, byte[] message) {
                ear.received(from, message);
            }

            @Override
            public void lost(long member) {
                ear.lost.add(member * 1_000 + ear.heard.size());
            }
        });
        long leaving = two.self().number();
        two.channel("talk").send(one.self().number(), bytes("last"));
        await().until(() -> !ear.heard.isEmpty());
        two.close();
        await().untilAsserted(() -> assertThat(ear.lost).containsExactly(leaving * 1_000 + 1));
    }

    @Test
    void aHostThatLeavesIsNotNoticedByThoseWhoTalk() {
        try (Mesh three = joined("three")) {
            three.channel("talk").receive(ear);
            int sent = 0;
            one.close();
            while (two.epoch() < 2 || sent < 500) {
                if (sent - ear.heard.size() < 1_000) {
                    two.channel("talk")
                            .send(
                                    three.self().number(),
                                    ByteBuffer.allocate(4).putInt(sent).array());
                    sent++;
                }
            }
            int all = sent;
            await().until(() -> ear.heard.size() >= all);
            for (int i = 0; i < all; i++) {
                assertThat(ByteBuffer.wrap(ear.heard.get(i)).getInt()).isEqualTo(i);
            }
        }
    }

    @Test
    void whoListensIsToldWhenTheMeshEndsHere() {
        two.channel("talk").receive(ear);
        two.close();
        await().untilAsserted(() -> assertThat(ear.ends).containsExactly(MeshCode.CLOSED));
        assertThatThrownBy(() -> two.channel("talk").send(one.self().number(), new byte[1]))
                .hasMessageEndingWith("[CLOSED]");
    }

    @Test
    void aSecondListenerIsRefusedUntilTheFirstIsClosed() {
        Observation first = one.channel("talk").receive(ear);
        assertThatThrownBy(() -> one.channel("talk").receive(ear))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("channel talk has a listener");
        first.close();
        one.channel("talk").receive(ear);
        one.channel("talk").send(one.self().number(), bytes("again"));
        await().untilAsserted(() -> assertThat(ear.texts()).containsExactly("again"));
    }
}
