package dev.covey.mesh.protocol;

import dev.covey.patch.Utf8;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;

/** Reads what a {@link WireWriter} wrote, and believes no length before it has seen that so many bytes are there. */
public final class WireReader {
    private static final int BYTE_MASK = 0xFF;
    private static final long INT_MASK = 0xFFFF_FFFFL;

    private final byte[] bytes;
    private final int end;
    private int at;

    /**
     * Reads from the buffer's position to its limit; the buffer given is not moved. Memory outside the heap is copied, which
     * costs less than to read it piece by piece.
     */
    public WireReader(ByteBuffer given) {
        if (given.hasArray()) {
            bytes = given.array();
            at = given.arrayOffset() + given.position();
        } else {
            bytes = new byte[given.remaining()];
            given.get(given.position(), bytes);
        }
        end = at + given.remaining();
    }

    public int getByte() {
        need(1);
        return bytes[at++];
    }

    public int getInt() {
        need(Integer.BYTES);
        int value = intAt(at);
        at += Integer.BYTES;
        return value;
    }

    public long getLong() {
        need(Long.BYTES);
        long value = (intAt(at) & INT_MASK) | (long) intAt(at + Integer.BYTES) << Integer.SIZE;
        at += Long.BYTES;
        return value;
    }

    private int intAt(int index) {
        return (bytes[index] & BYTE_MASK)
                | (bytes[index + 1] & BYTE_MASK) << 8
                | (bytes[index + 2] & BYTE_MASK) << 16
                | bytes[index + 3] << 24;
    }

    public Token getToken() {
        return new Token(getLong(), getLong());
    }

    /** A text of at most {@code limit} bytes of UTF-8. */
    public String getText(int limit) {
        int length = getLength(limit);
        int from = at;
        at += length;
        try {
            return Utf8.text(bytes, from, length);
        } catch (CharacterCodingException notText) {
            throw new MalformedMessageException("a text is not UTF-8");
        }
    }

    /** A view of the next byte string, valid as long as the buffer below it. */
    public ByteBuffer getBytes(int limit) {
        int length = getLength(limit);
        at += length;
        return ByteBuffer.wrap(bytes, at - length, length);
    }

    private int getLength(int limit) {
        int length = getInt();
        if (length < 0 || length > limit) {
            throw new MalformedMessageException("a length is " + length + ", allowed are 0 to " + limit);
        }
        need(length);
        return length;
    }

    /** How many items follow: at most {@code limit}, and at most one for each byte that is left. */
    public int getCount(int limit) {
        int count = getInt();
        if (count < 0 || count > limit || count > remaining()) {
            throw new MalformedMessageException(
                    "a count is " + count + ", with " + remaining() + " bytes left and a limit of " + limit);
        }
        return count;
    }

    /** Checks that nothing is left over. */
    public void end() {
        if (at < end) {
            throw new MalformedMessageException(remaining() + " bytes too many");
        }
    }

    private int remaining() {
        return end - at;
    }

    private void need(int length) {
        if (remaining() < length) {
            throw new MalformedMessageException(length + " bytes were to follow, " + remaining() + " are left");
        }
    }
}
