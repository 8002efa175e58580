package dev.covey.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.covey.mesh.protocol.Command;
import dev.covey.patch.Patch;
import dev.covey.store.ObjectStore;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Objects that are deleted, and what there is to see of them. */
class DeletionTest {
    @TempDir
    Path base;

    private MeshOptions options(String member) {
        return MeshOptions.DEFAULT.withDirectory(base.resolve("meshes")).withMemberName(member);
    }

    @Test
    void aDeletedObjectIsNotNamedAnyMoreAndItsObserversSeeThatNothingIsThere() {
        try (Mesh mesh = Mesh.join("gone", options("one"));
                Mesh other = Mesh.join("gone", options("two"))) {
            SharedObject cups = mesh.object("cups");
            cups.patch(Patch.set("/n", 1)).join();
            mesh.object("jars").patch(Patch.set("/n", 1)).join();
            assertThat(mesh.objects()).containsExactly("cups", "jars");
            List<Change> seen = new CopyOnWriteArrayList<>();
            await().until(() -> other.object("cups").exists());
            other.object("cups").observe("", seen::add);
            other.object("cups").observe("/n", seen::add);

            Revision deleted = cups.delete().join();

            assertThat(deleted.number()).isEqualTo(2);
            assertThat(deleted.changed()).isTrue();
            assertThat(cups.exists()).isFalse();
            assertThat(cups.value().isEmpty()).isTrue();
            assertThat(mesh.objects()).containsExactly("jars");
            await().until(() -> seen.size() == 2);
            assertThat(seen).allSatisfy(change -> {
                assertThat(change.after().isMissingNode()).isTrue();
                assertThat(change.before().isMissingNode()).isFalse();
                assertThat(change.revision()).isEqualTo(2);
            });
            assertThat(cups.delete().join().changed()).isFalse();
        }
    }

    @Test
    void aPatchMadeBeforeTheDeletionDoesNotBringTheObjectBack() {
        try (Mesh mesh = Mesh.join("late", options("one"))) {
            SharedObject cups = mesh.object("cups");
            long before = micros(cups.patch(Patch.set("/n", 1)).join().time()) + 1;
            await().until(() -> micros(Instant.now()) > before);
            cups.delete().join();
            for (Patch late : List.of(Patch.set("/n", 2), Patch.inc("/n", 1), Patch.set("", Map.of("n", 2)))) {
                Command command = new Command.Change("cups", late, before, Command.ANY_REVISION);
                assertThatThrownBy(ObjectRequest.send(mesh, cups, unused -> command)::join)
                        .hasMessageContaining("[STALE]");
            }
            assertThat(cups.exists()).isFalse();
            assertThat(cups.patch(Patch.inc("/n", 1)).join().number()).isEqualTo(3);
        }
    }

    private static long micros(Instant time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, time);
    }

    @Test
    void anObjectThatComesBackGoesOnCounting() {
        Path store = base.resolve("store");
        try (Mesh mesh = Mesh.join("back", options("one").withStore(store))) {
            SharedObject cups = mesh.object("cups", ObjectOptions.DEFAULT.withInitial(Map.of("n", 1)));
            cups.delete().join();
            mesh.object("cups", ObjectOptions.DEFAULT.withInitial(Map.of("n", 2)));
            assertThat(cups.revision()).isEqualTo(3);
            mesh.object("jars").patch(Patch.set("/n", 1)).join();
            mesh.object("jars").delete().join();
        }
        try (ObjectStore files = ObjectStore.open(store)) {
            assertThat(files.get("cups").orElseThrow().value().toString()).isEqualTo("{\"n\":2}");
            assertThat(files.get("jars")).isEmpty();
        }
        try (Mesh mesh = Mesh.join("back", options("one").withStore(store))) {
            assertThat(mesh.objects()).containsExactly("cups");
            assertThat(mesh.object("jars").patch(Patch.set("/n", 1)).join().number())
                    .isEqualTo(3);
        }
    }

    @Test
    void aPatchMayAskThatThereIsNoObject() {
        try (Mesh mesh = Mesh.join("absent", options("one"))) {
            SharedObject cups = mesh.object("cups");
            PatchOptions absent = PatchOptions.DEFAULT.withIfRevision(Command.ABSENT);
            assertThat(cups.patch(Patch.set("/n", 1), absent).join().number()).isEqualTo(1);
            assertThatThrownBy(() -> cups.patch(Patch.set("/n", 2), absent).join())
                    .hasMessageContaining("cups: it was expected to be absent, it is at revision 1")
                    .hasMessageContaining("[CONFLICT]");
            cups.delete().join();
            assertThat(cups.patch(Patch.set("/n", 3), absent).join().number()).isEqualTo(3);
        }
    }
}
