package dev.covey.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.covey.mesh.Member;
import dev.covey.mesh.Mesh;
import dev.covey.mesh.MeshListener;
import dev.covey.mesh.MeshOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Members that live are declared dead, because somebody wrote into their seats that they left, and join again under other
 * numbers, while all of them publish. What they publish is heard in order, and never twice.
 */
class ExpelledMembersTest {
    private static final int ROUNDS = Integer.getInteger("covey.expelled.rounds", 2);
    private static final long SEED = Long.getLong("covey.expelled.seed", 20261128);
    private static final int EXPULSIONS = 6;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final List<String> NAMES = List.of("one", "two", "three");

    @TempDir
    Path temp;

    private final List<String> wrong = new CopyOnWriteArrayList<>();
    private final AtomicLong heard = new AtomicLong();
    private final AtomicLong expelled = new AtomicLong();
    private volatile boolean stopped;

    @Test
    void noEventIsHeardTwiceOrOutOfOrderWhileMembersAreExpelledAndJoinAgain() throws InterruptedException {
        for (int round = 0; round < ROUNDS; round++) {
            long seed = SEED + round;
            run(new SplittableRandom(seed), temp.resolve("round-" + round));
            assertThat(wrong).as("with seed " + seed).isEmpty();
        }
        assertThat(heard.get()).isPositive();
    }

    private void run(SplittableRandom random, Path base) throws InterruptedException {
        List<Mesh> meshes = new ArrayList<>();
        List<Thread> publishers = new ArrayList<>();
        stopped = false;
        expelled.set(0);
        try {
            for (String name : NAMES) {
                meshes.add(Mesh.join(
                        "events", MeshOptions.DEFAULT.withDirectory(base).withMemberName(name)));
            }
            await().atMost(PATIENCE).until(() -> allAreThere(meshes));
            for (Mesh mesh : meshes) {
                mesh.listen(new Deaths());
                EventBus.on(mesh)
                        .subscribe(
                                "n",
                                SubscribeOptions.DEFAULT.withQueue(SubscribeOptions.MAX_QUEUE),
                                new Ear(mesh.self().name()));
            }
            for (Mesh mesh : meshes) {
                publishers.add(
                        new Thread(() -> publish(EventBus.on(mesh), mesh.self().name())));
            }
            publishers.forEach(Thread::start);
            for (int i = 0; i < EXPULSIONS; i++) {
                long before = expelled.get();
                await().atMost(PATIENCE).pollInterval(Duration.ofMillis(10)).until(() -> {
                    sayLeft(base.resolve("events/members"), random);
                    return expelled.get() > before;
                });
                await().atMost(PATIENCE).pollInterval(Duration.ofMillis(2)).until(() -> allAreThere(meshes));
            }
        } finally {
            stopped = true;
            for (Thread publisher : publishers) {
                publisher.join();
            }
            meshes.forEach(Mesh::close);
        }
    }

    private static boolean allAreThere(List<Mesh> meshes) {
        return meshes.stream().allMatch(mesh -> mesh.members().size() == NAMES.size());
    }

    private void publish(EventBus bus, String name) {
        for (long n = 1; !stopped; n++) {
            try {
                bus.publish("n", Map.of("from", name, "n", n));
            } catch (RpcException refused) {
                wrong.add(name + " could not publish: " + refused);
            }
            LockSupport.parkNanos(20_000);
        }
    }

    /** What a member writes when it ends; its owner takes it back as soon as it finds it. */
    private void sayLeft(Path members, SplittableRandom random) {
        try (Stream<Path> entries = Files.list(members)) {
            List<Path> seats = entries.filter(
                            seat -> !seat.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
            Path seat = seats.get(random.nextInt(seats.size()));
            String word = Files.readString(seat);
            if (!word.startsWith("left ")) {
                Path forged = Files.writeString(temp.resolve("forged"), "left " + word);
                Files.move(forged, seat, StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private final class Deaths implements MeshListener {
        @Override
        public void left(Member member, boolean died) {
            expelled.incrementAndGet();
        }
    }

    private final class Ear implements EventListener {
        private final String name;
        private final Map<String, Long> last = new ConcurrentHashMap<>();

        private Ear(String name) {
            this.name = name;
        }

        @Override
        public void heard(Event event) {
            heard.incrementAndGet();
            String from = event.value().get("from").asText();
            long n = event.value().get("n").asLong();
            Long before = last.put(from, n);
            if (before != null && n <= before) {
                wrong.add(name + " heard " + n + " of " + from + " (member " + event.from() + ") after " + before);
            }
        }
    }
}
