package dev.covey.mesh.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.covey.mesh.History;
import dev.covey.mesh.Mesh;
import dev.covey.mesh.MeshCode;
import dev.covey.mesh.MeshException;
import dev.covey.mesh.MeshOptions;
import dev.covey.mesh.MeshStatus;
import dev.covey.mesh.SharedObject;
import dev.covey.mesh.core.State;
import dev.covey.mesh.protocol.LogRecord;
import dev.covey.patch.Patch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A mesh whose host's wall clock stood five hours ahead and was set right: all records of before are of the future. */
class SetBackClockTest {
    private static final Duration AHEAD = Duration.ofHours(5);
    private static final int RACES = Integer.getInteger("covey.clocks.races", 300);

    @TempDir
    Path base;

    private MeshOptions options() {
        return MeshOptions.DEFAULT.withDirectory(base.resolve("meshes")).withStore(base.resolve("store"));
    }

    /** A host of the mesh whose clock is ahead; it says nothing to anybody. */
    private MeshAgent hostAhead(String mesh) {
        JoinRequest request = new JoinRequest(
                mesh,
                base.resolve("meshes"),
                "ahead",
                List.of(),
                base.resolve("store"),
                null,
                null,
                null,
                Duration.ofSeconds(30),
                null,
                true,
                null,
                null,
                Map.of(),
                null,
                false,
                JoinRequest.MAX_UNWRITTEN);
        HybridClock clock = new HybridClock(
                () -> TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis() + AHEAD.toMillis()), System::nanoTime);
        return Entry.of(request, entry -> MeshAgent.join(entry, new Deaf(), clock));
    }

    private static final class Deaf implements AgentListener {
        @Override
        public void applied(State before, LogRecord record, State after) {}

        @Override
        public boolean wantsEachChange() {
            return false;
        }

        @Override
        public void jumped(State before, State after) {}

        @Override
        public void hostChanged(State state, long gapNanos) {}

        @Override
        public void statusChanged(MeshStatus status) {}

        @Override
        public void ended(MeshException why) {}
    }

    private interface Story {
        void with(Mesh one, Mesh two) throws IOException, InterruptedException;
    }

    private void afterTheClockWasSetBack(String mesh, Story story) throws IOException, InterruptedException {
        MeshAgent ahead = hostAhead(mesh);
        try (Mesh one = Mesh.join(mesh, options());
                Mesh two = Mesh.join(mesh, options())) {
            one.object("clocks").patch(Patch.set("/n", 0)).join();
            long epoch = one.epoch();
            ahead.close();
            await().until(() -> one.epoch() > epoch && two.epoch() > epoch);
            story.with(one, two);
        }
    }

    @Test
    void recordTimeGoesOnAtHalfThePaceOfTimeAndEveryRevisionGetsItsFile() throws Exception {
        afterTheClockWasSetBack("slow", (one, two) -> {
            SharedObject object = two.object("clocks");
            Instant before = newest(object);
            assertThat(before).isAfter(Instant.now().plus(AHEAD).minusSeconds(60));
            long began = System.nanoTime();
            for (int i = 1; i <= 1_500; i++) {
                object.patch(Patch.set("/n", i)).join();
            }
            await().until(() -> System.nanoTime() - began > TimeUnit.MILLISECONDS.toNanos(500));
            object.patch(Patch.set("/n", -1)).join();
            Duration passed = Duration.ofNanos(System.nanoTime() - began);
            assertThat(Duration.between(before, newest(object))).isBetween(Duration.ofMillis(200), passed);
            assertThat(object.history().list().count()).isEqualTo(object.revision());
            assertThat(object.history()
                            .at(object.revision())
                            .orElseThrow()
                            .value()
                            .path("n")
                            .asLong())
                    .isEqualTo(-1);
            assertThat(revisionFiles()).as("revision files of 1,500 patches").isGreaterThan(1);
        });
    }

    private static Instant newest(SharedObject object) {
        List<History.Entry> all = object.history().list().toList();
        return all.get(all.size() - 1).time();
    }

    private long revisionFiles() throws IOException {
        try (Stream<Path> files = Files.list(base.resolve("store/objects/clocks"))) {
            return files.count();
        }
    }

    @Test
    void overwritesThatRaceAreStaleNoMoreOftenThanWithoutIt() throws Exception {
        double[] share = new double[2];
        try (Mesh one = Mesh.join("right", options());
                Mesh two = Mesh.join("right", options())) {
            staleShare(one, two);
            share[1] = staleShare(one, two);
        }
        afterTheClockWasSetBack("ahead", (one, two) -> share[0] = staleShare(one, two));
        System.out.printf("STALE of %d races: %.3f with records ahead, %.3f without%n", RACES, share[0], share[1]);
        assertThat(share[0]).isLessThanOrEqualTo(share[1] + 0.1);
    }

    private static double staleShare(Mesh one, Mesh two) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        int[] stale = new int[2];
        for (int i = 0; i < 2; i++) {
            int who = i;
            SharedObject object = (who == 0 ? one : two).object("raced");
            threads.add(new Thread(() -> {
                for (int round = 0; round < RACES; round++) {
                    stale[who] += isStale(object, round) ? 1 : 0;
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        return (stale[0] + stale[1]) / (2.0 * RACES);
    }

    private static boolean isStale(SharedObject object, int round) {
        try {
            object.patch(Patch.set("/n", round)).join();
            return false;
        } catch (CompletionException refused) {
            assertThat(refused.getCause())
                    .isInstanceOfSatisfying(
                            MeshException.class, why -> assertThat(why.code()).isEqualTo(MeshCode.STALE));
            return true;
        }
    }
}
