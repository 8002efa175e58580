package dev.covey.store;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The first block of a segment file, complete before the file gets its name.
 *
 * <pre>
 *   0  8  magic "COVEYSEG"
 *   8  4  CRC32C of bytes 12 .. 72 + note length
 *  12  4  version of the format, 2
 *  16  8  epoch
 *  24  8  first position of the epoch: seals every lower epoch at the position before it
 *  32  8  first position in this segment
 *  40  8  the epoch that covers the position before this segment, 0 if none
 *  48  4  number of the segment within the epoch, from 0
 *  52  4  length of the note
 *  56 16  life of the mesh that wrote it
 *  72  .  the note, opaque to the journal, the same in every segment of an epoch
 * 8192    the first record
 * </pre>
 *
 * All numbers little-endian. Version 1 has no life, its note stands at 56; it is read, and written no more.
 */
public final class SegmentHeader {
    static final int BLOCK_BYTES = 8192;

    private static final long MAGIC = 0x4745535945564f43L;
    private static final int WITHOUT_LIFE = 1;
    private static final int VERSION = 2;
    private static final int CRC_AT = 8;
    private static final int CHECKED_FROM = 12;
    private static final int LIFE_AT = 56;
    private static final int NOTE_AT = LIFE_AT + JournalLife.BYTES;

    private final JournalLife life;
    private final SegmentId id;
    private final long epochFirstPosition;
    private final long firstPosition;
    private final long previousEpoch;
    private final byte[] note;

    SegmentHeader(
            JournalLife life,
            SegmentId id,
            long epochFirstPosition,
            long firstPosition,
            long previousEpoch,
            byte[] note) {
        this.life = life;
        this.id = id;
        this.epochFirstPosition = epochFirstPosition;
        this.firstPosition = firstPosition;
        this.previousEpoch = previousEpoch;
        this.note = note.clone();
    }

    /** The life of the mesh that wrote this segment; {@link JournalLife#UNTOLD} in version 1. */
    public JournalLife life() {
        return life;
    }

    /** The epoch that wrote this segment. */
    public long epoch() {
        return id.epoch();
    }

    /** The first position of the epoch; lower epochs are sealed at the one before. */
    public long epochFirstPosition() {
        return epochFirstPosition;
    }

    /** The position of the first record in this segment. */
    public long firstPosition() {
        return firstPosition;
    }

    /** The epoch that covers the position before this segment; 0 if the journal begins here. */
    public long previousEpoch() {
        return previousEpoch;
    }

    /** A copy of what was handed to {@link Journal#begin}. */
    public byte[] note() {
        return note.clone();
    }

    SegmentId id() {
        return id;
    }

    SegmentHeader rolled(long nextPosition) {
        return new SegmentHeader(life, id.next(), epochFirstPosition, nextPosition, id.epoch(), note);
    }

    byte[] encode() {
        ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        block.putLong(0, MAGIC).putInt(CHECKED_FROM, VERSION);
        block.putLong(16, id.epoch()).putLong(24, epochFirstPosition).putLong(32, firstPosition);
        block.putLong(40, previousEpoch).putInt(48, id.index()).putInt(52, note.length);
        life.write(block, LIFE_AT);
        block.put(NOTE_AT, note);
        block.putInt(CRC_AT, crc(block.array(), NOTE_AT + note.length));
        return block.array();
    }

    /** Empty if torn, or not the header of the segment that the name says. */
    static Optional<SegmentHeader> decode(SegmentId expected, byte[] bytes) {
        if (bytes.length < BLOCK_BYTES) {
            return Optional.empty();
        }
        ByteBuffer block = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int version = block.getInt(CHECKED_FROM);
        int noteAt = version == WITHOUT_LIFE ? LIFE_AT : NOTE_AT;
        int noteLength = block.getInt(52);
        boolean whole = block.getLong(0) == MAGIC
                && (version == WITHOUT_LIFE || version == VERSION)
                && noteLength >= 0
                && noteLength <= JournalOptions.MAX_NOTE_BYTES
                && block.getInt(CRC_AT) == crc(bytes, noteAt + noteLength)
                && expected.equals(new SegmentId(block.getLong(16), block.getInt(48)));
        if (!whole) {
            return Optional.empty();
        }
        JournalLife life = version == WITHOUT_LIFE ? JournalLife.UNTOLD : JournalLife.read(block, LIFE_AT);
        byte[] note = Arrays.copyOfRange(bytes, noteAt, noteAt + noteLength);
        return Optional.of(
                new SegmentHeader(life, expected, block.getLong(24), block.getLong(32), block.getLong(40), note));
    }

    private static int crc(byte[] block, int end) {
        CRC32C crc = new CRC32C();
        crc.update(block, CHECKED_FROM, end - CHECKED_FROM);
        return (int) crc.getValue();
    }

    @Override
    public String toString() {
        return JournalNames.segment(id) + " from " + firstPosition;
    }
}
