package dev.covey.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.covey.mesh.local.ControlFile;
import dev.covey.mesh.local.MeshDirectory;
import dev.covey.mesh.protocol.Wire;
import dev.covey.patch.Patch;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The flags of rule R7, set by hand; SmallMachineIT has real disks set them. */
class ReadOnlyTest {
    @TempDir
    Path base;

    private MeshOptions options() {
        return MeshOptions.DEFAULT.withDirectory(base.resolve("meshes")).withStore(base.resolve("store"));
    }

    private ControlFile control() {
        return ControlFile.open(MeshDirectory.open("flags", base.resolve("meshes")), Wire.VERSION)
                .orElseThrow();
    }

    @Test
    void aFailedJournalRefusesPatchesAndJoinersUntilAllHaveStoppedAndThenGoesOnAtWhatWasCommitted() {
        try (Mesh one = Mesh.join("flags", options());
                Mesh two = Mesh.join("flags", options())) {
            one.object("o").patch(Patch.inc("/n", 1)).join();
            control().setFlag(ControlFile.STORE_FAILED);
            assertThatThrownBy(() -> two.object("o").patch(Patch.inc("/n", 1)).join())
                    .hasMessageContaining("is read-only since its journal")
                    .hasMessageContaining("[STORE_FAILED]");
            assertThat(one.object("o").value().get("n").asInt()).isEqualTo(1);
            assertThatThrownBy(() -> Mesh.join("flags", options())).hasMessageContaining("[STORE_FAILED]");
        }
        try (Mesh later = Mesh.join("flags", options())) {
            assertThat(later.object("o").patch(Patch.inc("/n", 1)).join().number())
                    .isEqualTo(2);
            assertThat(later.members()).hasSize(1);
        }
    }

    @Test
    void aFullDiskRefusesPatchesBeforeTheyAreSentAndTakesThemAgain() {
        try (Mesh one = Mesh.join("flags", options());
                Mesh two = Mesh.join("flags", options())) {
            one.object("o").patch(Patch.inc("/n", 1)).join();
            ControlFile control = control();
            boolean refused = false;
            while (!refused) { // the host finds that there is room and takes the flag away, as it should
                control.setFlag(ControlFile.STORE_FULL);
                refused = two.object("o")
                        .patch(Patch.inc("/n", 1))
                        .handle((done, why) -> why != null && why.toString().contains("[STORE_FULL]"))
                        .join();
            }
            one.object("p").patch(Patch.inc("/n", 1)).handle((done, why) -> why).join();
            org.awaitility.Awaitility.await().until(() -> (control.flags() & ControlFile.STORE_FULL) == 0);
            assertThat(two.object("p").patch(Patch.inc("/m", 1)).join().number())
                    .isPositive();
        }
    }
}
