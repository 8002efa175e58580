package dev.covey.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreWatchTest {
    @TempDir
    Path temporary;

    @Test
    void aWatcherIsToldTheNewestStateOfItsObjectAndOfNoOther() {
        ObjectStore store = ObjectStore.open(temporary.resolve("store"));
        StoredObject first = store.create("visits", ObjectStoreTest.json("count", 0));
        Queue<StoredObject> told = new ConcurrentLinkedQueue<>();
        try (StoreWatch watch = ObjectStore.open(temporary.resolve("store")).watch("visits", told::add)) {
            assertThat(watch).isNotNull();
            store.create("others", ObjectStoreTest.json("count", 0));
            StoredObject second = store.update(first, ObjectStoreTest.json("count", 1));
            await().until(() -> told.contains(second));
            StoredObject tombstone = store.delete("visits", second.rev());
            await().until(() -> told.contains(tombstone));
        }
        assertThat(told).allMatch(object -> object.id().equals("visits"));
        assertThat(told).doesNotContain(first);
    }

    @Test
    void aWatcherOfAllSeesNewObjectsAndNewDirectoriesOfOldOnes() {
        ObjectStore store = ObjectStore.open(temporary.resolve("store"));
        StoredObject newest = store.create("visits", ObjectStoreTest.json("count", 0));
        Queue<StoredObject> told = new ConcurrentLinkedQueue<>();
        try (StoreWatch watch = store.watchAll(object -> {
            told.add(object);
            throw new IllegalStateException("a listener that fails harms nobody");
        })) {
            assertThat(watch).isNotNull();
            for (int i = 1; i < 205; i++) {
                newest = store.update(newest, ObjectStoreTest.json("count", i));
            }
            StoredObject last = newest;
            StoredObject other = store.create("Ünique", ObjectStoreTest.json("count", 0));
            await().until(() -> told.contains(last) && told.contains(other));
        }
    }

    @Test
    void whereNobodyWakesItTheWatcherLooks() {
        MemoryDisk disk = new MemoryDisk();
        ObjectStore store = ObjectStore.open(disk, Path.of("/store"), StoreOptions.DEFAULT);
        Queue<StoredObject> told = new ConcurrentLinkedQueue<>();
        try (StoreWatch watch = store.watchAll(told::add)) {
            assertThat(watch).isNotNull();
            StoredObject made = store.create("visits", ObjectStoreTest.json("count", 0));
            await().until(() -> told.contains(made));
        }
    }
}
