package dev.covey.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
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

    @Test
    void aChangeIsToldWithinATenthOfASecond() {
        ObjectStore store = ObjectStore.open(temporary.resolve("store"));
        assertThat(medianMillis(store)).isLessThan(100);
        ObjectStore polled = ObjectStore.open(new MemoryDisk(), Path.of("/store"), StoreOptions.DEFAULT);
        assertThat(medianMillis(polled)).isLessThan(100);
    }

    /** From before the write to the listener, the middle one of many: a machine may be busy with other things now and then. */
    private static long medianMillis(ObjectStore store) {
        Map<Long, Long> toldAt = new ConcurrentHashMap<>();
        List<Long> took = new ArrayList<>();
        try (StoreWatch watch =
                store.watch("visits", object -> toldAt.putIfAbsent(object.revision(), System.nanoTime()))) {
            assertThat(watch).isNotNull();
            for (int i = 0; i < 25; i++) {
                long began = System.nanoTime();
                long revision =
                        store.upsert("visits", ObjectStoreTest.json("count", i)).revision();
                await().until(() -> toldAt.containsKey(revision));
                took.add(Objects.requireNonNull(toldAt.get(revision)) - began);
            }
        }
        Collections.sort(took);
        return TimeUnit.NANOSECONDS.toMillis(took.get(took.size() / 2));
    }
}
