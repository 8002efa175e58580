package dev.covey.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.covey.patch.Patch;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Threads of the application that do the mesh's work while they wait, and work of theirs that the mesh's thread does. */
class StandInTest {
    private static final byte[] WORD = "word".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path base;

    @SuppressWarnings("NullAway.Init") // by join
    private Mesh host;

    @SuppressWarnings("NullAway.Init") // by join
    private Mesh member;

    @BeforeEach
    void join() {
        MeshOptions options = MeshOptions.DEFAULT.withDirectory(base.resolve("meshes"));
        host = Mesh.join("stand-in", options.withMemberName("host"));
        member = Mesh.join("stand-in", options.withMemberName("member"));
        await().until(() -> host.members().size() == 2);
    }

    @AfterEach
    void close() {
        member.close();
        host.close();
    }

    @Test
    void whoLooksForAMessageHearsItOnItsOwnThread() {
        AtomicReference<Thread> heardOn = new AtomicReference<>();
        Channel channel = member.channel("words");
        channel.receive((from, word) -> heardOn.set(Thread.currentThread()), Runnable::run);
        await().until(() -> {
            heardOn.set(null);
            CompletableFuture<Void> sending = CompletableFuture.runAsync(
                    () -> host.channel("words").send(member.self().number(), WORD));
            boolean there = channel.lookFor(() -> heardOn.get() != null, TimeUnit.SECONDS.toNanos(1));
            sending.join();
            await().until(() -> heardOn.get() != null);
            return there && heardOn.get() == Thread.currentThread();
        });
    }

    @Test
    void whoLooksInVainGoesOnSoonAndTheMeshDoesToo() {
        Channel channel = member.channel("words");
        for (int i = 0; i < 100; i++) {
            assertThat(channel.lookFor(() -> false, TimeUnit.SECONDS.toNanos(1)))
                    .isFalse();
            int number = i;
            CompletableFuture.runAsync(() ->
                            host.object("o").patch(Patch.set("/n", number)).join())
                    .join();
            soon().until(() -> member.object("o").value().path("n").asInt(-1) == number);
        }
    }

    @Test
    void anErrandThatWaitsForTheMeshItselfHoldsUpNobody() {
        Channel channel = member.channel("errands");
        CountDownLatch release = new CountDownLatch(1);
        AtomicReference<Thread> ranOn = new AtomicReference<>();
        AtomicReference<Revision> patched = new AtomicReference<>();
        Runnable errand = () -> {
            ranOn.set(Thread.currentThread());
            patched.set(member.object("o").patch(Patch.inc("/errand", 1)).join());
            awaitRelease(release);
        };
        channel.receive(
                (from, word) -> {
                    if (ranOn.get() == null) {
                        channel.runHere(errand);
                    }
                },
                Runnable::run);
        await().until(() -> {
            sendSome();
            return ranOn.get() != null;
        });
        assertThat(ranOn.get()).extracting(Thread::getName).isEqualTo("covey-stand-in");
        for (int i = 1; i <= 100; i++) {
            int number = i;
            assertThat(member.object("o").patch(Patch.inc("/n", 1)).join().number())
                    .isGreaterThan(number);
            host.object("o").patch(Patch.inc("/m", 1)).join();
            soon().until(() -> member.object("o").value().path("m").asInt() == number);
        }
        assertThat(patched.get()).isNotNull();
        release.countDown();
        soon().until(() -> member.object("o").patch(Patch.inc("/n", 1)).join().number() > 0);
    }

    @Test
    void anErrandThatThrowsAndLeavesAnInterruptBehindHarmsNobody() {
        Channel channel = host.channel("errands");
        AtomicInteger ran = new AtomicInteger();
        Runnable errand = () -> {
            ran.incrementAndGet();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("on purpose");
        };
        channel.receive((from, word) -> channel.runHere(errand), Runnable::run);
        await().until(() -> {
            for (int i = 0; i < 10; i++) {
                member.channel("errands").send(host.self().number(), WORD);
                member.object("o").patch(Patch.inc("/n", 1)).join();
            }
            return ran.get() >= 20;
        });
        assertThat(host.object("o").patch(Patch.inc("/n", 1)).join().number()).isGreaterThan(20);
        assertThat(host.status()).isEqualTo(MeshStatus.CONNECTED);
        assertThat(member.status()).isEqualTo(MeshStatus.CONNECTED);
    }

    @Test
    void anErrandMayCloseItsMesh() {
        Channel channel = member.channel("errands");
        CountDownLatch closed = new CountDownLatch(1);
        channel.receive(
                (from, word) -> channel.runHere(() -> {
                    member.close();
                    closed.countDown();
                }),
                Runnable::run);
        await().until(() -> {
            sendSome();
            return closed.getCount() == 0;
        });
        assertThat(member.status()).isEqualTo(MeshStatus.CLOSED);
        await().until(() -> host.members().size() == 1);
    }

    private static ConditionFactory soon() {
        return await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1));
    }

    /** The first errands after a pause are refused. */
    private void sendSome() {
        for (int i = 0; i < 10; i++) {
            try {
                host.channel("errands").send(member.self().number(), WORD);
            } catch (MeshException gone) {
                assertThat(gone.code()).isIn(MeshCode.PEER_LOST, MeshCode.CLOSED);
            }
        }
    }

    private static void awaitRelease(CountDownLatch release) {
        try {
            release.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
