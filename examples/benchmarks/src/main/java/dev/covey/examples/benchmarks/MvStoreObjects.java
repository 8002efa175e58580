package dev.covey.examples.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;

/** A map of H2's MVStore, which one process alone may open; committed after every change, at "sync" forced too. */
final class MvStoreObjects implements KeptObjects {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final MVStore store;
    private final MVMap<String, String> map;
    private final boolean forced;

    MvStoreObjects(Path directory, boolean forced) {
        this.store = new MVStore.Builder()
                .fileName(directory.resolve("mvstore").toString())
                .autoCommitDisabled()
                .open();
        this.map = store.openMap("objects");
        this.forced = forced;
    }

    @Override
    public String create(String id, JsonNode value) throws IOException {
        map.put(id, "1 " + MAPPER.writeValueAsString(value));
        commit();
        return "1";
    }

    @Override
    public JsonNode get(String id) throws IOException {
        String found = Objects.requireNonNull(map.get(id), id);
        return MAPPER.readTree(found.substring(found.indexOf(' ') + 1));
    }

    @Override
    public String update(String id, JsonNode value, String revision) throws IOException {
        String before = Objects.requireNonNull(map.get(id), id);
        if (!before.startsWith(revision + " ")) {
            throw new IOException(id + ": revision " + revision + " is not the newest");
        }
        String next = String.valueOf(Long.parseLong(revision) + 1);
        map.put(id, next + " " + MAPPER.writeValueAsString(value));
        commit();
        return next;
    }

    private void commit() {
        store.commit();
        if (forced) {
            store.sync();
        }
    }

    @Override
    public void close() {
        store.closeImmediately();
    }
}
