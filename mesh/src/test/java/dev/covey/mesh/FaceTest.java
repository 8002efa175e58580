package dev.covey.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.covey.mesh.History.Entry;
import dev.covey.mesh.History.Version;
import dev.covey.mesh.local.ControlFile;
import dev.covey.mesh.local.MeshDirectory;
import dev.covey.mesh.protocol.Wire;
import dev.covey.patch.Patch;
import dev.covey.patch.PatchException;
import dev.covey.store.ObjectStore;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Typed objects, history, status, and what a mesh tells of itself. */
class FaceTest {
    private static final int REVISIONS = 200;

    @TempDir
    Path base;

    private Mesh join(String mesh, MeshOptions options) {
        return Mesh.join(mesh, options.withDirectory(base.resolve("meshes")));
    }

    /** Something to share. */
    record Room(String name, int guests) {
        Room withGuests(int more) {
            return new Room(name, guests + more);
        }
    }

    @Test
    void anObjectMayBeReadAndWrittenAsARecord() {
        try (Mesh mesh = join("typed", MeshOptions.DEFAULT)) {
            TypedObject<Room> room = mesh.object("room").as(Room.class);
            List<Room> seen = new CopyOnWriteArrayList<>();
            room.observe(seen::add);
            room.put(new Room("blue", 1)).join();
            room.update(now -> now.withGuests(2)).join();
            assertThat(room.value()).isEqualTo(new Room("blue", 3)).isSameAs(room.value());
            assertThat(room.untyped().value().toString()).isEqualTo("{\"name\":\"blue\",\"guests\":3}");
            await().untilAsserted(() -> assertThat(seen).containsExactly(new Room("blue", 1), new Room("blue", 3)));
            room.untyped().patch(Patch.set("/guests", "many")).join();
            assertThatThrownBy(room::value).isInstanceOf(PatchException.class);
        }
    }

    @Test
    void theHistoryGivesEveryAcceptedStateByNumberAndByTime() {
        try (Mesh mesh = join(
                "history", MeshOptions.DEFAULT.withStore(base.resolve("store")).withMemberName("ann"))) {
            SharedObject object = mesh.object("o");
            Instant[] times = new Instant[REVISIONS + 1];
            for (int i = 1; i <= REVISIONS; i++) {
                times[i] = object.patch(Patch.set("/n", i)).join().time();
            }
            History history = object.history();
            for (int i = 1; i <= REVISIONS; i += 37) {
                Version version = history.at(i).orElseThrow();
                assertThat(version.value().at("/n").asInt()).isEqualTo(i);
                assertThat(version.time()).isEqualTo(times[i]);
                assertThat(history.at(times[i]).orElseThrow().number()).isEqualTo(i);
                assertThat(history.at(times[i].minusNanos(1_000))
                                .map(Version::number)
                                .orElse(0L))
                        .isEqualTo(i - 1);
            }
            assertThat(history.at(REVISIONS + 1)).isEmpty();
            assertThat(history.list().map(Entry::number)).hasSize(REVISIONS).startsWith(1L, 2L);
            assertThat(history.list().map(Entry::author).distinct()).containsExactly("ann");
        }
    }

    @Test
    void withoutAStoreThereIsNoHistoryAndTheErrorSaysWhatToDo() {
        try (Mesh mesh = join("plain", MeshOptions.DEFAULT)) {
            assertThatThrownBy(mesh.object("o")::history)
                    .hasMessageContaining("withStore")
                    .hasMessageContaining("[NO_STORE]");
        }
    }

    @Test
    void afterAFlushEverythingIsAnsweredAndInTheFiles() {
        Path store = base.resolve("flushed");
        try (Mesh mesh = join("flushed", MeshOptions.DEFAULT.withStore(store));
                ObjectStore read = ObjectStore.open(store)) {
            for (int i = 0; i < 500; i++) {
                var unused = mesh.object("o").patch(Patch.inc("/n", 1));
            }
            mesh.flush();
            assertThat(mesh.object("o").value().at("/n").asInt()).isEqualTo(500);
            assertThat(mesh.object("o").view()).isSameAs(mesh.object("o").value());
            assertThat(read.get("o").orElseThrow().value().at("/n").asInt()).isEqualTo(500);
        }
    }

    @Test
    void aMeshRunsAsLongAsItHasAMember() {
        Path meshes = base.resolve("meshes");
        assertThat(Mesh.running(meshes)).isEmpty();
        try (Mesh one = join("alive", MeshOptions.DEFAULT)) {
            try (Mesh two = join("also-alive", MeshOptions.DEFAULT)) {
                assertThat(Mesh.running(meshes)).containsExactly("alive", "also-alive");
                assertThat(two.status()).isEqualTo(MeshStatus.CONNECTED);
            }
            assertThat(Mesh.running(meshes)).containsExactly("alive");
            one.object("o").patch(Patch.inc("/n", 1)).join();
            assertThat(one.members()).hasSize(1);
        }
        assertThat(Mesh.running(meshes)).isEmpty();
    }

    @Test
    void whoClosesIsToldSoLast() {
        List<MeshStatus> told = new CopyOnWriteArrayList<>();
        Mesh mesh = join("closing", MeshOptions.DEFAULT);
        mesh.listen(new MeshListener() {
            @Override
            public void statusChanged(MeshStatus now) {
                told.add(now);
            }
        });
        assertThat(mesh.status()).isEqualTo(MeshStatus.CONNECTED);
        mesh.close();
        assertThat(mesh.status()).isEqualTo(MeshStatus.CLOSED);
        assertThat(told).endsWith(MeshStatus.CLOSED);
    }

    @Test
    void aMeshWhoseJournalHasFailedSaysThatItIsReadOnly() {
        try (Mesh mesh = join("failed", MeshOptions.DEFAULT)) {
            mesh.object("o").patch(Patch.inc("/n", 1)).join();
            ControlFile.open(MeshDirectory.open("failed", base.resolve("meshes")), Wire.VERSION)
                    .orElseThrow()
                    .setFlag(ControlFile.STORE_FAILED);
            await().until(() -> mesh.status() == MeshStatus.READ_ONLY);
            assertThat(mesh.object("o").value().at("/n").asInt()).isEqualTo(1);
        }
    }

    @Test
    void onlyTheFirstOfTwoMakesAnObjectThatMustNotBeThere() {
        try (Mesh mesh = join("absent", MeshOptions.DEFAULT)) {
            SharedObject object = mesh.object("o");
            PatchOptions absent = PatchOptions.DEFAULT.withIfAbsent();
            object.patch(Patch.set("/n", 1), absent).join();
            assertThatThrownBy(object.patch(Patch.set("/n", 2), absent)::join).hasMessageContaining("[CONFLICT]");
            assertThat(object.value().at("/n").asInt()).isEqualTo(1);
        }
    }

    @Test
    void whatWasReadFromFilesAtTheStartIsToldAsRestored() {
        Path directory = base.resolve("restored");
        try (ObjectStore store = ObjectStore.open(directory)) {
            store.create("o", JsonNodeFactory.instance.objectNode().put("n", 1));
        }
        try (Mesh mesh = join("restored", MeshOptions.DEFAULT.withStore(directory))) {
            List<Change> seen = new CopyOnWriteArrayList<>();
            mesh.object("o").observe("/n", ObserveOptions.DEFAULT.withFromCurrent(true), seen::add);
            mesh.object("o").patch(Patch.inc("/n", 1)).join();
            await().untilAsserted(() -> assertThat(seen)
                    .extracting(Change::cause)
                    .containsExactly(Change.Cause.RESTORE, Change.Cause.PATCH));
        }
    }

    @Test
    void statisticsCountWhatHappened() {
        try (Mesh mesh = join("counted", MeshOptions.DEFAULT)) {
            SharedObject object = mesh.object("o");
            object.patch(Patch.set("/n", "text")).join();
            assertThatThrownBy(object.patch(Patch.inc("/n", 1))::join).hasMessageContaining("[INVALID_PATCH]");
            Statistics statistics = mesh.statistics();
            assertThat(statistics.patches()).isEqualTo(2);
            assertThat(statistics.accepted()).isEqualTo(1);
            assertThat(statistics.refused()).isEqualTo(1);
            assertThat(statistics.late()).isZero();
            assertThat(statistics.records()).isPositive();
            assertThat(statistics.epochs()).isEqualTo(1);
        }
    }
}
