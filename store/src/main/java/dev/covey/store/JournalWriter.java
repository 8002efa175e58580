package dev.covey.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Appends the records of one epoch. Belongs to one thread. Appending commits nothing: the caller moves the commit cell
 * after {@link #append} and, at {@link Durability#FSYNC}, after {@link #force}.
 *
 * <p>STORE_FULL leaves the writer as it was: the same record can be appended again when there is room. A failed force is
 * final: every later call is STORE_FAILED, for what the device holds is unknown.
 */
public final class JournalWriter implements AutoCloseable {
    private final JournalOptions options;
    private final SegmentList segments;
    private final SpareSegment spare;
    private final CRC32C crc = new CRC32C();
    private SegmentHeader header;
    private MappedFile mapped;
    private ByteBuffer bytes;
    private ByteBuffer checked;
    private int at = SegmentHeader.BLOCK_BYTES;
    private int forcedTo = SegmentHeader.BLOCK_BYTES;
    private long position;
    private boolean failed;
    private boolean closed;

    JournalWriter(
            JournalOptions options, SegmentList segments, SpareSegment spare, SegmentHeader header, MappedFile mapped) {
        this.options = options;
        this.segments = segments;
        this.spare = spare;
        this.header = header;
        this.mapped = mapped;
        this.bytes = mapped.bytes();
        this.checked = bytes.duplicate();
        this.position = header.firstPosition() - 1;
        spare.prepareInBackground();
    }

    /** The epoch this writer speaks for. */
    public long epoch() {
        return header.epoch();
    }

    /** The position of the last record appended. */
    public long position() {
        return position;
    }

    /**
     * Appends one record; a reader that was told so by the commit cell can read it at once, at {@link Durability#FSYNC} when
     * {@link #force} has returned. Under 1 microsecond unless a segment is full; then the next one is published first.
     *
     * @param position one above the last
     * @param committed the committed position now (rule J3)
     * @param timeMicros microseconds since 1970
     * @throws StoreException STORE_FULL (nothing was appended), STORE_FAILED, STORE_MISMATCH, LIMIT_EXCEEDED,
     *     INVALID_ARGUMENT, CLOSED
     */
    public void append(
            long position,
            long committed,
            long member,
            long sequence,
            long timeMicros,
            byte[] payload,
            int offset,
            int length) {
        checkUsable(position, committed, length);
        int size = RecordLayout.HEADER_BYTES + length;
        if (RecordLayout.spaceFor(size) > roomLeft()) {
            roll(size);
        }
        bytes.putLong(at + RecordLayout.COMMITTED_AT, committed);
        bytes.putLong(at + RecordLayout.MEMBER_AT, member);
        bytes.putLong(at + RecordLayout.SEQUENCE_AT, sequence);
        bytes.putLong(at + RecordLayout.TIME_AT, timeMicros);
        bytes.put(at + RecordLayout.HEADER_BYTES, payload, offset, length);
        publish(RecordLayout.KIND_RECORD, position, size);
        this.position = position;
    }

    private void checkUsable(long next, long committed, int length) {
        if (closed || failed) {
            throw closed
                    ? new StoreException(StoreCode.CLOSED, "journal writer of epoch " + epoch() + " is closed")
                    : failure();
        }
        if (next != position + 1 || committed > position) {
            throw new StoreException(
                    StoreCode.INVALID_ARGUMENT,
                    "journal epoch " + epoch() + ": record at position " + next + " with committed " + committed
                            + ", expected position " + (position + 1) + " and committed at most " + position);
        }
        if (length > JournalOptions.MAX_PAYLOAD_BYTES) {
            throw new StoreException(
                    StoreCode.LIMIT_EXCEEDED,
                    "journal record " + next + " has " + length + " bytes of payload, at most "
                            + JournalOptions.MAX_PAYLOAD_BYTES + " are allowed; make the change smaller");
        }
    }

    /** There is always room left for the roll record that ends a segment. */
    private int roomLeft() {
        return bytes.capacity() - RecordLayout.HEADER_BYTES - at;
    }

    private void publish(int kind, long recordPosition, int size) {
        bytes.putInt(at + RecordLayout.CHECKED_FROM, size);
        bytes.putInt(at + RecordLayout.KIND_AT, kind);
        bytes.putLong(at + RecordLayout.EPOCH_AT, header.epoch());
        bytes.putLong(at + RecordLayout.POSITION_AT, recordPosition);
        bytes.putInt(at + RecordLayout.CRC_AT, RecordLayout.crc(crc, checked, at, size));
        RecordLayout.publish(bytes, at, size);
        at += RecordLayout.spaceFor(size);
    }

    /** The next segment has its name before this one says where to look: a reader that follows always finds it. */
    /**
     * Goes on in a new segment, because the one in use was removed: nobody who has not opened that one can read it any more.
     * What comes before needs a snapshot.
     *
     * @return the last position that the new segment does not have
     * @throws StoreException STORE_FULL (try again when there is room), STORE_FAILED
     */
    public long beginAgain() {
        segments.forget();
        roll(0);
        return position;
    }

    private void roll(int size) {
        SegmentHeader next = header.rolled(position + 1);
        int needed = SegmentHeader.BLOCK_BYTES + RecordLayout.spaceFor(size) + RecordLayout.HEADER_BYTES;
        try {
            segments.list();
            MappedFile opened = spare.publish(next, Math.max(options.segmentBytes(), needed));
            segments.learned(next);
            publish(RecordLayout.KIND_ROLL, position + 1, RecordLayout.HEADER_BYTES);
            force();
            mapped.unmap();
            use(next, opened);
        } catch (IOException e) {
            throw rollFailed(e);
        }
        spare.prepareInBackground();
    }

    private StoreException rollFailed(IOException e) {
        StoreException told = StoreException.of("journal segment after " + header, e);
        failed = told.code() != StoreCode.STORE_FULL;
        return told;
    }

    private void use(SegmentHeader next, MappedFile opened) {
        header = next;
        mapped = opened;
        bytes = opened.bytes();
        checked = bytes.duplicate();
        at = SegmentHeader.BLOCK_BYTES;
        forcedTo = at;
    }

    /**
     * At {@link Durability#FSYNC}: returns when everything appended is on the device. Otherwise does nothing, so that the
     * caller has one code path.
     *
     * @throws StoreException STORE_FAILED, for good
     */
    public void force() {
        if (failed) {
            throw failure();
        }
        if (!options.forces() || forcedTo == at) {
            return;
        }
        try {
            mapped.force(forcedTo, at - forcedTo);
            forcedTo = at;
        } catch (IOException e) {
            failed = true;
            throw new StoreException(StoreCode.STORE_FAILED, header + ": forcing to the device failed, for good", e);
        }
    }

    private StoreException failure() {
        return new StoreException(
                StoreCode.STORE_FAILED,
                "journal epoch " + epoch() + " failed before and takes nothing more; check the disk, start again");
    }

    /** Appends nothing more. What was appended stays readable. The mapping goes with the garbage collector. */
    @Override
    public void close() {
        closed = true;
    }
}
