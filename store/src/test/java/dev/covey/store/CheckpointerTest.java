package dev.covey.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.covey.patch.FrozenTree;
import dev.covey.patch.Limits;
import dev.covey.patch.Operations;
import dev.covey.patch.Patch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointerTest {
    private static final CheckpointOptions MARKING = CheckpointOptions.DEFAULT.withMarkMillis(0);

    @TempDir
    Path temporary;

    @Test
    void everyAcceptedRevisionIsReadAgainInOrderWithItsChangeAndItsState() {
        History history = new History(1, 3, 2_500);
        feed(temporary.resolve("store"), history, 0);
        checkHolds(temporary.resolve("store"), history);
    }

    @Test
    void aFileEndsWithAMillisecondAndAFullStateComesAfterAThousandRevisions() throws IOException {
        History history = new History(2, 1, 2_500);
        Path store = temporary.resolve("store");
        feed(store, history, 0);
        List<Path> files = filesOf(store);
        long milliseconds = history.records.stream()
                .map(record -> record.timeMicros / 1_000)
                .distinct()
                .count();
        assertThat(files).hasSize((int) milliseconds);
        long full = files.stream()
                .filter(file -> text(file).contains("\n],\"value\":"))
                .count();
        assertThat(full).isBetween(3L, 4L);
    }

    @Test
    void theSameRecordsMakeTheSameFilesWhoeverIsFedThemAndHoweverOftenItStops() throws IOException {
        History history = new History(3, 4, 1_500);
        Path once = temporary.resolve("once");
        Path often = temporary.resolve("often");
        feed(once, history, 0);
        SplittableRandom random = new SplittableRandom(7);
        for (int round = 0; round < 20; round++) {
            feedUpTo(often, history, random.nextInt(history.records.size()));
        }
        feed(often, history, 0);
        checkHolds(often, history);
        Map<String, String> expected = contents(once);
        Map<String, String> found = contents(often);
        expected.forEach((name, content) -> assertThat(found).containsKey(name));
    }

    @Test
    void twoHostsThatWriteTheSameAtOnceDoNoHarm() {
        History history = new History(4, 2, 800);
        Path store = temporary.resolve("store");
        try (Checkpointer left = Checkpointer.open(store, MARKING);
                Checkpointer right = Checkpointer.open(store, MARKING)) {
            SplittableRandom random = new SplittableRandom(4);
            int leftAt = 0;
            int rightAt = 0;
            while (leftAt < history.records.size() || rightAt < history.records.size()) {
                boolean goLeft = random.nextBoolean();
                if (goLeft && leftAt < history.records.size()) {
                    history.records.get(leftAt++).feed(left);
                } else if (!goLeft && rightAt < history.records.size()) {
                    history.records.get(rightAt++).feed(right);
                }
            }
        }
        checkHolds(store, history);
    }

    @Test
    void thePositionIsNeverAheadOfTheFiles() {
        History history = new History(5, 2, 300);
        Path store = temporary.resolve("store");
        try (Checkpointer checkpointer = Checkpointer.open(store, MARKING)) {
            assertThat(checkpointer.position()).isZero();
            for (History.Step record : history.records) {
                record.feed(checkpointer);
                assertThat(checkpointer.position()).isLessThan(record.position);
            }
            checkpointer.reached(history.last().position + 5, history.last().timeMicros + 2_000);
            checkpointer.flush();
            assertThat(checkpointer.position()).isEqualTo(history.last().position + 5);
        }
        try (Checkpointer again = Checkpointer.open(store, MARKING)) {
            assertThat(again.position()).isEqualTo(history.last().position + 5);
        }
    }

    @Test
    void whatADeadHostPublishedAndHadNotForcedIsOnTheDeviceWhenItsSuccessorSaysSo() {
        History history = new History(8, 2, 40);
        CheckpointOptions forcing = CheckpointOptions.DEFAULT.withDurability(Durability.FSYNC);
        MemoryDisk disk = new MemoryDisk();
        Path store = Path.of("/store");
        Checkpointer dies = Checkpointer.open(disk, store, forcing.withMarkMillis(Long.MAX_VALUE));
        history.records.forEach(record -> record.feed(dies));
        try (Checkpointer successor = Checkpointer.open(disk, store, forcing)) {
            history.records.forEach(record -> record.feed(successor));
        }
        for (int seed = 0; seed < 50; seed++) {
            MemoryDisk booted = disk.afterPowerLoss(new SplittableRandom(seed));
            checkHolds(ObjectStore.open(booted, store, StoreOptions.DEFAULT), history);
        }
    }

    @Test
    void aSkippedRevisionIsRefused() {
        History history = new History(6, 1, 10);
        try (Checkpointer checkpointer = Checkpointer.open(temporary.resolve("store"), MARKING)) {
            history.records.get(0).feed(checkpointer);
            assertThatThrownBy(() -> history.records.get(2).feed(checkpointer))
                    .hasMessageContaining("revision 3 follows revision 1")
                    .hasMessageContaining("INVALID_ARGUMENT");
        }
    }

    @Test
    void aDeletionIsATombstoneThatHistoryGoesOnAfter() {
        Path store = temporary.resolve("store");
        long millisecond = 1_795_224_796_000_000L;
        for (int killedAndBack = 0; killedAndBack < 2; killedAndBack++) {
            try (Checkpointer checkpointer = Checkpointer.open(store, MARKING)) {
                checkpointer.accept("visits", 1, "web-1", millisecond, 1, 1, bytes("made"), count(1));
                checkpointer.deleted("visits", 2, "web-2", millisecond + 2_000, 1, 2, bytes("deleted"));
                checkpointer.accept("visits", 3, "web-1", millisecond + 4_000, 1, 3, bytes("again"), count(3));
                checkpointer.deleted("visits", 4, "web-1", millisecond + 4_001, 1, 4, bytes("deleted again"));
                checkpointer.accept("visits", 5, "web-1", millisecond + 4_002, 1, 5, bytes("at once"), count(5));
                checkpointer.deleted("others", 1, "web-1", millisecond + 6_000, 1, 6, bytes("never made"));
                checkpointer.fullStates();
            }
        }
        ObjectStore objects = ObjectStore.open(store);
        assertThat(objects.revisions("visits").map(StoredRevision::deleted))
                .containsExactly(false, true, false, true, false);
        for (int deleted = 2; deleted <= 4; deleted += 2) {
            StoredObject tombstone = objects.at("visits", deleted).orElseThrow();
            assertThat(tombstone.deleted()).isTrue();
            assertThat(tombstone.value()).isEqualTo(FrozenTree.EMPTY_OBJECT);
        }
        assertThat(objects.at("visits", 3).orElseThrow().value()).isEqualTo(ObjectStoreTest.json("count", 3));
        assertThat(objects.get("visits").orElseThrow().value()).isEqualTo(ObjectStoreTest.json("count", 5));
        assertThat(objects.get("others")).isEmpty();
        assertThat(objects.conflicts("visits")).isEmpty();
    }

    private static Operations count(int count) {
        return Patch.set("", ObjectStoreTest.json("count", count))
                .resolve(FrozenTree.EMPTY_OBJECT, 0, Limits.DEFAULT)
                .operations();
    }

    private static ByteBuffer bytes(String record) {
        return ByteBuffer.wrap(record.getBytes(UTF_8));
    }

    @Test
    void thePoliteCloseLeavesAFullStateOfEveryObject() {
        History history = new History(7, 3, 200);
        Path store = temporary.resolve("store");
        feed(store, history, 0);
        try (Checkpointer checkpointer = Checkpointer.open(store, MARKING.withDurability(Durability.FSYNC))) {
            checkpointer.fullStates();
        }
        checkHolds(store, history);
        for (String id : history.values.keySet()) {
            ObjectFiles files = new ObjectFiles(LocalDisk.INSTANCE, store.resolve(ObjectNames.OBJECTS), id);
            RevisionFile newest = ObjectStore.reading(id, files::newest).orElseThrow();
            assertThat(newest.value()).isEqualTo(history.valueOf(id));
        }
    }

    @Test
    void aDamagedRevisionIsNamedAndNeverRead() throws IOException {
        History history = new History(8, 1, 40);
        Path store = temporary.resolve("store");
        feed(store, history, 0);
        Path file = filesOf(store).get(1);
        byte[] whole = Files.readAllBytes(file);
        for (int i = 0; i < whole.length; i++) {
            whole[i] ^= 1;
            Files.write(file, whole);
            assertThatThrownBy(
                            () -> ObjectStore.open(store).revisions("object-0").count())
                    .as("byte %d", i)
                    .hasMessageContaining(String.valueOf(file.getFileName()))
                    .hasMessageContaining("CORRUPT");
            whole[i] ^= 1;
        }
    }

    private static void feed(Path store, History history, int from) {
        try (Checkpointer checkpointer = Checkpointer.open(store, MARKING)) {
            history.records.subList(from, history.records.size()).forEach(record -> record.feed(checkpointer));
        }
    }

    /** As a host does that is killed: it starts behind the mark, and what it buffers is lost. */
    private static void feedUpTo(Path store, History history, int end) {
        Checkpointer checkpointer = Checkpointer.open(store, MARKING);
        for (History.Step record : history.records.subList(0, end)) {
            if (record.position > checkpointer.position()) {
                record.feed(checkpointer);
            }
        }
    }

    private static void checkHolds(Path store, History history) {
        checkHolds(ObjectStore.open(store), history);
    }

    private static void checkHolds(ObjectStore objects, History history) {
        assertThat(objects.ids()).containsExactlyInAnyOrderElementsOf(history.values.keySet());
        for (String id : history.values.keySet()) {
            List<History.Step> expected = history.of(id);
            List<StoredRevision> found = objects.revisions(id).toList();
            assertThat(found).hasSameSizeAs(expected);
            JsonNode value = FrozenTree.EMPTY_OBJECT;
            for (int i = 0; i < expected.size(); i++) {
                StoredRevision revision = found.get(i);
                assertThat(revision.number()).isEqualTo(i + 1);
                assertThat(revision.position()).isEqualTo(expected.get(i).position);
                assertThat(revision.author()).isEqualTo(expected.get(i).author);
                value = Replay.apply(value, java.util.Objects.requireNonNull(revision.change()));
                if (i % 97 == 0) {
                    assertThat(objects.at(id, i + 1).orElseThrow().value()).isEqualTo(value);
                }
            }
            StoredObject newest = objects.get(id).orElseThrow();
            assertThat(newest.value()).isEqualTo(history.valueOf(id)).isEqualTo(value);
            assertThat(newest.rev()).isEqualTo(found.get(found.size() - 1).rev());
        }
    }

    private static List<Path> filesOf(Path store) throws IOException {
        try (Stream<Path> files = Files.walk(store.resolve(ObjectNames.OBJECTS))) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static Map<String, String> contents(Path store) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        for (Path file : filesOf(store)) {
            contents.put(String.valueOf(store.relativize(file)), text(file));
        }
        return contents;
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Accepted revisions of some objects, with what their values must be. */
    private static final class History {
        final List<Step> records = new ArrayList<>();
        final Map<String, JsonNode> values = new TreeMap<>();

        History(long seed, int objects, int revisions) {
            SplittableRandom random = new SplittableRandom(seed);
            Map<String, Long> numbers = new TreeMap<>();
            long time = 1_795_224_796_000_000L;
            for (int i = 0; i < revisions; i++) {
                time += random.nextInt(700);
                String id = "object-" + random.nextInt(objects);
                long number = numbers.merge(id, 1L, Long::sum);
                JsonNode before = values.getOrDefault(id, FrozenTree.EMPTY_OBJECT);
                Patch patch = number == 1
                        ? Patch.set("", FrozenTree.EMPTY_OBJECT).and(Patch.set("/n", 1))
                        : random.nextBoolean()
                                ? Patch.inc("/n", 1)
                                : Patch.set("/field-" + random.nextInt(20), "text " + i);
                var resolution = patch.resolve(before, 0, Limits.DEFAULT);
                values.put(id, resolution.after());
                records.add(new Step(id, number, "web-" + random.nextInt(3), time, 3 + i, resolution.operations()));
            }
        }

        List<Step> of(String id) {
            return records.stream().filter(record -> record.id.equals(id)).toList();
        }

        JsonNode valueOf(String id) {
            return java.util.Objects.requireNonNull(values.get(id));
        }

        Step last() {
            return records.get(records.size() - 1);
        }

        private record Step(String id, long number, String author, long timeMicros, long position, Operations change) {
            void feed(Checkpointer checkpointer) {
                ByteBuffer bytes = ByteBuffer.wrap((id + position + change).getBytes(UTF_8));
                checkpointer.accept(id, number, author, timeMicros, 1, position, bytes, change);
            }
        }
    }
}
