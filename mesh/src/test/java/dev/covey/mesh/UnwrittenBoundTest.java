package dev.covey.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.covey.patch.Patch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records that wait for their revision files are bounded: beyond, patches are refused by name, and none is lost. */
class UnwrittenBoundTest {
    private static final long BOUND = 500;

    @TempDir
    Path base;

    @Test
    void patchesAreRefusedByNameWhileFilesAreTooFarBehindAndTakenAgainWhenTheyHaveCaughtUp() throws IOException {
        Path objects = base.resolve("store/objects");
        Path moved = base.resolve("moved");
        try (Mesh host = join();
                Mesh member = join()) {
            SharedObject object = host.object("o");
            object.patch(Patch.inc("/n", 1)).join();
            host.flush();
            Files.move(objects, moved);
            Files.createSymbolicLink(objects, moved);
            long accepted = 1;
            for (Mesh each : List.of(host, member)) {
                accepted += acceptedUntilRefused(each);
            }
            assertThat(accepted).isGreaterThan(BOUND / 2);
            assertThat(host.status()).isEqualTo(MeshStatus.READ_ONLY);
            Files.delete(objects);
            Files.move(moved, objects);
            await().atMost(30, TimeUnit.SECONDS)
                    .until(() -> host.status() == MeshStatus.CONNECTED && member.status() == MeshStatus.CONNECTED);
            for (Mesh each : List.of(host, member)) {
                each.object("o").patch(Patch.inc("/n", 1)).join();
                accepted++;
            }
            long all = accepted;
            await().untilAsserted(
                            () -> assertThat(object.value().get("n").asLong()).isEqualTo(all));
            host.flush();
            assertThat(object.history().list()).hasSize((int) all);
        }
    }

    private Mesh join() {
        return Mesh.join(
                "unwritten",
                MeshOptions.DEFAULT.withDirectory(base.resolve("meshes")).withStore(base.resolve("store")),
                BOUND);
    }

    /** Until OVERLOADED. */
    private static long acceptedUntilRefused(Mesh mesh) {
        for (long accepted = 0; accepted < 100 * BOUND; accepted++) {
            try {
                mesh.object("o").patch(Patch.inc("/n", 1)).join();
            } catch (CompletionException refused) {
                MeshException why = (MeshException) Objects.requireNonNull(refused.getCause());
                assertThat(why.code()).isEqualTo(MeshCode.OVERLOADED);
                assertThat(why).hasMessageContaining("mesh unwritten").hasMessageContaining("revision files");
                return accepted;
            }
        }
        throw new AssertionError("never refused");
    }
}
