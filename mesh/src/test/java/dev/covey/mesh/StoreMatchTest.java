package dev.covey.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.covey.mesh.local.ControlFile;
import dev.covey.mesh.local.MeshDirectory;
import dev.covey.mesh.protocol.Cell;
import dev.covey.mesh.protocol.Wire;
import dev.covey.patch.Patch;
import dev.covey.store.Durability;
import dev.covey.store.ObjectStore;
import dev.covey.store.RepairReport;
import dev.covey.store.StoreRepair;
import dev.covey.store.StoredRevision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Rule C8, case by case: the store that is found when a mesh is entered in which nobody lives, and what of that mesh is left in
 * shared memory. It goes on where that is certain; else it is refused, and the call that is named decides.
 */
class StoreMatchTest {
    private static final String MESH = "matched";
    /** What each copy of the store says at {@code /n} of its one object. */
    private static final int OLDER_VALUE = 3;

    private static final int VALUE = 6;
    private static final int OTHER_VALUE = 100;
    private static final int REFUSED = -1;
    /** In a segment, behind its header. */
    private static final int FIRST_RECORD = 8192;

    /** What is found in place of the store; what then happens beside a cell that is there, and without one. */
    enum Store {
        UNCHANGED(VALUE, VALUE, VALUE, VALUE),
        OLDER(REFUSED, OLDER_VALUE, VALUE, OLDER_VALUE),
        NEWER(REFUSED, VALUE, REFUSED, VALUE),
        OF_ANOTHER_LIFE(REFUSED, OTHER_VALUE, REFUSED, OTHER_VALUE),
        WITHOUT_CLAIM(VALUE, VALUE, VALUE, VALUE),
        JOURNAL_ONLY(VALUE, VALUE, VALUE, 0),
        OBJECTS_ONLY(REFUSED, VALUE, VALUE, VALUE),
        NOTHING(REFUSED, 0, VALUE, 0);

        private final int besideCell;
        private final int alone;
        private final int besideCellAtMemory;
        private final int aloneAtMemory;

        Store(int besideCell, int alone, int besideCellAtMemory, int aloneAtMemory) {
            this.besideCell = besideCell;
            this.alone = alone;
            this.besideCellAtMemory = besideCellAtMemory;
            this.aloneAtMemory = aloneAtMemory;
        }

        int besideCell(Durability durability) {
            return durability == Durability.MEMORY ? besideCellAtMemory : besideCell;
        }

        /** What it says by itself. */
        int alone(Durability durability) {
            return durability == Durability.MEMORY ? aloneAtMemory : alone;
        }
    }

    enum Left {
        THERE,
        CLOSED,
        GONE
    }

    /** Copies of meshes and stores, made once: by a mesh at two times, and by another. */
    private record Copies(Path older, Path now, Path other) {}

    private static final Map<Durability, Copies> COPIES = new EnumMap<>(Durability.class);

    @TempDir
    static Path once;

    /** Where the copies are put: a cell says where its store is, so each time the same place. */
    private Path place = once;

    @BeforeAll
    static void copies() throws IOException {
        for (Durability durability : List.of(Durability.OS, Durability.MEMORY)) {
            Path made = once.resolve(durability.name());
            Path living = living(durability);
            count(living, durability, OLDER_VALUE);
            copy(living, made.resolve("older"));
            count(living, durability, VALUE - OLDER_VALUE);
            copy(living, made.resolve("now"));
            count(made.resolve("other"), durability, OTHER_VALUE);
            COPIES.put(durability, new Copies(made.resolve("older"), made.resolve("now"), made.resolve("other")));
        }
    }

    private static Path living(Durability durability) {
        return once.resolve("living-" + durability);
    }

    /** In that directory: a mesh that is kept when its last member has left, so that its cell stays as after a kill. */
    private static void count(Path directory, Durability durability, int times) {
        try (Mesh mesh = join(directory.resolve("meshes"), directory.resolve("store"), durability)) {
            for (int i = 0; i < times; i++) {
                mesh.object("o").patch(Patch.inc("/n", 1)).join();
            }
        }
    }

    private static Mesh join(Path meshes, Path store, Durability durability) {
        return Mesh.join(
                MESH,
                MeshOptions.DEFAULT
                        .withDirectory(meshes)
                        .withStore(store)
                        .withDurability(durability)
                        .withKeepWhenEmpty(true));
    }

    private void place(Durability durability) throws IOException {
        remove(living(durability));
        place = living(durability);
    }

    private Path meshes() {
        return place.resolve("meshes");
    }

    private Path store() {
        return place.resolve("store");
    }

    static Stream<Arguments> cases() {
        List<Arguments> cases = new ArrayList<>();
        for (Store found : Store.values()) {
            for (Left left : Left.values()) {
                for (Durability durability : List.of(Durability.OS, Durability.MEMORY)) {
                    int value = left == Left.THERE ? found.besideCell(durability) : found.alone(durability);
                    cases.add(Arguments.of(durability, found, left, value));
                }
            }
        }
        return cases.stream();
    }

    @ParameterizedTest(name = "{0}: store {1}, cell {2}: {3}")
    @MethodSource("cases")
    void whoEntersGoesOnWhereThatIsCertainAndElseIsToldBothSidesAndWhatToDo(
            Durability durability, Store found, Left left, int expected) throws IOException {
        arrange(durability, found, left);
        if (expected == REFUSED) {
            requireRefusedAndNothingChanged(durability);
            assertThat(Mesh.remove(MESH, meshes()).found()).isTrue();
            requireGoesOn(durability, found.alone(durability));
        } else {
            requireGoesOn(durability, expected);
        }
        if (left == Left.THERE) {
            requireEnters(durability, (expected == REFUSED ? found.alone(durability) : expected) + 1);
        }
    }

    private void arrange(Durability durability, Store found, Left left) throws IOException {
        place(durability);
        Copies copies = Objects.requireNonNull(COPIES.get(durability));
        Path mesh = found == Store.NEWER ? copies.older() : copies.now();
        Path kept =
                found == Store.OLDER ? copies.older() : found == Store.OF_ANOTHER_LIFE ? copies.other() : copies.now();
        copy(kept.resolve("store"), store());
        switch (found) {
            case WITHOUT_CLAIM -> Files.delete(store().resolve(".mesh"));
            case JOURNAL_ONLY -> removed("objects", ".mesh", "checkpoint.json");
            case OBJECTS_ONLY -> removed("journal", ".mesh");
            case NOTHING -> removed("");
            default -> {}
        }
        if (left != Left.GONE) {
            copy(mesh.resolve("meshes"), meshes());
        }
        if (left == Left.CLOSED) {
            ControlFile control = control();
            assertThat(control.compareAndSetCell(control.cell(), Cell.CLOSED)).isTrue();
        }
    }

    private void removed(String... names) throws IOException {
        for (String name : names) {
            remove(store().resolve(name));
        }
    }

    private ControlFile control() {
        return ControlFile.open(MeshDirectory.open(MESH, meshes()), Wire.VERSION)
                .orElseThrow();
    }

    private void requireRefusedAndNothingChanged(Durability durability) throws IOException {
        Map<String, byte[]> before = contents(place);
        ControlFile control = control();
        assertThatThrownBy(() -> join(meshes(), store(), durability))
                .isInstanceOfSatisfying(
                        MeshException.class,
                        refused -> assertThat(refused.code()).isEqualTo(MeshCode.STORE_MISMATCH))
                .hasMessageContaining(control.lifeId() + " committed up to position " + Cell.position(control.cell()))
                .hasMessageContaining(store().toString())
                .hasMessageContaining("Mesh.remove(\"" + MESH + "\", Path.of(\"" + meshes() + "\"))");
        Map<String, byte[]> after = contents(place);
        assertThat(after.keySet()).isEqualTo(before.keySet());
        before.forEach((name, bytes) -> assertThat(after.get(name)).as(name).isEqualTo(bytes));
    }

    private void requireGoesOn(Durability durability, int value) {
        try (Mesh mesh = join(meshes(), store(), durability)) {
            assertThat(mesh.object("o").value().path("n").asInt()).isEqualTo(value);
            Revision next = mesh.object("o").patch(Patch.inc("/n", 1)).join();
            assertThat(next.number()).isEqualTo(value + 1);
        }
    }

    @Test
    void aJournalInMemoryThatWasRemovedIsNamedAtOnceToo() throws IOException {
        arrange(Durability.MEMORY, Store.UNCHANGED, Left.THERE);
        remove(meshes().resolve(MESH).resolve("journal"));
        assertThatThrownBy(() -> join(meshes(), store(), Durability.MEMORY))
                .hasMessageContaining("[STORE_MISMATCH]")
                .hasMessageContaining(meshes().resolve(MESH).resolve("journal") + " has records up to position 0 only");
        Removal removal = Mesh.remove(MESH, meshes());
        assertThat(removal.lost()).isEqualTo(Removal.UNKNOWN);
        requireGoesOn(Durability.MEMORY, VALUE);
    }

    @ParameterizedTest
    @EnumSource(
            value = Durability.class,
            names = {"OS", "MEMORY"})
    void whatSomebodyWroteAloneWhileAllWereDeadIsTakenInAlsoWhereTheirCellIsThere(Durability durability)
            throws IOException {
        arrange(durability, Store.UNCHANGED, Left.THERE);
        try (ObjectStore alone = ObjectStore.open(store())) {
            String rev = alone.get("o").orElseThrow().rev();
            alone.update("o", new ObjectMapper().readTree("{\"n\":70}"), rev);
            alone.create("new", new ObjectMapper().readTree("{\"alone\":true}"));
        }
        try (Mesh mesh = join(meshes(), store(), durability)) {
            assertThat(mesh.object("o").value().toString()).isEqualTo("{\"n\":70}");
            assertThat(mesh.object("new").value().toString()).isEqualTo("{\"alone\":true}");
            assertThat(mesh.object("o").patch(Patch.inc("/n", 1)).join().number())
                    .isEqualTo(VALUE + 2);
        }
        try (ObjectStore read = ObjectStore.open(store())) {
            assertThat(read.revisions("o").map(StoredRevision::number)).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
            assertThat(read.conflicts("o")).isEmpty();
            assertThat(read.get("o").orElseThrow().value().toString()).isEqualTo("{\"n\":71}");
        }
        requireEnters(durability, 71);
    }

    private void requireEnters(Durability durability, int value) {
        try (Mesh mesh = join(meshes(), store(), durability)) {
            assertThat(mesh.object("o").value().path("n").asInt()).isEqualTo(value);
        }
    }

    @Test
    void aJournalThatWasPutAsideLeavesTheDecisionToTheRevisionFilesAndIsNotDeleted() throws IOException {
        arrange(Durability.OS, Store.UNCHANGED, Left.GONE);
        Map<String, byte[]> journal = contents(store().resolve("journal"));
        RepairReport report = ObjectStore.repair(store(), StoreRepair.JOURNAL_ASIDE);
        assertThat(report.aside()).isPresent();
        assertThat(store().resolve("journal")).doesNotExist();
        assertThat(report.files()).containsExactlyInAnyOrderElementsOf(journal.keySet());
        assertThat(contents(report.aside().orElseThrow()).keySet()).isEqualTo(journal.keySet());
        assertThat(ObjectStore.repair(store(), StoreRepair.JOURNAL_ASIDE).aside())
                .isEmpty();
        requireGoesOn(Durability.OS, VALUE);
    }

    @Test
    void aDamagedJournalIsRefusedAndTheCallsItNamesLetTheMeshStartAgain() throws IOException {
        arrange(Durability.OS, Store.UNCHANGED, Left.THERE);
        Path segment = lastSegment();
        byte[] bytes = Files.readAllBytes(segment);
        bytes[FIRST_RECORD + 70] ^= 1;
        Files.write(segment, bytes);
        assertThatThrownBy(() -> join(meshes(), store(), Durability.OS))
                .hasMessageContaining(segment + " at byte " + FIRST_RECORD)
                .hasMessageContaining("Mesh.remove(")
                .hasMessageContaining("ObjectStore.repair(Path.of(\"" + store() + "\"), StoreRepair.JOURNAL_ASIDE)")
                .hasMessageContaining("[CORRUPT]");
        Mesh.remove(MESH, meshes());
        assertThatThrownBy(() -> join(meshes(), store(), Durability.OS))
                .hasMessageContaining("ObjectStore.repair")
                .hasMessageContaining("[CORRUPT]");
        ObjectStore.repair(store(), StoreRepair.JOURNAL_ASIDE);
        requireGoesOn(Durability.OS, VALUE);
    }

    private Path lastSegment() throws IOException {
        try (Stream<Path> files = Files.list(store().resolve("journal"))) {
            return files.filter(file -> file.toString().endsWith(".segment"))
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
        }
    }

    @Test
    void whileAMemberLivesNeitherIsRemovedNorRepaired() {
        place = once.resolve("alive");
        try (Mesh mesh = join(meshes(), store(), Durability.OS)) {
            mesh.object("o").patch(Patch.inc("/n", 1)).join();
            assertThatThrownBy(() -> Mesh.remove(MESH, meshes()))
                    .hasMessageContaining("process " + ProcessHandle.current().pid())
                    .hasMessageContaining("[MESH_IN_USE]");
            assertThatThrownBy(() -> ObjectStore.repair(store(), StoreRepair.JOURNAL_ASIDE))
                    .hasMessageContaining("[STORE_IN_USE]");
            assertThat(mesh.object("o").patch(Patch.inc("/n", 1)).join().number())
                    .isEqualTo(2);
        }
    }

    @Test
    void whatIsRemovedIsSaidBeforeItIsGone() throws IOException {
        place(Durability.OS);
        assertThat(Mesh.remove("never-there", meshes()).found()).isFalse();
        assertThat(meshes()).doesNotExist();
        arrange(Durability.OS, Store.UNCHANGED, Left.THERE);
        long position = Cell.position(control().cell());
        Removal atOs = Mesh.remove(MESH, meshes());
        assertThat(atOs.position()).isEqualTo(position);
        assertThat(atOs.lost()).isZero();
        assertThat(meshes().resolve(MESH)).doesNotExist();
        arrange(Durability.MEMORY, Store.OLDER, Left.THERE);
        assertThat(Mesh.remove(MESH, meshes()).lost()).isEqualTo(VALUE - OLDER_VALUE);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> walk = Files.walk(from)) {
            for (Path path : walk.toList()) {
                Path there = to.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(there);
                    Files.setPosixFilePermissions(there, Files.getPosixFilePermissions(path));
                } else if (Files.isRegularFile(path)) {
                    Files.copy(path, there, java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
    }

    private static void remove(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        try (Stream<Path> walk = Files.walk(tree)) {
            for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static Map<String, byte[]> contents(Path tree) throws IOException {
        Map<String, byte[]> found = new TreeMap<>();
        try (Stream<Path> walk = Files.walk(tree)) {
            for (Path path : walk.filter(Files::isRegularFile).toList()) {
                found.put(tree.relativize(path).toString(), Files.readAllBytes(path));
            }
        }
        return found;
    }
}
