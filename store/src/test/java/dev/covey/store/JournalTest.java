package dev.covey.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
    private static final byte[] NOTE = "host 7".getBytes(UTF_8);
    private static final JournalOptions SMALL =
            JournalOptions.DEFAULT.withSegmentBytes(JournalOptions.MIN_SEGMENT_BYTES);

    @TempDir
    Path temporary;

    private Path directory;
    private Journal journal;

    @BeforeEach
    void open() {
        directory = temporary.resolve("journal");
        journal = Journal.open(directory, SMALL);
    }

    @AfterEach
    void close() {
        journal.close();
    }

    @Test
    void whatWasAppendedIsReadInOrderUpToTheCommittedPosition() {
        JournalWriter writer = journal.begin(1, 1, NOTE);
        append(writer, 3);
        JournalReader reader = journal.reader(0);
        assertThat(reader.next(1, 2)).isTrue();
        assertThat(text(reader)).isEqualTo("record 1 of epoch 1");
        assertThat(reader.member()).isEqualTo(1001);
        assertThat(reader.sequence()).isEqualTo(2001);
        assertThat(reader.timeMicros()).isEqualTo(3001);
        assertThat(reader.epoch()).isEqualTo(1);
        assertThat(reader.next(1, 2)).isTrue();
        assertThat(reader.next(1, 2)).isFalse();
        assertThat(reader.next(1, 3)).isTrue();
        assertThat(reader.position()).isEqualTo(3);
    }

    @Test
    void anEpochGoesOnInFurtherSegmentsAndAReaderFollows() {
        JournalWriter writer = journal.begin(1, 1, NOTE);
        JournalReader following = journal.reader(0);
        for (int i = 1; i <= 2_000; i++) {
            append(writer, 1);
            assertThat(following.next(1, i)).isTrue();
            assertThat(text(following)).isEqualTo("record " + i + " of epoch 1");
        }
        assertThat(segments()).hasSizeGreaterThan(5);
        assertThat(readAll(0, 1, 2_000)).isEqualTo(2_000);
        assertThat(readAll(1_234, 1, 2_000)).isEqualTo(2_000 - 1_234);
    }

    @Test
    void whatIsForcedIsReadByAnotherJournalAlsoIfItsWriterIsInterrupted() {
        Path forcedDirectory = temporary.resolve("forced");
        JournalOptions options = SMALL.withDurability(Durability.FSYNC);
        try (Journal forced = Journal.open(forcedDirectory, options)) {
            JournalWriter writer = forced.begin(1, 1, NOTE);
            try (JournalReader following =
                    Journal.open(forcedDirectory, options).reader(0)) {
                for (int i = 1; i <= 400; i++) {
                    append(writer, 1);
                    Thread.currentThread().interrupt();
                    writer.force();
                    assertThat(Thread.interrupted()).isTrue();
                    assertThat(following.next(1, i)).isTrue();
                    assertThat(text(following)).isEqualTo("record " + i + " of epoch 1");
                }
            }
            assertThat(forced.recover(false).position()).isEqualTo(400);
        }
    }

    @Test
    void aRecordLongerThanASegmentGetsOneOfItsOwn() {
        JournalWriter writer = journal.begin(1, 1, NOTE);
        append(writer, 1);
        byte[] large = new byte[JournalOptions.MAX_PAYLOAD_BYTES];
        large[large.length - 1] = 42;
        writer.append(2, 1, 1, 1, 1, large, 0, large.length);
        writer.append(3, 1, 1, 1, 1, large, 0, 0);
        JournalReader reader = journal.reader(1);
        assertThat(reader.next(1, 3)).isTrue();
        assertThat(reader.payload().remaining()).isEqualTo(large.length);
        assertThat(reader.payload().get(reader.payload().limit() - 1)).isEqualTo((byte) 42);
        assertThat(reader.next(1, 3)).isTrue();
        assertThatThrownBy(() -> writer.append(4, 1, 1, 1, 1, new byte[large.length + 1], 0, large.length + 1))
                .hasMessageContaining("LIMIT_EXCEEDED");
    }

    @Test
    void whatAThawedHostWritesBeyondItsSealIsNeverRead() {
        JournalWriter old = journal.begin(1, 1, NOTE);
        append(old, 5);
        JournalReader reader = journal.reader(0);
        assertThat(reader.next(1, 3)).isTrue();
        JournalWriter successor = journal.begin(2, 4, NOTE);
        append(successor, 2);
        append(old, 500);
        for (int position = 2; position <= 5; position++) {
            assertThat(reader.next(2, 5)).isTrue();
            assertThat(text(reader)).isEqualTo("record " + position + " of epoch " + (position < 4 ? 1 : 2));
        }
        assertThat(reader.next(2, 5)).isFalse();
        assertThat(readAll(0, 2, 5)).isEqualTo(5);
    }

    @Test
    void aTakenCellWhoseHostHasNotBegunYetHidesNothingAndShowsNothing() {
        JournalWriter old = journal.begin(1, 1, NOTE);
        append(old, 5);
        JournalReader reader = journal.reader(0);
        for (int position = 1; position <= 3; position++) {
            assertThat(reader.next(2, 3)).isTrue();
        }
        assertThat(reader.next(2, 3)).isFalse();
        append(journal.begin(2, 4, NOTE), 1);
        assertThat(reader.next(2, 4)).isTrue();
        assertThat(reader.epoch()).isEqualTo(2);
    }

    @Test
    void anEpochCanBeBegunOnceAndALowerOneNotAfterIt() {
        journal.begin(3, 1, NOTE);
        refused(StoreCode.EPOCH_TAKEN, () -> journal.begin(3, 1, NOTE));
        refused(StoreCode.EPOCH_TAKEN, () -> journal.begin(2, 1, NOTE));
        assertThat(journal.header(3).orElseThrow().note()).isEqualTo(NOTE);
        assertThat(journal.header(2)).isEmpty();
    }

    @Test
    void aReaderBehindTheRemovedSegmentsIsToldToTakeASnapshot() {
        JournalWriter writer = journal.begin(1, 1, NOTE);
        append(writer, 2_000);
        int before = segments().size();
        assertThat(journal.removeBelow(1_500, 1)).isPositive();
        assertThat(segments().size()).isLessThan(before);
        refused(StoreCode.SEGMENT_GONE, () -> journal.reader(0).next(1, 2_000));
        assertThat(readAll(1_499, 1, 2_000)).isEqualTo(501);
        assertThat(journal.recover(false).position()).isEqualTo(2_000);
    }

    @Test
    void aRemoverOfALowerEpochLeavesTheSegmentsOfAHigherOneAlone() {
        append(journal.begin(1, 1, NOTE), 5);
        append(journal.begin(2, 6, NOTE), 500);
        assertThat(journal.removeBelow(10_000, 1)).isEqualTo(1);
        assertThat(readAll(5, 2, 505)).isEqualTo(500);
    }

    @Test
    void aCommittedRecordThatIsDamagedIsRefusedByFileAndOffset() throws IOException {
        append(journal.begin(1, 1, NOTE), 3);
        flipByte(segments().get(0), SegmentHeader.BLOCK_BYTES + 88 + 70);
        JournalReader reader = journal.reader(0);
        assertThat(reader.next(1, 3)).isTrue();
        assertThatThrownBy(() -> reader.next(1, 3))
                .hasMessageContaining("0000000001-000000.segment at byte 8280")
                .hasMessageContaining("CORRUPT");
        refused(StoreCode.CORRUPT, () -> journal.recover(false));
    }

    @Test
    void aTornTailIsCutAndTheRestSurvives() throws IOException {
        JournalWriter writer = journal.begin(1, 1, NOTE);
        append(writer, 3);
        flipByte(segments().get(0), SegmentHeader.BLOCK_BYTES + 2 * 88 + 70);
        JournalEnd end = journal.recover(false);
        assertThat(end).isEqualTo(new JournalEnd(1, 1, 2, 0, ""));
        append(journal.begin(2, 3, NOTE), 1);
        assertThat(readAll(0, 2, 3)).isEqualTo(3);
    }

    @Test
    void afterAnotherBootAGapIsCutAtAndTheLossIsTold() throws IOException {
        append(journal.begin(1, 1, NOTE), 300);
        flipByte(segments().get(0), SegmentHeader.BLOCK_BYTES + 88 + 70);
        JournalEnd end = journal.recover(true);
        assertThat(end.position()).isEqualTo(1);
        assertThat(end.lostRecords()).isEqualTo(298);
        assertThat(end.cut()).contains("ends at position 1", "298 records", "up to 299 had been acknowledged");
        assertThat(directory.resolve(JournalNames.ASIDE_DIRECTORY)).isNotEmptyDirectory();
        assertThat(journal.recover(false).position()).isEqualTo(1);
        append(journal.begin(end.epoch() + 1, 2, NOTE), 1);
        assertThat(readAll(0, end.epoch() + 1, 2)).isEqualTo(2);
    }

    @Test
    void aHeaderTornByAPowerLossIsNoSegmentButItsEpochCountsAsUsed() throws IOException {
        append(journal.begin(1, 1, NOTE), 3);
        append(journal.begin(2, 3, NOTE), 5);
        flipByte(directory.resolve("0000000002-000000.segment"), 30);
        refused(StoreCode.CORRUPT, () -> journal.recover(false));
        JournalEnd end = journal.recover(true);
        assertThat(end.epoch()).isEqualTo(3);
        assertThat(end.position()).isEqualTo(3);
        refused(StoreCode.EPOCH_TAKEN, () -> journal.begin(2, 4, NOTE));
    }

    @Test
    void anEmptyJournalEndsAtZero() {
        assertThat(journal.recover(false)).isEqualTo(new JournalEnd(0, 0, 0, 0, ""));
    }

    @Test
    void filesAreForTheirOwnerAlone() throws IOException {
        append(journal.begin(1, 1, NOTE), 1);
        assertThat(mode(directory)).isEqualTo("rwx------");
        assertThat(mode(segments().get(0))).isEqualTo("rw-------");
    }

    @Test
    void aDirectoryThatIsALinkOrOpenToOthersIsRefused() throws IOException {
        Path link = Files.createSymbolicLink(temporary.resolve("link"), directory);
        refused(StoreCode.INSECURE_DIRECTORY, () -> Journal.open(link, SMALL));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
        refused(StoreCode.INSECURE_DIRECTORY, () -> Journal.open(directory, SMALL));
    }

    @Test
    void positionsOutOfOrderAreRefused() {
        JournalWriter writer = journal.begin(1, 1, NOTE);
        refused(StoreCode.INVALID_ARGUMENT, () -> writer.append(2, 0, 0, 0, 0, NOTE, 0, 1));
        refused(StoreCode.INVALID_ARGUMENT, () -> writer.append(1, 1, 0, 0, 0, NOTE, 0, 1));
        writer.close();
        refused(StoreCode.CLOSED, () -> writer.append(1, 0, 0, 0, 0, NOTE, 0, 1));
    }

    @Test
    void aPreparedSpareBecomesTheFirstSegment() {
        journal.prepareSpare();
        append(journal.begin(1, 1, NOTE), 1);
        assertThat(readAll(0, 1, 1)).isEqualTo(1);
    }

    private static void append(JournalWriter writer, int count) {
        for (int i = 0; i < count; i++) {
            long position = writer.position() + 1;
            byte[] payload = ("record " + position + " of epoch " + writer.epoch()).getBytes(UTF_8);
            writer.append(
                    position,
                    position - 1,
                    1000 + position,
                    2000 + position,
                    3000 + position,
                    payload,
                    0,
                    payload.length);
        }
        writer.force();
    }

    private int readAll(long after, long epoch, long committed) {
        try (JournalReader reader = journal.reader(after)) {
            int count = 0;
            while (reader.next(epoch, committed)) {
                assertThat(text(reader)).isEqualTo("record " + reader.position() + " of epoch " + reader.epoch());
                count++;
            }
            return count;
        }
    }

    private static String text(JournalReader reader) {
        ByteBuffer payload = reader.payload();
        byte[] bytes = new byte[payload.remaining()];
        payload.get(bytes);
        return new String(bytes, UTF_8);
    }

    private List<Path> segments() {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".segment"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    private static void flipByte(Path file, long offset) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.seek(offset);
            int found = open.read();
            open.seek(offset);
            open.write(found ^ 1);
        }
    }

    private static void refused(StoreCode code, ThrowingCallable action) {
        assertThatThrownBy(action)
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
