package dev.covey.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.covey.patch.FrozenTree;
import dev.covey.patch.Limits;
import dev.covey.patch.Patch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real file system of 2 MiB that is really full. Only root may mount one: others are told that nothing was tested. */
class FullDiskTest {
    private static final int SPARE_BYTES = 256 << 10;
    private static final int MOST = 100_000;

    @TempDir
    Path temporary;

    private Path disk = Path.of("");

    @BeforeEach
    void mount() throws Exception {
        disk = Files.createDirectory(temporary.resolve("disk"));
        boolean mounted = run("mount", "-t", "tmpfs", "-o", "size=2m,mode=0700", "covey-test", disk.toString());
        Assumptions.assumeTrue(mounted, "no file system could be mounted here: the real full disk was not tested");
        Files.write(disk.resolve("filler"), new byte[SPARE_BYTES]);
    }

    @AfterEach
    void unmount() throws Exception {
        System.gc(); // lets go of mapped segments
        run("umount", "--lazy", disk.toString());
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException noSuchCommand) {
            return false;
        }
    }

    @Test
    void theObjectStoreSaysSoKeepsWhatItHasAndGoesOnOnceThereIsRoom() throws IOException {
        ObjectStore store = ObjectStore.open(disk.resolve("store"));
        List<StoredObject> written = new ArrayList<>();
        StoreException full = catchThrowableOfType(StoreException.class, () -> {
            for (int i = 0; i < MOST; i++) {
                written.add(store.create("o" + i, ObjectStoreTest.json("count", i)));
            }
        });
        assertThat(full.code()).isEqualTo(StoreCode.STORE_FULL);
        assertThat(written).isNotEmpty();
        assertThat(store.all()).containsExactlyInAnyOrderElementsOf(written);
        Files.delete(disk.resolve("filler"));
        StoredObject after = store.create("after", ObjectStoreTest.json("count", 1));
        assertThat(store.get("after")).contains(after);
    }

    @Test
    void theJournalSaysSoAndTakesTheSameRecordOnceThereIsRoom() throws IOException {
        Path directory = disk.resolve("journal");
        JournalOptions options = JournalOptions.DEFAULT
                .withDurability(Durability.FSYNC)
                .withSegmentBytes(64 << 10)
                .withSpares(false);
        try (Journal journal = Journal.open(directory, options);
                JournalWriter writer = journal.begin(1, 1, new byte[0])) {
            assertThatThrownBy(() -> {
                        for (int i = 0; i < MOST; i++) {
                            append(writer);
                        }
                    })
                    .hasMessageContaining("STORE_FULL");
            long acknowledged = writer.position();
            Files.delete(disk.resolve("filler"));
            append(writer);
            JournalEnd end = journal.recover(true);
            assertThat(end.position()).isEqualTo(acknowledged + 1);
        }
    }

    private static void append(JournalWriter writer) {
        byte[] payload = new byte[1_000];
        writer.append(writer.position() + 1, writer.position(), 1, 1, 1, payload, 0, payload.length);
        writer.force();
    }

    @Test
    void theCheckpointerSaysSoAndTheNextOneGoesOnAfterItsPosition() throws IOException {
        Path store = disk.resolve("store");
        CheckpointOptions options = CheckpointOptions.DEFAULT.withMarkMillis(0);
        Checkpointer checkpointer = Checkpointer.open(store, options);
        assertThatThrownBy(() -> feed(checkpointer, MOST)).hasMessageContaining("STORE_FULL");
        long position = checkpointer.position();
        assertThat(position).isPositive();
        Files.delete(disk.resolve("filler"));
        try (Checkpointer again = Checkpointer.open(store, options)) {
            assertThat(again.position()).isEqualTo(position);
            feed(again, position + 20);
        }
        assertThat(ObjectStore.open(store).get("visits").orElseThrow().revision())
                .isEqualTo(position + 20);
    }

    private static void feed(Checkpointer checkpointer, long upTo) {
        var made = Patch.set("", ObjectStoreTest.json("n", 0)).resolve(FrozenTree.EMPTY_OBJECT, 0, Limits.DEFAULT);
        var counted = Patch.set("/n", 1).resolve(made.after(), 0, Limits.DEFAULT);
        for (long i = 1; i <= upTo; i++) {
            ByteBuffer record = ByteBuffer.allocate(8).putLong(0, i);
            checkpointer.accept(
                    "visits", i, "me", i * 1_000, 1, i, record, i == 1 ? made.operations() : counted.operations());
        }
    }
}
