package dev.covey.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Many stores that each wrote the same revision, and meet in any order. A thousand of them, with a million revision files
 * in the end, by command: {@code mvn -pl store test -Dtest=StoreSyncTest -Dcovey.store.stores=1000}.
 */
class StoreSyncTest {
    private static final int STORES = Integer.getInteger("covey.store.stores", 60);
    /** Every sync of a small simulation is done twice, of a large one some. */
    private static final int SECOND_SYNCS = 60;

    @Test
    void howeverManyStoresMeetInWhateverOrderTheyAgreeOnOneWinner() {
        long seed = 11;
        SplittableRandom random = new SplittableRandom(seed);
        List<ObjectStore> stores = new ArrayList<>();
        Path path = Path.of("/store");
        for (int i = 0; i < STORES; i++) {
            ObjectStore store = ObjectStore.open(new MemoryDisk(), path, StoreOptions.DEFAULT.withAuthor("host " + i));
            store.create("visits", ObjectStoreTest.json("host", i));
            stores.add(store);
        }
        BitSet complete = new BitSet(STORES);
        while (complete.cardinality() < STORES) {
            int one = random.nextInt(STORES);
            int other = random.nextInt(STORES);
            meet(stores.get(one), stores.get(other), random.nextInt(STORES) < SECOND_SYNCS, seed);
            complete.set(one, stores.get(one).names("visits") == STORES);
            complete.set(other, stores.get(other).names("visits") == STORES);
        }
        Set<String> winners = new HashSet<>();
        stores.forEach(store -> winners.add(store.get("visits").orElseThrow().rev()));
        assertThat(winners).hasSize(1);
        assertThat(stores.get(STORES - 1).conflicts("visits")).hasSize(STORES - 1);
    }

    private static void meet(ObjectStore one, ObjectStore other, boolean again, long seed) {
        if (one.sync(other).copiedHere() > 0 && again) {
            assertThat(one.sync(other)).as("seed %d", seed).isEqualTo(new SyncReport(0, 0, 0));
        }
    }
}
