package dev.covey.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.covey.patch.FrozenTree;
import dev.covey.patch.Limits;
import dev.covey.patch.Patch;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetainerTest {
    @TempDir
    Path temporary;

    @Test
    void theNewestRevisionsStayAndSoDoesEveryOpenConflict() {
        Path path = temporary.resolve("store");
        ObjectStore store = ObjectStore.open(path);
        StoredObject first = store.create("visits", ObjectStoreTest.json("count", 0));
        StoredObject lost = store.updateKeepingConflict("visits", ObjectStoreTest.json("lost", 1), first.rev());
        StoredObject newest = store.updateKeepingConflict("visits", ObjectStoreTest.json("count", 1), first.rev());
        newest = store.updateKeepingConflict("visits", ObjectStoreTest.json("count", 2), newest.rev());
        for (int i = 3; i < 250; i++) {
            newest = store.update(newest, ObjectStoreTest.json("count", i));
        }
        assertThat(Retainer.run(path, Retention.EVERYTHING)).isZero();
        assertThat(Retainer.run(path, Retention.EVERYTHING.withRevisions(10))).isEqualTo(251 - 10 - 1);
        assertThat(store.get("visits").orElseThrow()).isEqualTo(newest);
        assertThat(store.revisions("visits").count()).isEqualTo(11);
        assertThat(store.conflicts("visits")).containsExactly(new Conflict(lost, false));
        assertThat(store.at("visits", 5)).isEmpty();
        store.resolve("visits", ObjectStoreTest.json("count", 251));
        assertThat(Retainer.run(path, Retention.EVERYTHING.withBytes(1))).isEqualTo(11);
        assertThat(store.revisions("visits").count()).isEqualTo(1);
    }

    @Test
    void whatIsYoungEnoughStays() {
        Path path = temporary.resolve("store");
        ObjectStore store = ObjectStore.open(path);
        StoredObject newest = store.create("visits", ObjectStoreTest.json("count", 0));
        for (int i = 1; i < 20; i++) {
            newest = store.update(newest, ObjectStoreTest.json("count", i));
        }
        assertThat(Retainer.run(path, Retention.EVERYTHING.withAgeMillis(3_600_000)))
                .isZero();
        assertThat(store.revisions("visits").count()).isEqualTo(20);
    }

    @Test
    void aHistoryOfChangesIsCutAtAFullState() {
        Path path = temporary.resolve("store");
        var value = FrozenTree.EMPTY_OBJECT;
        try (Checkpointer checkpointer = Checkpointer.open(path, CheckpointOptions.DEFAULT)) {
            for (int i = 1; i <= 2_600; i++) {
                var resolution = (i == 1 ? Patch.set("", ObjectStoreTest.json("n", 1)) : Patch.inc("/n", 1))
                        .resolve(value, 0, Limits.DEFAULT);
                value = resolution.after();
                ByteBuffer record = ByteBuffer.allocate(8).putLong(0, i);
                checkpointer.accept("visits", i, "me", i * 300L, 1, i, record, resolution.operations());
            }
        }
        ObjectStore store = ObjectStore.open(path);
        assertThat(Retainer.run(path, Retention.EVERYTHING.withRevisions(100))).isPositive();
        StoredObject newest = store.get("visits").orElseThrow();
        assertThat(newest.revision()).isEqualTo(2_600);
        assertThat(newest.value()).isEqualTo(value);
        long left = store.revisions("visits").count();
        assertThat(left).isBetween(100L, 1_100L);
        assertThat(store.at("visits", 2_550).orElseThrow().value().get("n").asInt())
                .isEqualTo(2_550);
    }
}
