package dev.covey.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/** Walks the records of one mapped segment, checking each. Belongs to one thread. */
final class SegmentCursor {
    enum Found {
        RECORD,
        ROLL,
        NOTHING,
        INVALID
    }

    private final Path file;
    private final SegmentHeader header;
    private final MappedFile mapped;
    private final ByteBuffer bytes;
    private final ByteBuffer checked;
    private final ByteBuffer payload;
    private final CRC32C crc = new CRC32C();
    private int at;
    private int next = SegmentHeader.BLOCK_BYTES;

    private SegmentCursor(Path file, SegmentHeader header, MappedFile mapped) {
        this.file = file;
        this.header = header;
        this.mapped = mapped;
        this.bytes = mapped.bytes();
        this.checked = bytes.duplicate();
        this.payload = bytes.asReadOnlyBuffer();
    }

    static SegmentCursor open(Disk disk, Path directory, SegmentHeader header) throws IOException {
        Path file = directory.resolve(JournalNames.segment(header.id()));
        return new SegmentCursor(file, header, disk.map(file, false));
    }

    /** Looks at what comes next without moving. */
    Found peek() {
        if (next > bytes.capacity() - RecordLayout.HEADER_BYTES) {
            return Found.NOTHING;
        }
        int length = RecordLayout.lengthAt(bytes, next);
        if (length == 0) {
            return Found.NOTHING;
        }
        boolean valid = RecordLayout.fits(length, next, bytes.capacity())
                && RecordLayout.valid(crc, bytes, checked, next, length)
                && bytes.getLong(next + RecordLayout.EPOCH_AT) == header.epoch();
        if (!valid) {
            return Found.INVALID;
        }
        return bytes.getInt(next + RecordLayout.KIND_AT) == RecordLayout.KIND_RECORD ? Found.RECORD : Found.ROLL;
    }

    /** Moves onto what {@link #peek} found valid. */
    void advance() {
        at = next;
        next = at + RecordLayout.spaceFor(bytes.getInt(at + RecordLayout.CHECKED_FROM));
    }

    /** Steps over what cannot be read, to look for what is valid further on; false at the end of the segment. */
    boolean skip() {
        next += RecordLayout.ALIGNMENT;
        return next <= bytes.capacity() - RecordLayout.HEADER_BYTES;
    }

    Path file() {
        return file;
    }

    SegmentHeader header() {
        return header;
    }

    int nextOffset() {
        return next;
    }

    long nextPosition() {
        return bytes.getLong(next + RecordLayout.POSITION_AT);
    }

    long position() {
        return bytes.getLong(at + RecordLayout.POSITION_AT);
    }

    long committed() {
        return bytes.getLong(at + RecordLayout.COMMITTED_AT);
    }

    long member() {
        return bytes.getLong(at + RecordLayout.MEMBER_AT);
    }

    long sequence() {
        return bytes.getLong(at + RecordLayout.SEQUENCE_AT);
    }

    long timeMicros() {
        return bytes.getLong(at + RecordLayout.TIME_AT);
    }

    ByteBuffer payload() {
        int length = bytes.getInt(at + RecordLayout.CHECKED_FROM);
        payload.limit(at + length).position(at + RecordLayout.HEADER_BYTES);
        return payload.order(ByteOrder.BIG_ENDIAN);
    }

    void force() throws IOException {
        mapped.force(0, bytes.capacity());
    }

    void close() {
        mapped.unmap();
    }
}
