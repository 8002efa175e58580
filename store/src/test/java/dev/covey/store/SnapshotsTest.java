package dev.covey.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotsTest {
    /** Held here, for the JVM forgets the level of a logger that nobody holds. */
    private static final Logger SNAPSHOT_LOG = Logger.getLogger(Snapshots.class.getName());

    @TempDir
    Path temporary;

    private Path directory;
    private Snapshots snapshots;

    @BeforeEach
    void open() {
        directory = temporary.resolve("journal");
        snapshots = Snapshots.open(directory, Durability.FSYNC);
    }

    @Test
    void theNewestAtOrBelowAPositionIsFound() {
        snapshots.write(1, 10, bytes("ten"));
        snapshots.write(2, 20, List.of(bytes("twe"), bytes("nty")).iterator());
        assertThat(text(snapshots.latest().orElseThrow())).isEqualTo("twenty");
        assertThat(snapshots.latest().orElseThrow().epoch()).isEqualTo(2);
        assertThat(text(snapshots.newestAtOrBelow(19).orElseThrow())).isEqualTo("ten");
        assertThat(snapshots.newestAtOrBelow(9)).isEmpty();
    }

    @Test
    void anyDamagedByteMakesItNoSnapshotAndTheOlderOneIsTaken() throws IOException {
        snapshots.write(1, 10, bytes("ten"));
        snapshots.write(1, 20, bytes("twenty"));
        Path file = directory.resolve(JournalNames.snapshot(new SnapshotId(20, 1)));
        SNAPSHOT_LOG.setLevel(Level.OFF);
        byte[] whole = Files.readAllBytes(file);
        for (int i = 0; i < whole.length; i++) {
            byte[] damaged = whole.clone();
            damaged[i] ^= 4;
            Files.write(file, damaged);
            assertThat(snapshots.latest().orElseThrow().position())
                    .as("byte %d", i)
                    .isEqualTo(10);
        }
        Files.write(file, bytes("torn"));
        snapshots.write(1, 20, bytes("twenty"));
        assertThat(text(snapshots.latest().orElseThrow())).isEqualTo("twenty");
    }

    @Test
    void theShortcutIsTheNewestThatIsSmallerThanTheRecordsInItsPlace() {
        snapshots.write(1, 1_000, new byte[100 * Snapshots.RECORD_BYTES]);
        snapshots.write(1, 2_000, new byte[1_900 * Snapshots.RECORD_BYTES]);
        snapshots.write(2, 3_000, bytes("three thousand"));
        assertThat(at(snapshots.shortcut(0, 500, 5_000))).isEqualTo(3_000);
        assertThat(at(snapshots.shortcut(0, 3_000, 5_000))).isZero();
        assertThat(at(snapshots.shortcut(0, 500, 2_999))).isEqualTo(2_000);
        assertThat(at(snapshots.shortcut(200, 500, 2_999))).isEqualTo(1_000);
        assertThat(at(snapshots.shortcut(200, 1_000, 2_999))).isZero();
        assertThat(at(snapshots.shortcut(899, 999, 2_999))).isEqualTo(1_000);
        assertThat(at(snapshots.shortcut(900, 999, 2_999))).isZero();
    }

    /** Position of a snapshot, 0 if there is none. */
    private static long at(Optional<SnapshotFile> snapshot) {
        return snapshot.map(SnapshotFile::position).orElse(0L);
    }

    @Test
    void theNewestIsNeverRemoved() {
        snapshots.write(1, 10, bytes("ten"));
        snapshots.write(1, 20, bytes("twenty"));
        snapshots.write(1, 30, bytes("thirty"));
        assertThat(snapshots.removeBelow(20)).isEqualTo(1);
        assertThat(snapshots.removeBelow(1_000)).isEqualTo(1);
        assertThat(snapshots.latest().orElseThrow().position()).isEqualTo(30);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static String text(SnapshotFile file) {
        return new String(file.state(), UTF_8);
    }
}
