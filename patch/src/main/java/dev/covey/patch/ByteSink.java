package dev.covey.patch;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Writes numbers, text and values in binary.
 *
 * <pre>
 * varint   7 bits a byte, low bits first, high bit set on all but the last
 * text     varint length, UTF-8
 * name     varint n; n even: n/2 bytes of UTF-8 follow; n odd: the ((n-1)/2)-th name written in full before
 * value    one tag byte, then
 *   00 null   01 false   02 true   03 integer: zigzag varint   04 double: 8 bytes, high first   05 text
 *   06 array: varint count, values   07 object: varint count, (name, value) each
 *   40..7f text of 0..63 bytes, the bytes   80..ff the integer 0..127
 * </pre>
 */
final class ByteSink {
    static final int NULL = 0;
    static final int FALSE = 1;
    static final int TRUE = 2;
    static final int INTEGER = 3;
    static final int DOUBLE = 4;
    static final int TEXT = 5;
    static final int ARRAY = 6;
    static final int OBJECT = 7;
    static final int SHORT_TEXT = 0x40;
    static final int SHORT_TEXT_MOST = 63;
    static final int SMALL_INTEGER = 0x80;
    static final int SMALL_INTEGER_MOST = 127;
    /** Names beyond so many are written in full each time. */
    static final int NAMES_KEPT = 4_096;

    private byte[] bytes = new byte[128];
    private int size;
    private final Map<String, Integer> names = new HashMap<>();

    void put(int b) {
        if (size == bytes.length) {
            bytes = Arrays.copyOf(bytes, size * 2);
        }
        bytes[size++] = (byte) b;
    }

    void putAll(byte[] more) {
        if (bytes.length - size < more.length) {
            bytes = Arrays.copyOf(bytes, Math.max(size * 2, size + more.length));
        }
        System.arraycopy(more, 0, bytes, size, more.length);
        size += more.length;
    }

    void varint(long number) {
        long rest = number;
        while ((rest & ~0x7FL) != 0) {
            put((int) (rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        put((int) rest);
    }

    void text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        varint(utf8.length);
        putAll(utf8);
    }

    void name(String name) {
        Integer known = names.get(name);
        if (known != null) {
            varint(known * 2L + 1);
            return;
        }
        if (names.size() < NAMES_KEPT) {
            names.put(name, names.size());
        }
        byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
        varint(utf8.length * 2L);
        putAll(utf8);
    }

    void path(Path path) {
        varint(path.size());
        for (int i = 0; i < path.size(); i++) {
            name(path.step(i));
        }
    }

    void value(JsonNode value) {
        switch (value.getNodeType()) {
            case OBJECT -> {
                put(OBJECT);
                varint(value.size());
                for (Map.Entry<String, JsonNode> member : value.properties()) {
                    name(member.getKey());
                    value(member.getValue());
                }
            }
            case ARRAY -> {
                put(ARRAY);
                varint(value.size());
                value.forEach(this::value);
            }
            case STRING -> shortText(value.textValue());
            case NUMBER -> number(value);
            case BOOLEAN -> put(value.booleanValue() ? TRUE : FALSE);
            default -> put(NULL);
        }
    }

    private void shortText(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        if (utf8.length <= SHORT_TEXT_MOST) {
            put(SHORT_TEXT + utf8.length);
        } else {
            put(TEXT);
            varint(utf8.length);
        }
        putAll(utf8);
    }

    private void number(JsonNode value) {
        if (!value.isIntegralNumber()) {
            put(DOUBLE);
            long bits = Double.doubleToRawLongBits(value.doubleValue());
            for (int shift = 56; shift >= 0; shift -= 8) {
                put((int) (bits >>> shift));
            }
            return;
        }
        long number = value.longValue();
        if (number >= 0 && number <= SMALL_INTEGER_MOST) {
            put(SMALL_INTEGER + (int) number);
        } else {
            put(INTEGER);
            varint((number << 1) ^ (number >> 63));
        }
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }
}
