package dev.covey.store;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * One record in a segment. A reader in another process sees the first word change from 0 to the length, and then all that
 * was written before it.
 *
 * <pre>
 *   0  4  length of the whole record, 64 or more; written last, with release; 0 = nothing here yet
 *   4  4  CRC32C of bytes 8 .. length
 *   8  4  length again, under the CRC
 *  12  4  kind: 0 record, 1 roll (the epoch goes on in its next segment)
 *  16  8  epoch
 *  24  8  position
 *  32  8  committed position when this was written
 *  40  8  member
 *  48  8  sequence
 *  56  8  time, microseconds since 1970
 *  64  .  payload, then zeros up to a multiple of 8
 * </pre>
 */
final class RecordLayout {
    static final int HEADER_BYTES = 64;
    static final int ALIGNMENT = 8;
    static final int KIND_RECORD = 0;
    static final int KIND_ROLL = 1;

    static final int CRC_AT = 4;
    static final int CHECKED_FROM = 8;
    static final int KIND_AT = 12;
    static final int EPOCH_AT = 16;
    static final int POSITION_AT = 24;
    static final int COMMITTED_AT = 32;
    static final int MEMBER_AT = 40;
    static final int SEQUENCE_AT = 48;
    static final int TIME_AT = 56;

    private static final VarHandle WORD = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private RecordLayout() {}

    static int spaceFor(int length) {
        return (length + ALIGNMENT - 1) & -ALIGNMENT;
    }

    static int lengthAt(ByteBuffer segment, int at) {
        return (int) WORD.getAcquire(segment, at);
    }

    static void publish(ByteBuffer segment, int at, int length) {
        WORD.setRelease(segment, at, length);
    }

    /** Whether a length word can be true at all: then the bytes it speaks of lie inside the segment. */
    static boolean fits(int length, int at, int capacity) {
        return length >= HEADER_BYTES && length <= capacity - at;
    }

    /** {@code view} is a duplicate of the segment that only this thread uses. */
    static int crc(CRC32C crc, ByteBuffer view, int at, int length) {
        view.limit(at + length).position(at + CHECKED_FROM);
        crc.reset();
        crc.update(view);
        return (int) crc.getValue();
    }

    static boolean valid(CRC32C crc, ByteBuffer segment, ByteBuffer view, int at, int length) {
        return segment.getInt(at + CHECKED_FROM) == length && segment.getInt(at + CRC_AT) == crc(crc, view, at, length);
    }
}
