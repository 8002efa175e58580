package dev.covey.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.covey.patch.FrozenTree;
import dev.covey.patch.Limits;
import dev.covey.patch.Patch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are damaged, missing, or no files at all, in a store without a mesh: each concerns its object alone. */
class StrayFilesTest {
    private static final String DIGITS = "-ffffffffffffffffffffffffffffffff";

    @TempDir
    Path temporary;

    @Test
    void aNewestFileThatIsDamagedAfterItWasKnownIsFoundByTheNextWrite() throws IOException {
        ObjectStore store = ObjectStore.open(temporary.resolve("store"));
        StoredObject first = store.create("visits", ObjectStoreTest.json("n", 1));
        StoredObject second = store.update(first, ObjectStoreTest.json("n", 2));
        Path newest = fileOf(second);
        byte[] bytes = Files.readAllBytes(newest);
        bytes[bytes.length / 2] ^= 1;
        Files.write(newest, bytes);
        assertThat(store.get("visits").orElseThrow()).isEqualTo(first);
        StoredObject again = store.update(first, ObjectStoreTest.json("n", 3));
        assertThat(store.update(again, ObjectStoreTest.json("n", 4)).revision()).isEqualTo(3);
        assertThat(store.get("visits").orElseThrow().value()).isEqualTo(ObjectStoreTest.json("n", 4));
    }

    @Test
    void aNewestFileThatWasRemovedAfterItWasKnownIsMissedByTheNextWrite() throws IOException {
        ObjectStore store = ObjectStore.open(temporary.resolve("store"));
        StoredObject first = store.create("visits", ObjectStoreTest.json("n", 1));
        StoredObject second = store.update(first, ObjectStoreTest.json("n", 2));
        Files.delete(fileOf(second));
        assertThat(store.update(first, ObjectStoreTest.json("n", 3)).revision()).isEqualTo(2);
    }

    @Test
    void whatHasTheNameOfARevisionAndIsNoFileIsPassedOverAndNeverWaitedFor() throws Exception {
        Path path = temporary.resolve("store");
        ObjectStore store = ObjectStore.open(path);
        StoredObject written = store.create("visits", ObjectStoreTest.json("n", 1));
        Path folder = java.util.Objects.requireNonNull(fileOf(written).getParent());
        Files.createDirectories(folder.resolve("7" + DIGITS).resolve("below"));
        Files.createSymbolicLink(folder.resolve("8" + DIGITS), fileOf(written));
        assertThat(new ProcessBuilder("mkfifo", folder.resolve("9" + DIGITS).toString())
                        .start()
                        .waitFor())
                .isZero();
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            assertThat(store.get("visits").orElseThrow()).isEqualTo(written);
            StoredObject next = store.update(written, ObjectStoreTest.json("n", 2));
            assertThat(store.revisions("visits").map(StoredRevision::number)).containsExactly(1L, 2L);
            assertThat(store.conflicts("visits")).isEmpty();
            assertThat(store.all()).containsExactly(next);
            assertThat(store.at("visits", 9)).isEmpty();
            List<Winner> winners = new ArrayList<>();
            Winner.each(path, winners::add);
            assertThat(winners).extracting(Winner::revision).containsExactly(2L);
            assertThat(Retainer.run(path, Retention.EVERYTHING.withRevisions(1)))
                    .isPositive();
        });
    }

    @Test
    void aJournalPassesOverWhatHasTheNameOfASegmentOrASnapshotAndIsNoFile() throws Exception {
        Path path = temporary.resolve("journal");
        JournalOptions options = JournalOptions.DEFAULT
                .withSegmentBytes(JournalOptions.MIN_SEGMENT_BYTES)
                .withSpares(false);
        Journal journal = Journal.open(path, options);
        byte[] payload = new byte[8];
        journal.begin(1, 1, new byte[0]).append(1, 0, 1, 1, 1, payload, 0, payload.length);
        Path pipe = path.resolve("0000000009-000000.segment");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        Files.createDirectories(path.resolve("0000000002-000000.segment").resolve("below"));
        Files.createDirectories(
                path.resolve("000000000000001-0000000001.snapshot").resolve("below"));
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            try (JournalReader reader = journal.reader(0)) {
                assertThat(reader.next(1, 1)).isTrue();
            }
            journal.begin(2, 2, new byte[0]).append(2, 1, 1, 1, 1, payload, 0, payload.length);
            Snapshots snapshots = Snapshots.open(path, Durability.OS);
            assertThat(snapshots.latest()).isEmpty();
            snapshots.write(1, 1, payload);
            assertThat(snapshots.latest().orElseThrow().position()).isEqualTo(1);
            assertThatThrownBy(() -> journal.recover(false))
                    .hasMessageContaining(pipe.toString())
                    .hasMessageContaining("[CORRUPT]");
        });
    }

    @Test
    void aMissingFileInTheMiddleLetsRetentionTakeNothingThatIsWanted() throws IOException {
        Path path = temporary.resolve("store");
        ObjectStore store = ObjectStore.open(path);
        StoredObject newest = store.create("visits", ObjectStoreTest.json("n", 1));
        Path middle = fileOf(newest);
        for (int i = 2; i <= 20; i++) {
            newest = store.update(newest, ObjectStoreTest.json("n", i));
            middle = i == 10 ? fileOf(newest) : middle;
        }
        Files.delete(middle);
        assertThat(Retainer.run(path, Retention.EVERYTHING.withRevisions(15))).isZero();
        long whatLooksLikeAConflict = 1;
        assertThat(Retainer.run(path, Retention.EVERYTHING.withRevisions(5))).isEqualTo(14 - whatLooksLikeAConflict);
    }

    @Test
    void anObjectThatCannotBeReadEndsNoListingAndNoWatchOfTheOthers() throws IOException {
        Path path = temporary.resolve("store");
        try (Checkpointer checkpointer = Checkpointer.open(path, CheckpointOptions.DEFAULT)) {
            for (int i = 1; i <= 3; i++) {
                var change = Patch.set("", ObjectStoreTest.json("n", i))
                        .resolve(FrozenTree.EMPTY_OBJECT, 0, Limits.DEFAULT)
                        .operations();
                ByteBuffer record = ByteBuffer.allocate(8).putLong(0, i);
                checkpointer.accept("damaged", i, "me", i * 2_000L, 1, i, record, change);
            }
        }
        ObjectStore store = ObjectStore.open(path);
        StoredObject first = store.at("damaged", 1).orElseThrow();
        Queue<StoredObject> told = new ConcurrentLinkedQueue<>();
        try (StoreWatch watch = store.watchAll(told::add)) {
            assertThat(watch).isNotNull();
            Files.delete(fileOf(first));
            Files.createFile(fileOf(first).resolveSibling("4" + DIGITS));
            StoredObject other = store.create("whole", ObjectStoreTest.json("n", 1));
            await().until(() -> told.contains(other));
            assertThat(store.all()).containsExactly(other);
            assertThatThrownBy(() -> store.get("damaged")).hasMessageContaining("[CORRUPT]");
        }
    }

    @Test
    void aFileThatSaysItFollowsItselfIsRefused() {
        Rev rev = new Rev(5, "0123456789abcdef0123456789abcdef");
        StoredRevision revision = new StoredRevision(5, rev.toString(), "me", 5, 1, 9, null, false, List.of());
        byte[] bytes =
                RevisionFormat.file("visits", rev, 5, rev.toString(), List.of(RevisionFormat.line(revision)), null);
        assertThatThrownBy(() -> RevisionFormat.decode(Path.of("visits"), rev, bytes))
                .hasMessageContaining("[CORRUPT]");
    }

    @Test
    void aFileTooLargeToBeOneIsNotReadIntoMemory() throws IOException {
        ObjectStore store = ObjectStore.open(temporary.resolve("store"));
        StoredObject written = store.create("visits", ObjectStoreTest.json("n", 1));
        Path large = fileOf(written).resolveSibling("2" + DIGITS);
        try (var channel = Files.newByteChannel(
                large, java.nio.file.StandardOpenOption.CREATE_NEW, java.nio.file.StandardOpenOption.WRITE)) {
            channel.position((8L << 30) - 1).write(java.nio.ByteBuffer.allocate(1));
        }
        assertThat(store.get("visits").orElseThrow()).isEqualTo(written);
    }

    @Test
    void aSyncAndAnImportLeaveOutTheDamagedObjectAndTakeAllOthers() throws IOException {
        ObjectStore from = ObjectStore.open(temporary.resolve("from"));
        ObjectStore to = ObjectStore.open(temporary.resolve("to"));
        Path old = temporary.resolve("old");
        for (String id : List.of("a", "b", "c")) {
            Path damaged = fileOf(from.create(id, ObjectStoreTest.json("n", 1)), "from");
            Path imported = Files.createDirectories(old.resolve(id + "-old")).resolve("0-" + "0".repeat(32));
            Files.writeString(imported, id.equals("b") ? "{" : "{\"n\":1}");
            if (id.equals("b")) {
                Files.delete(damaged);
                Files.createDirectory(damaged);
            }
        }
        assertThat(to.sync(from)).isEqualTo(new SyncReport(2, 0, 1));
        assertThatThrownBy(() -> to.importFrom(old))
                .hasMessageContaining("b-old")
                .hasMessageContaining("[CORRUPT]");
        assertThat(to.ids()).containsExactlyInAnyOrder("a", "c", "a-old", "c-old");
    }

    private Path fileOf(StoredObject written) {
        return fileOf(written, "store");
    }

    private Path fileOf(StoredObject written, String store) {
        Path objects = temporary.resolve(store).resolve(ObjectNames.OBJECTS);
        return new ObjectFiles(LocalDisk.INSTANCE, objects, written.id())
                .file(Rev.parse(written.rev()).orElseThrow());
    }
}
