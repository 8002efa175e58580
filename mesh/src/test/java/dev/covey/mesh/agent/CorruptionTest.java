package dev.covey.mesh.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.covey.mesh.MeshCode;
import dev.covey.mesh.MeshException;
import dev.covey.mesh.core.State;
import dev.covey.mesh.core.StateEncoder;
import dev.covey.mesh.local.ControlFile;
import dev.covey.mesh.local.JvmAccess;
import dev.covey.mesh.protocol.Cell;
import dev.covey.store.Snapshots;
import dev.covey.store.StoreCode;
import dev.covey.store.StoreException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A damaged file through the same classes a joining member uses: what comes out is either what was acknowledged, or an
 * error that names the file. Every bit of the control file, and every byte of a journal and of a snapshot.
 */
class CorruptionTest {
    private static final int[] BITS = {1, 6};
    /** Of bytes that mean nothing one in so many is looked at. */
    private static final int RESERVED_STEP = 31;

    private static final int PADDING_STEP = 97;
    private static final int CUT_STEP = 7;

    @TempDir
    Path temp;

    private final Logger log = Logger.getLogger("dev.covey.store");
    private final List<String> told = new ArrayList<>();
    private final Handler listener = new Handler() {
        @Override
        public void publish(LogRecord record) {
            told.add(record.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    private SoundMesh mesh;

    @BeforeEach
    void listen() {
        JvmAccess.ensure();
        log.addHandler(listener);
        log.setUseParentHandlers(false);
        mesh = SoundMesh.in(temp);
    }

    @AfterEach
    void stopListening() {
        log.removeHandler(listener);
        log.setUseParentHandlers(true);
    }

    @Test
    void everyBitOfTheControlFileIsRefusedOrSaysNothingOfWhatWasAcknowledged() throws Exception {
        Path file = mesh.directory.controlFile();
        byte[] sound = Files.readAllBytes(file);
        int options = mesh.settings.toBytes().length;
        int refused = 0;
        for (int at = 0; at < sound.length; at++) {
            boolean skipped = SoundMesh.isReserved(at, options) && at % RESERVED_STEP != 0;
            for (int bit = skipped ? 8 : 0; bit < 8; bit++) {
                Files.write(file, flipped(sound, at, bit));
                String where = "byte " + at + " bit " + bit;
                Exception failure = joinUnderThatCell();
                if (failure != null) {
                    refused++;
                    assertThat(failure.getMessage()).as(where).contains("[CORRUPT]");
                    assertThat(failure.getMessage()).as(where).containsAnyOf("control-", ".segment at byte ");
                } else {
                    assertThat(at).as("says what it was born with").isGreaterThanOrEqualTo(52);
                }
            }
        }
        assertThat(refused).isGreaterThanOrEqualTo(8 * (52 + options) + 45);
    }

    /** What a joining member believes: the mesh it was born as, and all up to the cell; null if it comes out right. */
    private @Nullable Exception joinUnderThatCell() {
        try {
            ControlFile control = mesh.control();
            assertThat(control.lifeId()).isEqualTo(mesh.life);
            assertThat(control.birth().options()).isEqualTo(mesh.settings.toBytes());
            long cell = control.cell();
            long epoch = control.epochOf(cell);
            if (cell != mesh.cell || epoch != mesh.lastEpoch) {
                State read = mesh.read(epoch, Cell.position(cell));
                assertThat(read.position()).isEqualTo(mesh.truth.size() - 1);
                assertTrue(read);
            }
            return null;
        } catch (StoreException | MeshException refused) {
            return refused;
        }
    }

    @Test
    void aControlFileThatWasCutIsRefused() throws Exception {
        Path file = mesh.directory.controlFile();
        byte[] sound = Files.readAllBytes(file);
        for (int length = 0; length < sound.length; length += 37) {
            Files.write(file, Arrays.copyOf(sound, length));
            assertThatThrownBy(mesh::control)
                    .isInstanceOf(MeshException.class)
                    .hasMessageContaining(file + ": it has " + length + " bytes")
                    .extracting(refused -> ((MeshException) refused).code())
                    .isEqualTo(MeshCode.CORRUPT);
        }
    }

    @Test
    void everyByteOfTheJournalIsRefusedOrLosesNothingThatWasAcknowledged() throws Exception {
        for (Path segment : mesh.segments()) {
            byte[] sound = Files.readAllBytes(segment);
            int end = SoundMesh.endOfRecords(sound);
            int refused = 0;
            for (int at = 0; at < end; at += SoundMesh.isPadding(at) ? PADDING_STEP : 1) {
                for (int bit : BITS) {
                    Files.write(segment, flipped(sound, at, bit));
                    refused += startAgain(
                            segment, segment.getFileName() + " byte " + at + " bit " + bit, mesh.acknowledged);
                    mesh.restore();
                }
            }
            assertThat(refused).as("refused of %s", segment).isGreaterThan(BITS.length * 56);
        }
    }

    @Test
    void aJournalThatWasCutAnywhereIsRefusedUnderItsCellAndWithoutOneAsLongAsAnythingTellsOfTheRest() throws Exception {
        for (Path segment : mesh.segments()) {
            boolean last = segment.equals(mesh.segments().get(1));
            byte[] sound = Files.readAllBytes(segment);
            int end = SoundMesh.endOfRecords(sound);
            for (int length = 0; length < end; length += SoundMesh.isPadding(length) ? PADDING_STEP : CUT_STEP) {
                Files.write(segment, Arrays.copyOf(sound, length));
                String where = segment.getFileName() + " cut at " + length;
                readUnderTheCell(segment, where);
                long told = last ? mesh.lastOfFirstEpoch + SoundMesh.wholeRecords(sound, length) : mesh.acknowledged;
                startAgain(segment, where, told);
                mesh.restore();
            }
        }
    }

    /** All that was committed, or nothing. */
    private void readUnderTheCell(Path damaged, String where) {
        try {
            State read = mesh.read(mesh.lastEpoch, Cell.position(mesh.cell));
            assertThat(read.position()).as(where).isEqualTo(mesh.truth.size() - 1);
            assertTrue(read);
        } catch (StoreException refused) {
            assertThat(refused.code()).as(where).isEqualTo(StoreCode.CORRUPT);
            assertThat(refused.getMessage()).as(where).contains(damaged + " at byte ");
        }
    }

    /** 1 if a starter is refused, with the damaged file's name; 0 if what it has is true and reaches that far. */
    private int startAgain(Path damaged, String where, long atLeast) {
        try {
            State read = mesh.born();
            assertThat(read.position()).as(where).isGreaterThanOrEqualTo(atLeast);
            assertTrue(read);
            return 0;
        } catch (StoreException refused) {
            assertThat(refused.code()).as(where).isEqualTo(StoreCode.CORRUPT);
            assertThat(refused.getMessage()).as(where).contains(damaged + " at byte ");
            return 1;
        }
    }

    @Test
    void everyByteOfASnapshotIsNamedAndTheJournalIsReadInstead() throws Exception {
        Path snapshot = mesh.takeSnapshot(5);
        byte[] sound = Files.readAllBytes(snapshot);
        for (int at = 0; at < sound.length; at++) {
            Files.write(snapshot, flipped(sound, at, at % 8));
            told.clear();
            State read = mesh.born();
            assertThat(read.position()).isEqualTo(mesh.truth.size() - 1);
            assertTrue(read);
            assertThat(told).anyMatch(line -> line.startsWith(snapshot.toString()) && line.contains("[CORRUPT]"));
        }
    }

    @Test
    void aDamagedOrCutSnapshotThatAloneHasTheBeginningIsRefused() throws Exception {
        Path snapshot = mesh.takeSnapshot(mesh.lastOfFirstEpoch);
        Files.delete(mesh.segments().get(0));
        assertThat(mesh.born().position()).isEqualTo(mesh.truth.size() - 1);
        byte[] sound = Files.readAllBytes(snapshot);
        for (int at = 0; at < sound.length; at += 5) {
            Files.write(snapshot, at % 2 == 0 ? flipped(sound, at, at % 8) : Arrays.copyOf(sound, at));
            assertThatThrownBy(mesh::born)
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("[CORRUPT]")
                    .hasMessageContaining(snapshot.toString());
        }
    }

    @Test
    void aSnapshotUnderTheNameOfAnotherPositionIsNotBelieved() throws Exception {
        Path snapshot = mesh.takeSnapshot(3);
        Files.move(
                snapshot,
                snapshot.resolveSibling(snapshot.getFileName().toString().replace("3", "5")));
        assertThat(Snapshots.open(mesh.directory.journal(), mesh.settings.durability())
                        .latest())
                .isEmpty();
        assertTrue(mesh.born());
    }

    private void assertTrue(State read) {
        assertThat(StateEncoder.encode(read)).isEqualTo(StateEncoder.encode(mesh.truth.get((int) read.position())));
    }

    private static byte[] flipped(byte[] sound, int at, int bit) {
        byte[] damaged = sound.clone();
        damaged[at] ^= (byte) (1 << bit);
        return damaged;
    }
}
