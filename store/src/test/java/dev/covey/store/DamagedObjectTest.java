package dev.covey.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.covey.patch.FrozenTree;
import dev.covey.patch.Limits;
import dev.covey.patch.Operations;
import dev.covey.patch.Patch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rule F4: what is wrong with the files of one object concerns that object alone, and it goes on from memory. */
class DamagedObjectTest {
    private static final Path STORE = Path.of("/store");
    private static final Path OBJECTS = STORE.resolve(ObjectNames.OBJECTS);
    private static final CheckpointOptions MARKING = CheckpointOptions.DEFAULT.withMarkMillis(0);
    private static final List<String> IDS = List.of("first", "An id of its own kind", "third");
    private static final String DAMAGED = IDS.get(1);
    private static final int BEFORE = 7;

    private final MemoryDisk disk = new MemoryDisk();
    private final Committed mesh = new Committed();

    /** Something that happens to one object's files, or to the mark. */
    private enum Damage {
        NEWEST_FLIPPED {
            @Override
            void happen(MemoryDisk disk) throws IOException {
                Path file = file(disk, BEFORE);
                disk.overwrite(file, 10, new byte[] {(byte) (disk.read(file, 10, 1)[0] ^ 4)});
            }
        },
        NEWEST_OF_NO_BYTES {
            @Override
            void happen(MemoryDisk disk) throws IOException {
                Path file = file(disk, BEFORE);
                disk.delete(file);
                disk.createZeros(file, 0);
            }
        },
        NEWEST_REMOVED {
            @Override
            void happen(MemoryDisk disk) throws IOException {
                disk.delete(file(disk, BEFORE));
            }
        },
        NEWEST_IS_A_DIRECTORY {
            @Override
            void happen(MemoryDisk disk) throws IOException {
                Path file = file(disk, BEFORE);
                disk.delete(file);
                disk.makeDirectories(file.resolve("below"));
            }
        },
        MIDDLE_REMOVED {
            @Override
            void happen(MemoryDisk disk) throws IOException {
                disk.delete(file(disk, BEFORE / 2));
            }
        },
        FIRST_FLIPPED {
            @Override
            void happen(MemoryDisk disk) throws IOException {
                Path file = file(disk, 1);
                disk.overwrite(file, 10, new byte[] {(byte) (disk.read(file, 10, 1)[0] ^ 4)});
            }
        },
        FOLDER_REMOVED {
            @Override
            void happen(MemoryDisk disk) throws IOException {
                disk.delete(files(disk, DAMAGED).directory());
            }
        },
        FOLDER_IS_A_FILE {
            @Override
            void happen(MemoryDisk disk) throws IOException {
                disk.delete(files(disk, DAMAGED).directory());
                disk.createZeros(files(disk, DAMAGED).directory(), 20);
            }
        },
        STRAY_FILE_OF_ANOTHER_LIFE {
            @Override
            void happen(MemoryDisk disk) throws IOException {
                Rev rev = new Rev(9_999, "0123456789abcdef0123456789abcdef");
                StoredRevision revision =
                        new StoredRevision(9_999, rev.toString(), "x", 5, 9, 9, null, false, List.of());
                byte[] bytes = RevisionFormat.file(
                        DAMAGED, rev, 9_999, "", List.of(RevisionFormat.line(revision)), FrozenTree.EMPTY_OBJECT);
                files(disk, DAMAGED).publish(rev, 9_999, bytes);
            }
        };

        abstract void happen(MemoryDisk disk) throws IOException;

        static Path file(MemoryDisk disk, long number) throws IOException {
            ObjectFiles files = files(disk, DAMAGED);
            return files.file(files.holding(number).orElseThrow().rev());
        }
    }

    private static ObjectFiles files(MemoryDisk disk, String id) {
        return new ObjectFiles(disk, OBJECTS, id);
    }

    @ParameterizedTest
    @EnumSource
    void isGoneOnFromMemoryByTheNextHostAndNoOtherIsConcerned(Damage damage) throws IOException {
        fedAll(open(), BEFORE).close();
        damage.happen(disk);
        try (Checkpointer next = open()) {
            fedAll(next, 5);
        }
        checkAllGoOn(damage.toString());
    }

    @ParameterizedTest
    @EnumSource
    void isGoneOnFromMemoryByTheLivingHostAsSoonAsItLooks(Damage damage) throws IOException {
        try (Checkpointer living = open()) {
            fedAll(living, BEFORE);
            living.flush();
            damage.happen(disk);
            IDS.forEach(living::verify);
            fedAll(living, 5);
        }
        if (damage != Damage.STRAY_FILE_OF_ANOTHER_LIFE) {
            checkAllGoOn(damage.toString());
        }
    }

    @ParameterizedTest
    @EnumSource
    void isWrittenAlsoIfNobodyEverPatchesIt(Damage damage) throws IOException {
        fedAll(open(), BEFORE).close();
        damage.happen(disk);
        try (Checkpointer next = open()) {
            IDS.forEach(next::verify);
        }
        checkAllGoOn(damage.toString());
    }

    @Test
    void theDirectoryOfAllObjectsMayBeLostOrBeAFileAndEveryObjectGoesOn() throws IOException {
        for (boolean file : new boolean[] {false, true}) {
            try (Checkpointer living = open()) {
                fedAll(living, BEFORE);
            }
            disk.delete(OBJECTS);
            if (file) {
                disk.createZeros(OBJECTS, 10);
            }
            try (Checkpointer next = open()) {
                fedAll(next, 3);
            }
            for (String id : IDS) {
                assertThat(newest(id).value()).isEqualTo(mesh.value(id));
            }
        }
    }

    @Test
    void aMarkThatIsFlippedOrAheadOrADirectoryIsNotBelieved() throws IOException {
        fedAll(open(), BEFORE).close();
        Path mark = STORE.resolve(CheckpointMark.NAME);
        CheckpointMark.write(disk, STORE, 5_000_000, false);
        try (Checkpointer next = open()) {
            assertThat(next.position()).isZero();
            mesh.feedAgain(next);
        }
        disk.overwrite(mark, 13, new byte[] {'9'});
        try (Checkpointer next = open()) {
            assertThat(next.position()).isZero();
            mesh.feedAgain(next);
        }
        disk.delete(mark);
        disk.makeDirectories(mark.resolve("below"));
        try (Checkpointer next = open()) {
            mesh.feedAgain(next);
            fedAll(next, 3);
        }
        try (Checkpointer next = open()) {
            assertThat(next.position()).isEqualTo(mesh.position);
        }
        IDS.forEach(this::checkWhole);
    }

    @Test
    void anObjectWhosePermissionWasTakenAwayGoesOnWhenItComesBack() throws IOException {
        Path denied = files(disk, DAMAGED).directory();
        try (Checkpointer living = open()) {
            fedAll(living, BEFORE);
            living.flush();
            disk.failWith((call, file) -> {
                if (file.startsWith(denied)) {
                    throw new AccessDeniedException(file.toString());
                }
            });
            fedAll(living, 5);
            living.flush();
            assertThat(living.position()).isEqualTo(mesh.position);
        }
        assertThat(noted()).extracting(Quarantined::revision).containsExactly(0L);
        disk.failWith((call, file) -> {});
        try (Checkpointer next = open()) {
            fedAll(next, 5);
        }
        checkAllGoOn("permission");
    }

    @Test
    void whatTheWholeDiskSuffersFromIsNoDamageOfAnObject() {
        fedAll(open(), BEFORE).close();
        Checkpointer next = open();
        disk.failWith((call, file) -> {
            if (file.startsWith(OBJECTS)) {
                throw new AccessDeniedException(file.toString());
            }
        });
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> fedAll(next, 1)))
                .isInstanceOf(StoreException.class);
        disk.failWith((call, file) -> {});
        assertThat(noted()).isEmpty();
    }

    @Test
    void theLastOneOutWritesTheStateOfAnObjectWhoseFilesAreGone() throws IOException {
        Checkpointer living = open();
        fedAll(living, BEFORE);
        living.flush();
        Damage.MIDDLE_REMOVED.happen(disk);
        living.fullStates();
        living.close();
        checkAllGoOn("last out");
    }

    @Test
    void aHostThatWasFrozenLeavesAloneWhatTheNextOneHasWrittenMeanwhile() throws IOException {
        fedAll(open(), BEFORE).close();
        Damage.STRAY_FILE_OF_ANOTHER_LIFE.happen(disk);
        Path later = Damage.file(disk, 9_999);
        mesh.deposed = true;
        fedAll(open(), 1).close();
        assertThat(disk.exists(later)).as("the file of the host after it").isTrue();
        assertThat(newest(DAMAGED).revision()).isEqualTo(9_999);
        assertThat(noted()).isEmpty();
    }

    private Checkpointer open() {
        return Checkpointer.open(disk, STORE, MARKING, mesh, mesh.position);
    }

    private Checkpointer fedAll(Checkpointer checkpointer, int revisionsEach) {
        for (int i = 0; i < revisionsEach; i++) {
            IDS.forEach(id -> mesh.patch(id, checkpointer));
        }
        return checkpointer;
    }

    private void checkAllGoOn(String what) throws IOException {
        try (Checkpointer next = open()) {
            assertThat(next.position()).as(what).isEqualTo(mesh.position);
        }
        checkWhole(IDS.get(0));
        checkWhole(IDS.get(2));
        StoredObject newest = newest(DAMAGED);
        assertThat(newest.value()).as(what).isEqualTo(mesh.value(DAMAGED));
        assertThat(newest.revision()).as(what).isEqualTo(mesh.revision(DAMAGED));
        assertThat(noted()).as(what).extracting(Quarantined::object).containsOnly(DAMAGED);
        List<Winner> winners = new ArrayList<>();
        Winner.each(disk, STORE, winners::add);
        assertThat(winners).as(what).extracting(Winner::revision).containsOnly(mesh.revision(DAMAGED));
        assertThat(ObjectStore.open(disk, STORE, StoreOptions.DEFAULT).conflicts(DAMAGED))
                .as(what)
                .isEmpty();
    }

    private List<Quarantined> noted() {
        return ObjectStore.open(disk, STORE, StoreOptions.DEFAULT).quarantined();
    }

    private void checkWhole(String id) {
        ObjectStore store = ObjectStore.open(disk, STORE, StoreOptions.DEFAULT);
        assertThat(store.revisions(id).map(StoredRevision::number))
                .hasSize((int) mesh.revision(id))
                .isSorted();
        assertThat(newest(id).value()).isEqualTo(mesh.value(id));
    }

    private StoredObject newest(String id) {
        return ObjectStore.open(disk, STORE, StoreOptions.DEFAULT).get(id).orElseThrow();
    }

    /** A mesh in memory: the committed state, and the records that led to it. */
    private static final class Committed implements ObjectMemory {
        private record Step(String id, Remembered after, Operations change) {}

        private final Map<String, Remembered> objects = new TreeMap<>();
        private final List<Step> steps = new ArrayList<>();
        private long position;
        private boolean deposed;

        @Override
        public boolean isNewest() {
            return !deposed;
        }

        void patch(String id, Checkpointer to) {
            Remembered before = objects.get(id);
            long number = before == null ? 1 : before.revision() + 1;
            var resolution = (before == null ? Patch.set("", ObjectStoreTest.json("n", 0)) : Patch.inc("/n", 1))
                    .resolve(before == null ? FrozenTree.EMPTY_OBJECT : before.value(), 0, Limits.DEFAULT);
            position++;
            Remembered after = new Remembered(number, resolution.after(), "web", position * 700, 1, position, false);
            objects.put(id, after);
            steps.add(new Step(id, after, resolution.operations()));
            feed(steps.get(steps.size() - 1), to);
        }

        void feedAgain(Checkpointer to) {
            steps.forEach(step -> feed(step, to));
        }

        private static void feed(Step step, Checkpointer to) {
            Remembered after = step.after();
            to.accept(
                    step.id(),
                    after.revision(),
                    after.author(),
                    after.timeMicros(),
                    1,
                    after.position(),
                    ByteBuffer.wrap((step.id() + after.position()).getBytes(UTF_8)),
                    step.change());
        }

        JsonNode value(String id) {
            return Objects.requireNonNull(objects.get(id)).value();
        }

        long revision(String id) {
            return Objects.requireNonNull(objects.get(id)).revision();
        }

        @Override
        public @Nullable Remembered object(String id) {
            return objects.get(id);
        }

        @Override
        public Iterable<String> ids() {
            return () -> {
                Iterator<String> ids = objects.keySet().iterator();
                return ids;
            };
        }
    }
}
