package dev.covey.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
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
        while (!allHave(stores, STORES)) {
            ObjectStore one = stores.get(random.nextInt(STORES));
            ObjectStore other = stores.get(random.nextInt(STORES));
            if (one.sync(other).copiedHere() > 0) {
                assertThat(one.sync(other)).as("seed %d", seed).isEqualTo(new SyncReport(0, 0, 0));
            }
        }
        Set<String> winners = new HashSet<>();
        stores.forEach(store -> winners.add(store.get("visits").orElseThrow().rev()));
        assertThat(winners).hasSize(1);
        assertThat(stores.get(STORES - 1).conflicts("visits")).hasSize(STORES - 1);
    }

    private static boolean allHave(List<ObjectStore> stores, int revisions) {
        for (ObjectStore store : stores) {
            if (store.names("visits") < revisions) {
                return false;
            }
        }
        return true;
    }
}
