package dev.covey.mesh.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.covey.mesh.Channel;
import dev.covey.mesh.ChannelListener;
import dev.covey.mesh.Mesh;
import dev.covey.mesh.MeshOptions;
import dev.covey.mesh.local.ChildJvm;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What members say to each other while processes are killed. */
class ChannelIT {
    private static final String MESH = "talk";
    private static final String CHANNEL = "numbers";
    /** Ten times what it takes on a machine with nothing else to do. */
    private static final long PEER_LOST_MILLIS = 1_000;

    /** Below what an echo may have under way itself. */
    private static final int MAX_UNDER_WAY = 2_000;

    @TempDir
    Path base;

    private final List<ChildJvm> children = new ArrayList<>();
    private final ConcurrentLinkedQueue<Integer> echoes = new ConcurrentLinkedQueue<>();
    private final AtomicInteger heard = new AtomicInteger();
    private final List<Long> lostAt = new CopyOnWriteArrayList<>();

    /** A member that sends back whatever it hears, until its parent closes its input or ends. */
    static final class Echo {
        public static void main(String[] arguments) throws IOException {
            Mesh mesh = Mesh.join(MESH, MeshOptions.DEFAULT.withDirectory(Path.of(arguments[0])));
            Channel channel = mesh.channel(CHANNEL);
            channel.receive(new ChannelListener() {
                @Override
                public void received(long from, byte[] message) {
                    channel.send(from, message);
                }
            });
            System.out.println(mesh.self().number());
            while (System.in.read() >= 0) {
                Thread.onSpinWait();
            }
        }
    }

    private ChildJvm child() {
        ChildJvm child = ChildJvm.start(Echo.class, base.resolve("m").toString());
        children.add(child);
        return child;
    }

    private Mesh joined() {
        return Mesh.join(MESH, MeshOptions.DEFAULT.withDirectory(base.resolve("m")));
    }

    private void listen(Mesh mesh) {
        mesh.channel(CHANNEL).receive(new ChannelListener() {
            @Override
            public void received(long from, byte[] message) {
                heard.incrementAndGet();
                echoes.add(ByteBuffer.wrap(message).getInt());
            }

            @Override
            public void lost(long member) {
                lostAt.add(System.nanoTime());
            }
        });
    }

    @AfterEach
    void endAll() {
        children.forEach(ChildJvm::close);
    }

    private void sendPatiently(Mesh mesh, long peer, int number) {
        if (number - heard.get() >= MAX_UNDER_WAY) {
            await().atMost(20, TimeUnit.SECONDS)
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> number - heard.get() < MAX_UNDER_WAY);
        }
        mesh.channel(CHANNEL).send(peer, ByteBuffer.allocate(4).putInt(number).array());
    }

    private void assertEchoed(int count) {
        await().atMost(20, TimeUnit.SECONDS).until(() -> echoes.size() >= count);
        int expected = 0;
        for (int echo : echoes) {
            assertThat(echo).isEqualTo(expected++);
        }
        assertThat(echoes).hasSize(count);
    }

    @Test
    void whenTheHostIsKilledTheOthersTalkOnAndNothingIsLostOrDoubled() {
        ChildJvm host = child();
        assertThat(host.line()).isEqualTo("1");
        ChildJvm echo = child();
        long peer = Long.parseLong(echo.line());
        try (Mesh mesh = joined()) {
            listen(mesh);
            int sent = 0;
            while (sent < 4_000) {
                sendPatiently(mesh, peer, sent++);
                if (sent == 2_000) {
                    host.kill();
                }
            }
            await().until(() -> mesh.epoch() == 2);
            for (int more = 0; more < 1_000; more++) {
                sendPatiently(mesh, peer, sent++);
            }
            assertEchoed(sent);
        }
    }

    @Test
    void whenBothOfTwoSuccessiveHostsAreKilledTheSameHolds() {
        List<ChildJvm> hosts = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            ChildJvm host = child();
            host.line();
            hosts.add(host);
        }
        ChildJvm echo = child();
        long peer = Long.parseLong(echo.line());
        try (Mesh mesh = joined()) {
            listen(mesh);
            int sent = 0;
            for (ChildJvm host : hosts) {
                long epoch = mesh.epoch();
                host.kill();
                while (mesh.epoch() == epoch) {
                    sendPatiently(mesh, peer, sent++);
                }
            }
            assertEchoed(sent);
        }
    }

    @Test
    void aMemberThatIsKilledIsToldLostAtOnce() {
        try (Mesh mesh = joined()) {
            listen(mesh);
            ChildJvm echo = child();
            long peer = Long.parseLong(echo.line());
            sendPatiently(mesh, peer, 0);
            assertEchoed(1);
            long killed = System.nanoTime();
            echo.kill();
            await().until(() -> !lostAt.isEmpty());
            assertThat(TimeUnit.NANOSECONDS.toMillis(lostAt.get(0) - killed)).isLessThan(PEER_LOST_MILLIS);
        }
    }

    @Test
    void aHostThatIsKilledIsToldLostAtOnce() {
        ChildJvm host = child();
        long peer = Long.parseLong(host.line());
        try (Mesh mesh = joined()) {
            listen(mesh);
            sendPatiently(mesh, peer, 0);
            assertEchoed(1);
            long killed = System.nanoTime();
            host.kill();
            await().until(() -> !lostAt.isEmpty());
            assertThat(TimeUnit.NANOSECONDS.toMillis(lostAt.get(0) - killed)).isLessThan(PEER_LOST_MILLIS);
        }
    }
}
