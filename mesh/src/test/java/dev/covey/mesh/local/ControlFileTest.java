package dev.covey.mesh.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.covey.mesh.MeshCode;
import dev.covey.mesh.MeshException;
import dev.covey.mesh.protocol.Cell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlFileTest {
    private static final int VERSION = 1;

    @TempDir
    Path temp;

    private MeshDirectory directory;

    @BeforeEach
    void open() {
        directory = MeshDirectory.open("hello", temp.resolve("base"));
    }

    private static ControlFile.Birth birth(byte... options) {
        return new ControlFile.Birth(LifeId.random(), VERSION, options, 3, 41);
    }

    @Test
    void thereIsNoneBeforeOneIsMade() {
        assertThat(ControlFile.open(directory, VERSION)).isEmpty();
    }

    @Test
    void whatItWasBornWithIsReadBack() {
        ControlFile.Birth birth = birth((byte) 1, (byte) 2, (byte) 3);
        ControlFile.create(directory, birth);
        ControlFile read = ControlFile.open(directory, VERSION).orElseThrow();
        assertThat(read.birth()).usingRecursiveComparison().isEqualTo(birth);
        assertThat(read.cell()).isEqualTo(Cell.pack(3, 41));
        assertThat(read.epochOf(read.cell())).isEqualTo(3);
        assertThat(read.flags()).isZero();
        assertThat(Files.exists(directory.controlFile())).isTrue();
    }

    @Test
    void theSecondStarterGetsTheFirstOnesMeshAndNoDraftStays() throws IOException {
        ControlFile first = ControlFile.create(directory, birth());
        ControlFile second = ControlFile.create(directory, birth());
        assertThat(second.lifeId()).isEqualTo(first.lifeId());
        try (var files = Files.list(directory.path())) {
            assertThat(files.filter(Files::isRegularFile)).containsExactly(directory.controlFile());
        }
    }

    @Test
    void theCellMovesOnlyForWhoeverKnowsItsValueAndAllMappingsSeeIt() {
        ControlFile one = ControlFile.create(directory, birth());
        ControlFile other = ControlFile.open(directory, VERSION).orElseThrow();
        assertThat(one.compareAndSetCell(Cell.pack(3, 41), Cell.pack(4, 41))).isTrue();
        assertThat(other.compareAndSetCell(Cell.pack(3, 41), Cell.pack(3, 42))).isFalse();
        assertThat(other.cell()).isEqualTo(Cell.pack(4, 41));
        one.rememberEpoch(1L << 30 | 4);
        one.rememberEpoch(7);
        assertThat(other.epochOf(Cell.pack(5, 0))).isEqualTo(1L << 30 | 5);
    }

    @Test
    void ofSeveralWhoWantASnapshotTheOneFurthestOnIsRemembered() {
        ControlFile one = ControlFile.create(directory, birth());
        ControlFile other = ControlFile.open(directory, VERSION).orElseThrow();
        assertThat(one.wantedSnapshot()).isZero();
        one.wantSnapshot(40_000);
        other.wantSnapshot(20_000);
        assertThat(one.wantedSnapshot()).isEqualTo(40_000);
    }

    @Test
    void beatsAndFlagsAreSharedAndFlagsStayUntilCleared() {
        ControlFile one = ControlFile.create(directory, birth());
        ControlFile other = ControlFile.open(directory, VERSION).orElseThrow();
        one.beat();
        other.beat();
        one.setFlag(ControlFile.STORE_FULL);
        one.setFlag(ControlFile.STORE_FAILED);
        one.clearFlag(ControlFile.STORE_FULL);
        assertThat(one.beats()).isEqualTo(2);
        assertThat(other.beats()).isEqualTo(2);
        assertThat(other.flags()).isEqualTo(ControlFile.STORE_FAILED);
    }

    @Test
    void aWipedDirectoryIsNoticedEvenWhenAnotherMeshIsBornThere() {
        ControlFile ours = ControlFile.create(directory, birth());
        assertThat(ours.sameInode()).isTrue();
        directory.remove();
        assertThat(ours.sameInode()).isFalse();
        directory.make();
        ControlFile theirs = ControlFile.create(directory, birth());
        assertThat(theirs.sameInode()).isTrue();
        assertThat(ours.sameInode()).isFalse();
    }

    @Test
    void anotherVersionIsRefusedNamingBoth() {
        ControlFile.create(directory, birth());
        assertThatThrownBy(() -> ControlFile.open(directory, 2))
                .hasMessageContaining("the mesh speaks protocol version 1, this member speaks version 2")
                .hasMessageEndingWith("[VERSION_MISMATCH]");
    }

    @Test
    void optionsThatDoNotFitAreRefused() {
        assertThatThrownBy(() -> birth(new byte[ControlFile.OPTIONS_LIMIT + 1]))
                .isInstanceOfSatisfying(
                        MeshException.class,
                        refused -> assertThat(refused.code()).isEqualTo(MeshCode.LIMIT_EXCEEDED));
    }

    @Test
    void anyBitOfTheBirthThatFlipsIsFoundAndNamed() throws IOException {
        ControlFile.create(directory, birth(new byte[] {1, 2, 3, 4}));
        Path file = directory.controlFile();
        byte[] good = Files.readAllBytes(file);
        for (int at : bornBytes()) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] bad = good.clone();
                bad[at] ^= (byte) (1 << bit);
                Files.write(file, bad);
                assertThatThrownBy(() -> ControlFile.open(directory, VERSION))
                        .as("byte %d bit %d", at, bit)
                        .isInstanceOf(MeshException.class)
                        .hasMessageStartingWith(file.toString())
                        .hasMessageEndingWith("[CORRUPT]");
            }
        }
    }

    private static List<Integer> bornBytes() {
        List<Integer> bytes = new ArrayList<>();
        for (int at = 0; at < 52; at++) {
            bytes.add(at);
        }
        for (int at = 2048; at < 2052; at++) {
            bytes.add(at);
        }
        return bytes;
    }

    @Test
    void aFileCutAnywhereIsFoundAndNamed() throws IOException {
        ControlFile.create(directory, birth());
        Path file = directory.controlFile();
        byte[] good = Files.readAllBytes(file);
        for (int length = 0; length < good.length; length += 97) {
            Files.write(file, java.util.Arrays.copyOf(good, length));
            assertThatThrownBy(() -> ControlFile.open(directory, VERSION))
                    .hasMessageContaining("it has " + length + " bytes instead of 4096")
                    .hasMessageEndingWith("[CORRUPT]");
        }
    }

    @Test
    void aMemberThatIsInterruptedStillOpensItAndStaysInterrupted() {
        ControlFile.create(directory, birth());
        Thread.currentThread().interrupt();
        assertThat(ControlFile.open(directory, VERSION)).isPresent();
        assertThat(Thread.interrupted()).isTrue();
    }

    /** Makes a control file as soon as its input ends and says which life it then belongs to. */
    static final class Starter {
        public static void main(String[] arguments) throws IOException {
            MeshDirectory directory = MeshDirectory.open("race", Path.of(arguments[0]));
            System.out.println("ready");
            System.in.read();
            System.out.println(ControlFile.create(directory, birth()).lifeId());
        }
    }

    @Test
    void ofTwentyProcessesThatStartAtOnceAllGetTheSameMesh() {
        List<ChildJvm> children = new ArrayList<>();
        try {
            for (int i = 0; i < 20; i++) {
                children.add(ChildJvm.start(Starter.class, directory.base().toString()));
            }
            children.forEach(child -> assertThat(child.line()).isEqualTo("ready"));
            children.forEach(ChildJvm::closeInput);
            Set<String> lives = new HashSet<>();
            children.forEach(child -> lives.add(child.line()));
            assertThat(lives).hasSize(1).allMatch(life -> life.matches("[0-9a-f]{32}"));
        } finally {
            children.forEach(ChildJvm::close);
        }
    }
}
