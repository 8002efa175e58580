package dev.covey.examples.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import dev.covey.store.Durability;
import dev.covey.store.ObjectStore;
import dev.covey.store.StoreOptions;
import java.nio.file.Path;

/** The object store: a file for every revision. */
final class CoveyObjects implements KeptObjects {
    private final ObjectStore store;

    CoveyObjects(Path directory, boolean forced) {
        Durability durability = forced ? Durability.FSYNC : Durability.OS;
        store = ObjectStore.open(directory.resolve("covey"), StoreOptions.DEFAULT.withDurability(durability));
    }

    @Override
    public String create(String id, JsonNode value) {
        return store.create(id, value).rev();
    }

    @Override
    public JsonNode get(String id) {
        return store.get(id).orElseThrow().value();
    }

    @Override
    public String update(String id, JsonNode value, String revision) {
        return store.update(id, value, revision).rev();
    }

    @Override
    public void close() {
        store.close();
    }
}
