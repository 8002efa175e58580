package dev.covey.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.covey.patch.Patch;
import dev.covey.store.ObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The mark up to which revision files are written, put back by a host that was frozen while it wrote it. */
class LateMarkTest {
    private static final String LONG_TEXT = "x".repeat(8_000);

    @TempDir
    Path base;

    @Test
    void revisionFilesGoOnWhereTheJournalBeginsIfTheMarkIsOlderThanTheJournal() throws IOException {
        Path store = base.resolve("store");
        Path mark = store.resolve("checkpoint.json");
        Path journal = store.resolve("journal");
        MeshOptions options =
                MeshOptions.DEFAULT.withDirectory(base.resolve("meshes")).withStore(store);
        byte[] late;
        AtomicLong patches = new AtomicLong();
        try (Mesh mesh = Mesh.join("late-mark", options)) {
            SharedObject object = mesh.object("o");
            await().until(() -> {
                object.patch(Patch.inc("/n", 1)).join();
                patches.incrementAndGet();
                return Files.exists(mark);
            });
            late = Files.readAllBytes(mark);
            Path first = firstSegment(journal);
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (Files.exists(first)) {
                assertThat(System.nanoTime() - deadline)
                        .as("no segment was removed")
                        .isNegative();
                patches.addAndGet(patchOften(object));
            }
        }
        Files.write(mark, late);
        try (Mesh mesh = Mesh.join("late-mark", options)) {
            mesh.object("o").patch(Patch.inc("/n", 1)).join();
            patches.incrementAndGet();
        }
        try (ObjectStore written = ObjectStore.open(store)) {
            assertThat(written.get("o").orElseThrow().revision()).isEqualTo(patches.get());
            assertThat(written.revisions("o")).hasSize(patches.intValue());
        }
    }

    private static int patchOften(SharedObject object) {
        CompletableFuture<?>[] asked = new CompletableFuture<?>[500];
        for (int i = 0; i < asked.length; i++) {
            asked[i] = object.patch(Patch.set("/text", LONG_TEXT + i));
        }
        CompletableFuture.allOf(asked).join();
        return asked.length;
    }

    private static Path firstSegment(Path journal) throws IOException {
        try (var files = Files.list(journal)) {
            return files.filter(file -> file.toString().endsWith("-000000.segment"))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
