package dev.covey.mesh.protocol;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Reads what a {@link WireWriter} wrote, and believes no length before it has seen that so many bytes are there. */
public final class WireReader {
    private final ByteBuffer bytes;

    /** Reads from the buffer's position to its limit; the buffer given is not moved. */
    public WireReader(ByteBuffer bytes) {
        this.bytes = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    public int getByte() {
        need(1);
        return bytes.get();
    }

    public int getInt() {
        need(Integer.BYTES);
        return bytes.getInt();
    }

    public long getLong() {
        need(Long.BYTES);
        return bytes.getLong();
    }

    public Token getToken() {
        return new Token(getLong(), getLong());
    }

    /** A text of at most {@code limit} bytes of UTF-8. */
    public String getText(int limit) {
        ByteBuffer text = getBytes(limit);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(text).toString();
        } catch (CharacterCodingException notText) {
            throw new MalformedMessageException("a text is not UTF-8");
        }
    }

    /** A view of the next byte string, valid as long as the buffer below it. */
    public ByteBuffer getBytes(int limit) {
        int length = getInt();
        if (length < 0 || length > limit) {
            throw new MalformedMessageException("a length is " + length + ", allowed are 0 to " + limit);
        }
        need(length);
        ByteBuffer slice = bytes.slice(bytes.position(), length);
        bytes.position(bytes.position() + length);
        return slice;
    }

    /** How many items follow: at most {@code limit}, and at most one for each byte that is left. */
    public int getCount(int limit) {
        int count = getInt();
        if (count < 0 || count > limit || count > bytes.remaining()) {
            throw new MalformedMessageException(
                    "a count is " + count + ", with " + bytes.remaining() + " bytes left and a limit of " + limit);
        }
        return count;
    }

    /** Checks that nothing is left over. */
    public void end() {
        if (bytes.hasRemaining()) {
            throw new MalformedMessageException(bytes.remaining() + " bytes too many");
        }
    }

    private void need(int length) {
        if (bytes.remaining() < length) {
            throw new MalformedMessageException(length + " bytes were to follow, " + bytes.remaining() + " are left");
        }
    }
}
