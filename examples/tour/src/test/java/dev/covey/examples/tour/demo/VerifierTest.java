package dev.covey.examples.tour.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.covey.mesh.Mesh;
import dev.covey.mesh.MeshOptions;
import dev.covey.mesh.ObjectOptions;
import dev.covey.mesh.SharedObject;
import dev.covey.patch.FrozenTree;
import dev.covey.patch.Patch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A judge is worth what it can see: each kind of wrong is planted here once. */
class VerifierTest {
    private static final int PATCHES = 250;

    @TempDir
    Path directory;

    private Path store;
    private Path acks;
    private final List<String> complaints = new ArrayList<>();

    @BeforeEach
    void makeDirectories() throws IOException {
        store = directory.resolve("store");
        acks = Files.createDirectory(directory.resolve("acks"));
    }

    /** What one worker does in the demo. */
    private interface Story {
        void tell(SharedObject ledger, AckFile noted) throws IOException;
    }

    private Verdict verdictOn(Story story) throws IOException {
        var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
        Path base = Files.createDirectory(directory.resolve("mesh"), ownerOnly);
        MeshOptions options =
                MeshOptions.DEFAULT.withMemberName("w1").withDirectory(base).withStore(store);
        Crew.Final last;
        try (Mesh mesh = Mesh.join(Ledger.MESH, options);
                AckFile noted = AckFile.create(acks.resolve("w1"))) {
            SharedObject ledger = mesh.object(Ledger.OBJECT, ObjectOptions.DEFAULT.withInitial(Ledger.initial()));
            story.tell(ledger, noted);
            last = new Crew.Final(ledger.revision(), Long.toHexString(FrozenTree.hash(ledger.value())));
        }
        return Verifier.judge(store, acks, last, complaints::add);
    }

    private static void honest(SharedObject ledger, AckFile noted) throws IOException {
        for (long n = 1; n <= PATCHES; n++) {
            noted.add(n, ledger.patch(Ledger.patch("w1", n)).join().number());
        }
    }

    @Test
    void anHonestRunIsFoundGood() throws IOException {
        Verdict verdict = verdictOn(VerifierTest::honest);

        assertThat(complaints).isEmpty();
        assertThat(verdict.isGood()).isTrue();
        assertThat(verdict.acknowledged()).isEqualTo(PATCHES);
        assertThat(verdict.found()).isEqualTo(PATCHES);
        assertThat(verdict.revisionFiles()).isPositive();
    }

    @Test
    void anAcknowledgedPatchThatIsNotInTheStoreIsLost() throws IOException {
        Verdict verdict = verdictOn((ledger, noted) -> {
            honest(ledger, noted);
            noted.add(PATCHES + 1, PATCHES + 2);
        });

        assertThat(verdict.lost()).isEqualTo(1);
        assertThat(verdict.isGood()).isFalse();
    }

    @Test
    void anAcknowledgementThatNamesAnotherRevisionIsLost() throws IOException {
        Verdict verdict = verdictOn((ledger, noted) -> {
            ledger.patch(Ledger.patch("w1", 1)).join();
            long second = ledger.patch(Ledger.patch("w1", 2)).join().number();
            noted.add(1, second);
        });

        assertThat(verdict.lost()).isEqualTo(1);
    }

    @Test
    void aPatchThatTookEffectTwiceInOneRevisionIsDoubled() throws IOException {
        Verdict verdict = verdictOn((ledger, noted) -> {
            honest(ledger, noted);
            ledger.patch(Patch.inc("/workers/w1", 2).and(Patch.inc("/total", 2)))
                    .join();
        });

        assertThat(verdict.doubled()).isEqualTo(1);
        assertThat(verdict.isGood()).isFalse();
    }

    @Test
    void aCounterThatCountsOneNumberTwiceIsDoubled() throws IOException {
        Verdict verdict = verdictOn((ledger, noted) -> {
            honest(ledger, noted);
            ledger.patch(Patch.inc("/workers/w1", -1).and(Patch.inc("/total", -1)))
                    .join();
            ledger.patch(Ledger.patch("w1", PATCHES + 1)).join();
        });

        assertThat(verdict.doubled()).isPositive();
        assertThat(verdict.isGood()).isFalse();
    }

    @Test
    void aPatchUnderAnotherNameIsComplainedOf() throws IOException {
        Verdict verdict = verdictOn((ledger, noted) -> {
            honest(ledger, noted);
            ledger.patch(Ledger.patch("w2", 1)).join();
        });

        assertThat(verdict.revisionMatches()).isFalse();
        assertThat(complaints).anyMatch(sentence -> sentence.contains("by w1 moves w2 by 1"));
    }

    @Test
    void workersThatEndWithAnotherValueAreTold() throws IOException {
        verdictOn(VerifierTest::honest);

        Verdict verdict = Verifier.judge(store, acks, new Crew.Final(PATCHES + 1, "0"), complaints::add);

        assertThat(verdict.revisionMatches()).isFalse();
        assertThat(complaints).anyMatch(sentence -> sentence.contains("with hash 0"));
    }
}
