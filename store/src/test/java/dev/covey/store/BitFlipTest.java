package dev.covey.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class BitFlipTest {
    private static final Path DIRECTORY = Path.of("/store");
    private static final int RECORDS = 5;

    @Test
    void anyFlippedBitOfACommittedRecordIsNamedAndNeverApplied() throws IOException {
        MemoryDisk disk = new MemoryDisk();
        JournalOptions options = JournalOptions.DEFAULT
                .withSegmentBytes(JournalOptions.MIN_SEGMENT_BYTES)
                .withSpares(false);
        Journal journal = Journal.open(disk, DIRECTORY, options);
        JournalWriter writer = journal.begin(1, 1, new byte[100]);
        byte[] payload = "what was decided".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        for (int i = 1; i <= RECORDS; i++) {
            writer.append(i, i - 1, 2, 3, 4, payload, 0, payload.length);
        }
        ByteBuffer bytes =
                disk.map(DIRECTORY.resolve("0000000001-000000.segment"), true).bytes();
        int end = SegmentHeader.BLOCK_BYTES + RECORDS * (RecordLayout.HEADER_BYTES + payload.length);
        int flips = 0;
        for (int at = SegmentHeader.BLOCK_BYTES; at < end; at++) {
            for (int bit = 0; bit < 8; bit++) {
                bytes.put(at, (byte) (bytes.get(at) ^ (1 << bit)));
                assertThat(failureOf(journal, payload, RECORDS))
                        .as("byte %d bit %d", at, bit)
                        .isEqualTo(StoreCode.CORRUPT);
                bytes.put(at, (byte) (bytes.get(at) ^ (1 << bit)));
                flips++;
            }
        }
        assertThat(flips).isEqualTo((end - SegmentHeader.BLOCK_BYTES) * 8);
        assertThat(read(journal, payload, RECORDS)).isEqualTo(RECORDS);
    }

    @Test
    void anyFlippedBitOfASegmentHeaderIsNamed() throws IOException {
        MemoryDisk disk = new MemoryDisk();
        JournalOptions options = JournalOptions.DEFAULT
                .withSegmentBytes(JournalOptions.MIN_SEGMENT_BYTES)
                .withSpares(false);
        byte[] payload = new byte[8];
        Journal.open(disk, DIRECTORY, options)
                .begin(1, 1, new byte[100])
                .append(1, 0, 2, 3, 4, payload, 0, payload.length);
        ByteBuffer bytes =
                disk.map(DIRECTORY.resolve("0000000001-000000.segment"), true).bytes();
        for (int at = 0; at < 156; at++) {
            for (int bit = 0; bit < 8; bit++) {
                bytes.put(at, (byte) (bytes.get(at) ^ (1 << bit)));
                assertThat(failureOf(Journal.open(disk, DIRECTORY, options), payload, 1))
                        .as("byte %d bit %d", at, bit)
                        .isEqualTo(StoreCode.CORRUPT);
                bytes.put(at, (byte) (bytes.get(at) ^ (1 << bit)));
            }
        }
    }

    @Test
    void anyFlippedBitOfARevisionFileIsNamed() {
        Path file = Path.of("visits");
        Rev rev = new Rev(1, "0123456789abcdef0123456789abcdef");
        StoredRevision revision = new StoredRevision(1, rev.toString(), "me", 5, 1, 9, null, false, List.of());
        byte[] bytes = RevisionFormat.file(
                "visits", rev, 1, "", List.of(RevisionFormat.line(revision)), ObjectStoreTest.json("count", 1));
        assertThat(RevisionFormat.decode(file, rev, bytes).last()).isEqualTo(revision);
        for (int at = 0; at < bytes.length; at++) {
            for (int bit = 0; bit < 8; bit++) {
                bytes[at] ^= (byte) (1 << bit);
                assertThat(failureOf(file, rev, bytes))
                        .as("byte %d bit %d", at, bit)
                        .isEqualTo(StoreCode.CORRUPT);
                bytes[at] ^= (byte) (1 << bit);
            }
        }
    }

    private static StoreCode failureOf(Path file, Rev rev, byte[] bytes) {
        try {
            RevisionFormat.decode(file, rev, bytes);
            return StoreCode.NOT_FOUND;
        } catch (StoreException e) {
            assertThat(e.getMessage()).startsWith("visits");
            return e.code();
        }
    }

    private static StoreCode failureOf(Journal journal, byte[] payload, long committed) {
        StoreCode following = StoreCode.NOT_FOUND;
        try {
            read(journal, payload, committed);
        } catch (StoreException e) {
            assertThat(e.getMessage()).contains(".segment at byte");
            following = e.code();
        }
        return following;
    }

    private static int read(Journal journal, byte[] payload, long committed) {
        try (JournalReader reader = journal.reader(0)) {
            int count = 0;
            while (reader.next(1, committed)) {
                count++;
                assertThat(reader.payload()).isEqualTo(ByteBuffer.wrap(payload));
                assertThat(reader.position()).isEqualTo(count);
                assertThat(reader.member()).isEqualTo(2);
                assertThat(reader.sequence()).isEqualTo(3);
                assertThat(reader.timeMicros()).isEqualTo(4);
            }
            return count;
        }
    }
}
