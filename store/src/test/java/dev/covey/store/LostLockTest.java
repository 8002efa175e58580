package dev.covey.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two writers that both believe they have the object's lock, as when one of them read the locked file meanwhile. */
class LostLockTest {
    private static final Path STORE = Path.of("/store");

    private static JsonNode value(int number) {
        return JsonNodeFactory.instance.objectNode().put("n", number);
    }

    @Test
    void twoWritersWithoutTheLockTheyBelieveInBothStayAndOneIsListedAsConflict() throws IOException {
        MemoryDisk disk = new MemoryDisk();
        try (ObjectStore other = ObjectStore.open(disk, STORE, StoreOptions.DEFAULT)) {
            StoredObject read = other.create("x", value(0));
            ObjectWriter writer = new ObjectWriter(disk, STORE, StoreOptions.DEFAULT);
            writer.exclusively("x", (files, newest) -> {
                other.update(read, value(1));
                return ObjectWriter.Draft.after(newest.orElseThrow(), value(2));
            });
            StoredObject winner = other.get("x").orElseThrow();
            List<Conflict> lost = other.conflicts("x");
            assertThat(winner.revision()).isEqualTo(2);
            assertThat(lost).hasSize(1);
            assertThat(List.of(winner.value(), lost.get(0).object().value()))
                    .containsExactlyInAnyOrder(value(1), value(2));
        }
    }
}
