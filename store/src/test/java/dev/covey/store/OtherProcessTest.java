package dev.covey.store;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What only shows with a real second process. */
class OtherProcessTest {
    @TempDir
    Path temporary;

    @Test
    void aProcessThatKnowsOnlyAsciiStoresTheSameIds() throws Exception {
        Path path = temporary.resolve("store");
        ProcessBuilder builder = OtherProcess.running("ids", path).redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), US_ASCII);
        assertThat(process.waitFor()).as(said).isZero();
        ObjectStore store = ObjectStore.open(path);
        assertThat(store.ids()).containsExactlyInAnyOrderElementsOf(OtherProcess.IDS);
        for (String id : OtherProcess.IDS) {
            assertThat(store.get(id).orElseThrow().value().get("letters").asInt())
                    .isEqualTo(id.length());
        }
    }

    @Test
    void whileAMeshOwnsAStoreOthersReadAndWatchItAndAreRefusedToWrite() throws Exception {
        Path path = temporary.resolve("store");
        ObjectStore store = ObjectStore.open(path);
        StoredObject made = store.create("visits", ObjectStoreTest.json("count", 1));
        ObjectStore other = ObjectStore.open(temporary.resolve("other"));
        other.create("others", ObjectStoreTest.json("count", 1));
        Queue<String> told = new ConcurrentLinkedQueue<>();
        Process mesh = OtherProcess.running("own", path).start();
        try (StoreWatch watch = store.watchAll(object -> told.add(object.id()))) {
            assertThat(watch).isNotNull();
            assertThat(mesh.getInputStream().read()).isEqualTo('o');
            refused(() -> store.create("more", ObjectStoreTest.json("count", 1)));
            refused(() -> store.update(made, ObjectStoreTest.json("count", 2)));
            refused(() -> store.updateKeepingConflict("visits", ObjectStoreTest.json("count", 2), made.rev()));
            refused(() -> store.upsert("visits", ObjectStoreTest.json("count", 2)));
            refused(() -> store.delete("visits", made.rev()));
            refused(() -> store.resolve("visits", ObjectStoreTest.json("count", 2)));
            refused(() -> store.closeCaptured("visits"));
            refused(() -> store.importFrom(temporary));
            refused(() -> store.sync(other));
            assertThat(store.get("visits")).contains(made);
            writeAsTheMeshDoes(path);
            await().until(() -> told.contains("seats"));
        } finally {
            mesh.destroyForcibly().waitFor();
        }
        assertThat(store.update(made, ObjectStoreTest.json("count", 2)).revision())
                .isEqualTo(2);
    }

    private static void refused(ThrowingCallable write) {
        assertThatThrownBy(write).hasMessageContaining("a mesh owns this store").hasMessageContaining("STORE_IN_USE");
    }

    private static void writeAsTheMeshDoes(Path store) throws IOException {
        ObjectFiles files = new ObjectFiles(LocalDisk.INSTANCE, store.resolve(ObjectNames.OBJECTS), "seats");
        new ObjectWriter(LocalDisk.INSTANCE, store, StoreOptions.DEFAULT)
                .write(files, ObjectWriter.Draft.first(ObjectStoreTest.json("count", 1)));
    }
}
