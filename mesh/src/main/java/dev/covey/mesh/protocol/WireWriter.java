package dev.covey.mesh.protocol;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Bytes being written, in a buffer that grows and is used again. Numbers are little-endian and of fixed size; texts and
 * byte strings carry their length in front. Not thread-safe.
 */
public final class WireWriter {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int FIRST_SIZE = 512;
    /** A buffer that once held a giant is not kept for the dwarfs that follow. */
    private static final int KEPT_SIZE = 1 << 20;

    private byte[] bytes = new byte[FIRST_SIZE];
    private int length;

    /** Starts anew; what {@link #array()} returned before is overwritten. */
    public WireWriter clear() {
        if (bytes.length > KEPT_SIZE) {
            bytes = new byte[FIRST_SIZE];
        }
        length = 0;
        return this;
    }

    public WireWriter putByte(int value) {
        room(1);
        bytes[length++] = (byte) value;
        return this;
    }

    public WireWriter putInt(int value) {
        room(Integer.BYTES);
        INT.set(bytes, length, value);
        length += Integer.BYTES;
        return this;
    }

    public WireWriter putLong(long value) {
        room(Long.BYTES);
        LONG.set(bytes, length, value);
        length += Long.BYTES;
        return this;
    }

    public WireWriter putToken(Token token) {
        return putLong(token.high()).putLong(token.low());
    }

    public WireWriter putText(String text) {
        return putBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    public WireWriter putBytes(byte[] value) {
        putInt(value.length);
        room(value.length);
        System.arraycopy(value, 0, bytes, length, value.length);
        length += value.length;
        return this;
    }

    /** The buffer itself; only the first {@link #length()} bytes count, until the next {@link #clear()}. */
    public byte[] array() {
        return bytes;
    }

    public int length() {
        return length;
    }

    /** A copy that stays. */
    public byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    private void room(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(length, more), bytes.length * 2));
        }
    }
}
