package dev.covey.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rule J6: every segment and snapshot names its life, and who meets another's above its own birth stops. */
class OtherLifeTest {
    private static final JournalLife OURS = new JournalLife(0x1111, 0xaaaa);
    private static final JournalLife OTHER = new JournalLife(0x2222, 0xbbbb);
    private static final long BIRTH_EPOCH = 3;
    private static final JournalOptions SMALL = JournalOptions.DEFAULT
            .withSegmentBytes(JournalOptions.MIN_SEGMENT_BYTES)
            .withSpares(false);

    @TempDir
    Path temporary;

    private Path directory;

    @BeforeEach
    void place() {
        directory = temporary.resolve("journal");
    }

    private Journal ours() {
        return Journal.open(directory, SMALL.withLife(OURS, BIRTH_EPOCH));
    }

    private void begun(JournalLife life, long epoch, long firstPosition) {
        try (Journal journal = Journal.open(directory, SMALL.withLife(life));
                JournalWriter writer = journal.begin(epoch, firstPosition, new byte[0])) {
            append(writer, firstPosition);
        }
    }

    private static void append(JournalWriter writer, long position) {
        writer.append(position, position - 1, 1, position, 0, new byte[1_000], 0, 1_000);
    }

    @Test
    void segmentsOfAnEpochAllNameTheLifeThatWroteThem() {
        try (Journal journal = ours();
                JournalWriter writer = journal.begin(4, 1, "note".getBytes(UTF_8))) {
            for (int i = 1; i <= 20; i++) {
                append(writer, i);
            }
            SegmentHeader header = journal.header(4).orElseThrow();
            assertThat(header.life()).isEqualTo(OURS);
            assertThat(header.note()).isEqualTo("note".getBytes(UTF_8));
            assertThat(SegmentHeader.decode(header.id(), header.encode())
                            .orElseThrow()
                            .life())
                    .isEqualTo(OURS);
            assertThat(header.rolled(7).life()).isEqualTo(OURS);
        }
    }

    @Test
    void whatEarlierLivesLeftBelowTheBirthIsReadOnWithoutAWord() {
        begun(OTHER, 2, 1);
        begun(JournalLife.UNTOLD, 3, 2);
        try (Journal journal = ours();
                JournalWriter writer = journal.begin(4, 3, new byte[0]);
                JournalReader reader = journal.reader(0)) {
            append(writer, 3);
            journal.requireOwn();
            while (reader.next(4, 3)) {
                assertThat(reader.epoch()).isEqualTo(reader.position() + 1);
            }
            assertThat(reader.position()).isEqualTo(3);
        }
    }

    @Test
    void aHostThatMeetsASegmentOfAnotherLifeAboveItsBirthWritesNoMoreAndNamesBoth() {
        try (Journal journal = ours();
                JournalWriter writer = journal.begin(4, 1, new byte[0])) {
            append(writer, 1);
            begun(OTHER, 5, 2);
            refused(journal::requireOwn);
            refused(() -> journal.begin(6, 2, new byte[0]));
            refused(() -> {
                for (int i = 2; i <= 20; i++) {
                    append(writer, i);
                }
            });
        }
    }

    @Test
    void aSegmentThatTellsNoLifeIsAnothersTooWhereOnlyOursCanBe() {
        try (Journal journal = ours()) {
            begun(JournalLife.UNTOLD, 5, 1);
            assertThatThrownBy(journal::requireOwn)
                    .hasMessageContaining("that is not told")
                    .hasMessageContaining("[STORE_MISMATCH]");
        }
    }

    @Test
    void aFollowerThatListsASegmentOfAnotherLifeReadsNoMore() {
        try (Journal journal = ours();
                JournalWriter writer = journal.begin(4, 1, new byte[0]);
                JournalReader reader = journal.reader(0)) {
            append(writer, 1);
            assertThat(reader.next(4, 1)).isTrue();
            begun(OTHER, 5, 2);
            refused(() -> reader.next(5, 2));
        }
    }

    @Test
    void aSnapshotOfAnotherLifeIsNotTakenForOurs() {
        Snapshots.open(directory, SMALL.withLife(OTHER)).write(BIRTH_EPOCH, 10, "earlier".getBytes(UTF_8));
        Snapshots ours = Snapshots.open(directory, SMALL.withLife(OURS, BIRTH_EPOCH));
        assertThat(ours.latest().orElseThrow().life()).isEqualTo(OTHER);
        ours.write(4, 11, "ours".getBytes(UTF_8));
        assertThat(ours.latest().orElseThrow().life()).isEqualTo(OURS);
        assertThat(new String(ours.latest().orElseThrow().state(), UTF_8)).isEqualTo("ours");
        Snapshots.open(directory, SMALL.withLife(OTHER)).write(5, 12, "theirs".getBytes(UTF_8));
        refused(ours::latest);
    }

    @Test
    void headersOfTheFirstVersionAreReadAndTellNoLife() throws Exception {
        begun(OTHER, 2, 1);
        Path segment = directory.resolve(JournalNames.segment(new SegmentId(2, 0)));
        byte[] bytes = Files.readAllBytes(segment);
        ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(12, 1).putLong(56, 0).putLong(64, 0);
        CRC32C crc = new CRC32C();
        crc.update(bytes, 12, 56 - 12);
        header.putInt(8, (int) crc.getValue());
        Files.write(segment, bytes);
        try (Journal journal = ours();
                JournalReader reader = journal.reader(0)) {
            assertThat(journal.header(2).orElseThrow().life()).isEqualTo(JournalLife.UNTOLD);
            assertThat(reader.next(2, 1)).isTrue();
        }
    }

    @Test
    void anUncommittedTailBeyondACellIsNormalAndAClaimBeyondItIsAnotherCell() {
        JournalOptions options = SMALL.withLife(OURS, BIRTH_EPOCH);
        try (Journal journal = ours();
                JournalWriter writer = journal.begin(4, 1, new byte[0])) {
            for (int i = 1; i <= 5; i++) {
                writer.append(i, Math.min(i - 1, 3), 1, i, 0, new byte[100], 0, 100);
            }
            JournalReach reach = Journal.reach(directory, options, 3);
            assertThat(reach.position()).isEqualTo(5);
            assertThat(reach.claim()).isEqualTo(3);
            assertThat(reach.strange()).isEmpty();
            append(writer, 6);
            assertThat(Journal.reach(directory, options, 3).claim()).isEqualTo(5);
            assertThat(Journal.reach(directory, options, 9).position()).isEqualTo(6);
            assertThat(Journal.reach(directory, options, 9).damaged()).isFalse();
        }
    }

    @Test
    void lookingHowFarAJournalReachesMakesNoDirectory() {
        assertThat(Journal.reach(directory, SMALL.withLife(OURS, BIRTH_EPOCH), 3)
                        .position())
                .isZero();
        assertThat(directory).doesNotExist();
    }

    @Test
    void whatOnlyADamagedFileHasIsToldFromWhatIsMissing() throws Exception {
        begun(OURS, 4, 1);
        Path segment = directory.resolve(JournalNames.segment(new SegmentId(4, 0)));
        byte[] bytes = Files.readAllBytes(segment);
        bytes[SegmentHeader.BLOCK_BYTES + 100] ^= 1;
        Files.write(segment, bytes);
        JournalReach reach = Journal.reach(directory, SMALL.withLife(OURS, BIRTH_EPOCH), 1);
        assertThat(reach.damaged()).isTrue();
        assertThat(reach.where()).isEqualTo(segment + " at byte 8192");
    }

    @Test
    void whoNamesNoLifeComparesNone() {
        begun(OTHER, 5, 1);
        assertThatCode(() -> Journal.open(directory, SMALL).requireOwn()).doesNotThrowAnyException();
    }

    private static void refused(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StoreException.class,
                        refused -> assertThat(refused.code()).isEqualTo(StoreCode.STORE_MISMATCH))
                .hasMessageContaining(OURS.toString())
                .hasMessageContaining(OTHER.toString())
                .hasMessageContaining("above 3");
    }
}
