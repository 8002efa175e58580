package dev.covey.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.covey.patch.Patch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands of threads that find their member's agent asleep, and send them to the host in its stead. */
class SleepersTest {
    private static final int THREADS = 3;
    private static final int PATCHES = 400;
    /** Longer than an agent stays awake after its last work. */
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    @TempDir
    Path base;

    @Test
    void commandsOfManyThreadsAreDecidedOnceEachAlsoOfThreadsThatAreInterruptedMeanwhile() throws InterruptedException {
        MeshOptions options = MeshOptions.DEFAULT.withDirectory(base.resolve("meshes"));
        try (Mesh host = Mesh.join("sleepers", options.withMemberName("host"));
                Mesh member = Mesh.join("sleepers", options.withMemberName("member"))) {
            AtomicLong acknowledged = new AtomicLong();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                threads.add(new Thread(new Patching(member, "/t" + i, acknowledged, i)));
            }
            threads.forEach(Thread::start);
            SplittableRandom random = new SplittableRandom(9);
            while (threads.stream().anyMatch(Thread::isAlive)) {
                threads.get(random.nextInt(THREADS)).interrupt();
                LockSupport.parkNanos(random.nextLong(LONGEST_PAUSE_NANOS));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(acknowledged).hasValue(THREADS * PATCHES);
            await().untilAsserted(() -> {
                for (int i = 0; i < THREADS; i++) {
                    assertThat(host.object("o").value().path("t" + i).asInt()).isEqualTo(PATCHES);
                }
            });
        }
    }

    /** Counts at its path, one patch after the other; an interrupt neither ends it nor a patch. */
    private record Patching(Mesh mesh, String path, AtomicLong acknowledged, long seed) implements Runnable {
        @Override
        public void run() {
            SplittableRandom random = new SplittableRandom(seed);
            for (int i = 0; i < PATCHES; i++) {
                CompletableFuture<Revision> asked = mesh.object("o").patch(Patch.inc(path, 1));
                asked.join();
                acknowledged.incrementAndGet();
                LockSupport.parkNanos(random.nextLong(LONGEST_PAUSE_NANOS));
                if (random.nextBoolean()) {
                    Thread.interrupted();
                }
            }
        }
    }
}
