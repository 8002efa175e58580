package dev.covey.store;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real JVMs on one object, one of them killed every second. The full size by command:
 * {@code mvn -pl store test -Dtest=ManyProcessesTest -Dcovey.store.updates=10000}.
 */
class ManyProcessesTest {
    private static final int PROCESSES = 4;
    private static final long UPDATES = Long.getLong("covey.store.updates", 600L);
    /** As slow as four updates a second, on a machine that has other things to do. */
    private static final long LONGEST_SECONDS = 150 + UPDATES / 4;

    @TempDir
    Path temporary;

    @Test
    void whoKeepsTheConflictLosesNoRevisionAndAllAgreeOnTheWinner() throws Exception {
        Path store = temporary.resolve("store");
        ObjectStore objects = ObjectStore.open(store);
        objects.create("visits", ObjectStoreTest.json("count", 0));
        Set<String> acknowledged = work("keep");
        List<StoredRevision> revisions = objects.revisions("visits").toList();
        Set<String> found = new HashSet<>();
        revisions.forEach(revision -> found.add(revision.rev()));
        assertThat(acknowledged).hasSize((int) (PROCESSES * UPDATES));
        assertThat(found).containsAll(acknowledged);
        StoredObject winner = objects.get("visits").orElseThrow();
        assertThat(winner.rev()).isEqualTo(highest(revisions));
        Set<String> conflicts = new HashSet<>();
        objects.conflicts("visits")
                .forEach(conflict -> conflicts.add(conflict.object().rev()));
        assertThat(conflicts).isEqualTo(endsOf(store, revisions, winner.rev()));
    }

    @Test
    void whoReadsModifiesAndWritesCountsExactly() throws Exception {
        ObjectStore objects = ObjectStore.open(temporary.resolve("store"));
        objects.create("visits", ObjectStoreTest.json("count", 0));
        Set<String> acknowledged = work("count");
        StoredObject newest = objects.get("visits").orElseThrow();
        List<StoredRevision> revisions = objects.revisions("visits").toList();
        assertThat(newest.value().get("count").asLong()).isEqualTo(newest.revision() - 1);
        assertThat(revisions).hasSize((int) newest.revision());
        assertThat(revisions.stream().map(StoredRevision::rev)).containsAll(acknowledged);
        assertThat(acknowledged).hasSize((int) (PROCESSES * UPDATES));
        assertThat(objects.conflicts("visits")).isEmpty();
    }

    private Set<String> work(String mode) throws IOException, InterruptedException {
        SplittableRandom random = new SplittableRandom(5);
        List<Process> workers = new ArrayList<>();
        for (int i = 0; i < PROCESSES; i++) {
            workers.add(start(mode, i));
        }
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_SECONDS);
        while (workers.stream().anyMatch(Process::isAlive)) {
            assertThat(System.nanoTime() - deadline).as("time is up").isNegative();
            int victim = random.nextInt(PROCESSES);
            boolean over = workers.get(victim).waitFor(1, TimeUnit.SECONDS);
            if (!over) {
                workers.get(victim).destroyForcibly().waitFor();
                workers.set(victim, start(mode, victim));
            }
        }
        Set<String> acknowledged = new HashSet<>();
        for (int i = 0; i < PROCESSES; i++) {
            assertThat(workers.get(i).exitValue())
                    .as(Files.readString(output(i).toPath()))
                    .isZero();
            acknowledged.addAll(acknowledgedBy(i));
        }
        return acknowledged;
    }

    private Process start(String mode, int number) throws IOException {
        String java = ProcessHandle.current().info().command().orElseThrow();
        return new ProcessBuilder(
                        java,
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        StoreWorker.class.getName(),
                        temporary.resolve("store").toString(),
                        mode,
                        String.valueOf(UPDATES),
                        acknowledgements(number).toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output(number)))
                .start();
    }

    private File output(int number) {
        return new File(temporary.toFile(), "out-" + number);
    }

    private Path acknowledgements(int number) {
        return temporary.resolve("acknowledged-" + number);
    }

    private List<String> acknowledgedBy(int number) throws IOException {
        byte[] bytes = Files.readAllBytes(acknowledgements(number));
        List<String> lines = new ArrayList<>();
        for (int at = 0; at + StoreWorker.lineBytes() <= bytes.length; at += StoreWorker.lineBytes()) {
            lines.add(new String(bytes, at, StoreWorker.lineBytes(), US_ASCII).trim());
        }
        return lines;
    }

    private static String highest(List<StoredRevision> revisions) {
        return revisions.stream()
                .map(revision -> Rev.parse(revision.rev()).orElseThrow())
                .max(Rev::compareTo)
                .orElseThrow()
                .toString();
    }

    /** The slow way: every revision that no other one follows. */
    private static Set<String> endsOf(Path store, List<StoredRevision> revisions, String winner) throws IOException {
        ObjectFiles files = new ObjectFiles(LocalDisk.INSTANCE, store.resolve(ObjectNames.OBJECTS), "visits");
        Map<String, String> previous = new HashMap<>();
        for (StoredRevision revision : revisions) {
            Rev rev = Rev.parse(revision.rev()).orElseThrow();
            previous.put(revision.rev(), files.read(rev).orElseThrow().previous());
        }
        Set<String> ends = new HashSet<>(previous.keySet());
        ends.removeAll(previous.values());
        ends.remove(winner);
        return ends;
    }
}
