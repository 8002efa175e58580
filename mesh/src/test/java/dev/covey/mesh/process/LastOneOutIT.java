package dev.covey.mesh.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.covey.mesh.Mesh;
import dev.covey.mesh.MeshOptions;
import dev.covey.patch.Patch;
import dev.covey.store.Durability;
import dev.covey.store.ObjectStore;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The last member leaves, and cannot write down what only the journal in memory has. */
class LastOneOutIT {
    @TempDir
    Path temporary;

    @Test
    void whatTheLastOneOutCouldNotWriteStaysInMemoryForWhoeverJoinsNext() {
        try (SmallDisk disk = SmallDisk.mount(temporary.resolve("disk"), 4)) {
            Path store = disk.root().resolve("store");
            MeshOptions options = MeshOptions.DEFAULT
                    .withDirectory(temporary.resolve("meshes"))
                    .withStore(store)
                    .withDurability(Durability.MEMORY);
            try (Mesh mesh = Mesh.join("last", options)) {
                mesh.object("ledger").patch(Patch.set("/balance", 1)).join();
                mesh.flush();
                disk.fill();
                mesh.object("ledger").patch(Patch.set("/balance", 2)).join();
            }
            disk.empty();
            try (Mesh again = Mesh.join("last", options)) {
                assertThat(again.object("ledger").value().path("balance").intValue())
                        .isEqualTo(2);
            }
            assertThat(ObjectStore.open(store)
                            .get("ledger")
                            .orElseThrow()
                            .value()
                            .path("balance")
                            .intValue())
                    .isEqualTo(2);
            assertThat(temporary.resolve("meshes/last")).doesNotExist();
        }
    }
}
