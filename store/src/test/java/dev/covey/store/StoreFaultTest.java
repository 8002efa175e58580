package dev.covey.store;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.covey.patch.FrozenTree;
import dev.covey.patch.Limits;
import dev.covey.patch.Operations;
import dev.covey.patch.Patch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The disk fails at its first, second, third … call, once and for ever, in every way a disk fails. */
class StoreFaultTest {
    private static final Set<StoreCode> DEFINED = EnumSet.of(StoreCode.STORE_FULL, StoreCode.STORE_FAILED);
    private static final Path DIRECTORY = Path.of("/store");
    private static final int RECORDS = 20;
    private static final int UPDATES = 6;
    /** Held here, for the JVM forgets the level of a logger that nobody holds. */
    private static final Logger FILES_LOG = Logger.getLogger(ObjectFiles.class.getName());

    private static final int MOST_CALLS = 2_000;

    private enum Failure {
        NO_SPACE,
        INPUT_OUTPUT,
        TOO_MANY_FILES,
        ACCESS_DENIED;

        IOException thrown() {
            return switch (this) {
                case NO_SPACE -> new DiskFullException("No space left on device");
                case INPUT_OUTPUT -> new IOException("Input/output error");
                case TOO_MANY_FILES -> new FileSystemException("x", null, "Too many open files");
                case ACCESS_DENIED -> new AccessDeniedException("x");
            };
        }
    }

    /** Something that acknowledges, and a check that what was acknowledged is there after a clean start. */
    private interface Story {
        void play(MemoryDisk disk);

        void check(MemoryDisk disk);
    }

    @BeforeAll
    static void silence() {
        FILES_LOG.setLevel(Level.OFF);
    }

    @Test
    void theJournalFailsWithDefinedErrorsAndKeepsWhatItAcknowledged() {
        assertThat(everyFailure(JournalStory::new)).isGreaterThan(500);
    }

    @Test
    void theObjectStoreFailsWithDefinedErrorsAndKeepsWhatItAcknowledged() {
        assertThat(everyFailure(ObjectStory::new)).isGreaterThan(350);
    }

    @Test
    void theCheckpointerFailsWithDefinedErrorsAndGoesOnAfterItsPosition() {
        assertThat(everyFailure(CheckpointStory::new)).isGreaterThan(500);
    }

    private static int everyFailure(Supplier<Story> stories) {
        int injected = 0;
        for (Failure failure : Failure.values()) {
            for (boolean forEver : new boolean[] {false, true}) {
                boolean reached = true;
                for (int call = 1; reached && call < MOST_CALLS; call++) {
                    reached = fail(stories.get(), failure, forEver, call);
                    injected += reached ? 1 : 0;
                }
            }
        }
        return injected;
    }

    /** Whether there was such a call at all. */
    private static boolean fail(Story story, Failure failure, boolean forEver, int call) {
        MemoryDisk disk = new MemoryDisk();
        int[] calls = {0};
        disk.failWith((name, file) -> {
            calls[0]++;
            if (calls[0] == call || (forEver && calls[0] > call)) {
                throw failure.thrown();
            }
        });
        String what = failure + (forEver ? " for ever" : " once") + " at call " + call;
        try {
            story.play(disk);
        } catch (StoreException e) {
            assertThat(DEFINED).as(what + ": " + e.getMessage()).contains(e.code());
        } catch (RuntimeException e) {
            throw new AssertionError(what, e);
        }
        disk.failWith((name, file) -> {});
        try {
            story.check(disk.afterDeath());
            story.check(disk.afterPowerLoss(new SplittableRandom(call)));
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError(what, e);
        }
        return calls[0] >= call;
    }

    private static final class JournalStory implements Story {
        private final JournalOptions options = JournalOptions.DEFAULT
                .withDurability(Durability.FSYNC)
                .withSegmentBytes(JournalOptions.MIN_SEGMENT_BYTES)
                .withSpares(false);
        private final byte[] payload = new byte[1_200];
        private long acknowledged;

        @Override
        public void play(MemoryDisk disk) {
            Journal journal = Journal.open(disk, DIRECTORY, options);
            journal.recover(false, 0);
            JournalWriter writer = journal.begin(1, 1, new byte[0]);
            for (int i = 1; i <= RECORDS; i++) {
                append(writer);
                writer.force();
                acknowledged = writer.position();
                if (i == RECORDS / 2) {
                    Snapshots.open(disk, DIRECTORY, Durability.FSYNC).write(1, acknowledged, payload);
                    journal.removeBelow(acknowledged + 1, 1);
                }
            }
        }

        /** A full disk leaves the writer as it was: the same record may be tried once more. */
        private void append(JournalWriter writer) {
            try {
                write(writer);
            } catch (StoreException full) {
                if (full.code() != StoreCode.STORE_FULL) {
                    throw full;
                }
                write(writer);
            }
        }

        private void write(JournalWriter writer) {
            writer.append(writer.position() + 1, writer.position(), 1, 1, 1, payload, 0, payload.length);
        }

        @Override
        public void check(MemoryDisk disk) {
            long base = Snapshots.open(disk, DIRECTORY, Durability.FSYNC)
                    .latest()
                    .map(SnapshotFile::position)
                    .orElse(0L);
            Journal journal = Journal.open(disk, DIRECTORY, options);
            JournalEnd end = journal.recover(true, base);
            assertThat(end.position()).isGreaterThanOrEqualTo(acknowledged);
            JournalReader reader = journal.reader(base);
            while (reader.next(end.epoch(), end.position())) {
                assertThat(reader.payload()).isEqualTo(ByteBuffer.wrap(payload));
            }
            assertThat(reader.position()).isEqualTo(end.position());
        }
    }

    private static final class ObjectStory implements Story {
        private final StoreOptions options = StoreOptions.DEFAULT.withDurability(Durability.FSYNC);
        private final List<String> acknowledged = new ArrayList<>();

        @Override
        public void play(MemoryDisk disk) {
            ObjectStore store = ObjectStore.open(disk, DIRECTORY, options);
            acknowledge(store, () -> store.create("visits", ObjectStoreTest.json("count", 0)));
            for (int i = 1; i < UPDATES; i++) {
                int count = i;
                acknowledge(store, () -> store.upsert("visits", ObjectStoreTest.json("count", count)));
            }
        }

        private void acknowledge(ObjectStore store, Supplier<StoredObject> write) {
            acknowledged.add(write.get().rev());
            store.close();
        }

        @Override
        public void check(MemoryDisk disk) {
            ObjectStore store = ObjectStore.open(disk, DIRECTORY, options);
            List<String> found = new ArrayList<>();
            new ObjectFilesOf(disk, store).forEachWhole(found::add);
            assertThat(found).containsAll(acknowledged);
            store.upsert("visits", ObjectStoreTest.json("after", 1));
            assertThat(store.get("visits").orElseThrow().value().get("after").asInt())
                    .isEqualTo(1);
        }
    }

    /** Every whole revision; a torn file that was never acknowledged is passed over. */
    private record ObjectFilesOf(MemoryDisk disk, ObjectStore store) {
        void forEachWhole(Consumer<String> consumer) {
            ObjectFiles files = new ObjectFiles(disk, DIRECTORY.resolve(ObjectNames.OBJECTS), "visits");
            ObjectStore.reading("visits", () -> {
                RevisionGroups groups = RevisionGroups.oldestFirst(disk, files.directory(), 0);
                for (var group = groups.next(); group.isPresent(); group = groups.next()) {
                    for (Rev rev : group.get()) {
                        files.readIfWhole(rev).ifPresent(file -> consumer.accept(rev.toString()));
                    }
                }
                return store;
            });
        }
    }

    private static final class CheckpointStory implements Story {
        private final CheckpointOptions options =
                CheckpointOptions.DEFAULT.withDurability(Durability.FSYNC).withMarkMillis(0);
        private final List<Operations> changes = new ArrayList<>();
        private long position;

        CheckpointStory() {
            var value = FrozenTree.EMPTY_OBJECT;
            for (int i = 0; i < RECORDS; i++) {
                var resolution = (i == 0 ? Patch.set("", ObjectStoreTest.json("n", 0)) : Patch.inc("/n", 1))
                        .resolve(value, 0, Limits.DEFAULT);
                value = resolution.after();
                changes.add(resolution.operations());
            }
        }

        @Override
        public void play(MemoryDisk disk) {
            Checkpointer checkpointer = Checkpointer.open(disk, DIRECTORY, options);
            try {
                feed(checkpointer);
                checkpointer.fullStates();
            } finally {
                position = checkpointer.position();
            }
        }

        private void feed(Checkpointer checkpointer) {
            for (int i = 0; i < RECORDS; i++) {
                if (i + 1 > checkpointer.position()) {
                    ByteBuffer record = ByteBuffer.wrap(("record " + i).getBytes(US_ASCII));
                    checkpointer.accept("visits", i + 1, "me", i * 400L, 1, i + 1, record, changes.get(i));
                    checkpointer.flush();
                }
            }
        }

        @Override
        public void check(MemoryDisk disk) {
            Checkpointer again = Checkpointer.open(disk, DIRECTORY, options);
            assertThat(again.position()).isGreaterThanOrEqualTo(position);
            feed(again);
            again.close();
            ObjectStore store = ObjectStore.open(disk, DIRECTORY, StoreOptions.DEFAULT);
            assertThat(store.get("visits").orElseThrow().value().get("n").asInt())
                    .isEqualTo(RECORDS - 1);
            assertThat(store.get("visits").orElseThrow().revision()).isEqualTo(RECORDS);
        }
    }
}
