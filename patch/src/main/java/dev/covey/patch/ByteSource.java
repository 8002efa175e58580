package dev.covey.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what {@link ByteSink} writes, and trusts nothing: memory is taken only for bytes that are there. */
final class ByteSource {
    private final String what;
    private final byte[] bytes;
    private final int begin;
    private final int end;
    private final Limits limits;
    private int at;
    private @Nullable List<String> names;

    /** Memory outside the heap is copied first: from an array bytes are read much faster, one by one. */
    ByteSource(String what, ByteBuffer bytes, Limits limits) {
        this.what = what;
        this.limits = limits;
        int length = bytes.remaining();
        if (bytes.hasArray()) {
            this.bytes = bytes.array();
            this.begin = bytes.arrayOffset() + bytes.position();
        } else {
            this.bytes = new byte[length];
            this.begin = 0;
            bytes.get(bytes.position(), this.bytes);
        }
        this.at = begin;
        this.end = begin + length;
    }

    PatchException malformed(String expected, String found) {
        return PatchException.invalid(what, "", expected, "binary with " + found + " before byte " + (at - begin));
    }

    private int remaining() {
        return end - at;
    }

    int take() {
        if (at == end) {
            throw malformed("more bytes", "its end");
        }
        return bytes[at++] & 0xFF;
    }

    void version(int version) {
        int found = take();
        if (found != version) {
            throw malformed("format version " + version, "version " + found);
        }
    }

    void end() {
        if (at < end) {
            throw malformed("nothing more", remaining() + " bytes left");
        }
    }

    boolean atEnd() {
        return at == end;
    }

    long varint() {
        long number = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int b = take();
            number |= (b & 0x7FL) << shift;
            if ((b & 0x80) == 0) {
                if (shift == 63 && b > 1) {
                    break;
                }
                return number;
            }
        }
        throw malformed("a number of 64 bits", "a longer one");
    }

    /** A count of things that take at least one byte each, so it cannot exceed the bytes left. */
    int count() {
        long count = varint();
        if (count < 0 || count > remaining()) {
            throw malformed("a count within the bytes left", "count " + Long.toUnsignedString(count));
        }
        return (int) count;
    }

    int number(int most) {
        long number = varint();
        if (number < 0 || number > most) {
            throw malformed("a number up to " + most, "number " + Long.toUnsignedString(number));
        }
        return (int) number;
    }

    private String utf8(int length) {
        if (length > remaining()) {
            throw malformed("text within the bytes left", "text of " + length);
        }
        int from = at;
        at += length;
        try {
            return Utf8.text(bytes, from, length);
        } catch (CharacterCodingException notUtf8) {
            throw malformed("UTF-8", "malformed text");
        }
    }

    String text() {
        return utf8(count());
    }

    String name() {
        long header = varint();
        long number = header >>> 1;
        if ((header & 1) == 1) {
            return known(number);
        }
        if (number > limits.keyBytes()) {
            throw PatchException.limit(
                    "the limit keyBytes", "", "at most " + limits.keyBytes(), "a name of " + number + " bytes");
        }
        String name = utf8((int) number);
        remember(name);
        return name;
    }

    private String known(long number) {
        int count = names == null ? 0 : names.size();
        if (names == null || number >= count) {
            throw malformed("a name written before", "name " + number + " of " + count);
        }
        return names.get((int) number);
    }

    private void remember(String name) {
        if (names == null) {
            names = new ArrayList<>();
        }
        if (names.size() < ByteSink.NAMES_KEPT) {
            names.add(name);
        }
    }

    Path path() {
        int size = count();
        Check.depth(size, limits.depth(), limits);
        String[] steps = new String[size];
        for (int i = 0; i < size; i++) {
            steps[i] = name();
        }
        return Path.ofOwn(steps);
    }

    JsonNode value() {
        return value(limits.depth());
    }

    private JsonNode value(int levels) {
        int tag = take();
        if (tag >= ByteSink.SMALL_INTEGER) {
            return FrozenTree.integer(tag - ByteSink.SMALL_INTEGER);
        }
        if (tag >= ByteSink.SHORT_TEXT) {
            return TextNode.valueOf(utf8(tag - ByteSink.SHORT_TEXT));
        }
        return switch (tag) {
            case ByteSink.NULL -> NullNode.getInstance();
            case ByteSink.FALSE -> BooleanNode.FALSE;
            case ByteSink.TRUE -> BooleanNode.TRUE;
            case ByteSink.INTEGER -> {
                long zigzag = varint();
                yield FrozenTree.integer((zigzag >>> 1) ^ -(zigzag & 1));
            }
            case ByteSink.DOUBLE -> FrozenTree.real(Double.longBitsToDouble(eight()), what, "");
            case ByteSink.TEXT -> TextNode.valueOf(Check.string(text(), limits));
            case ByteSink.ARRAY -> array(levels);
            case ByteSink.OBJECT -> object(levels);
            default -> throw malformed("a value", "tag " + tag);
        };
    }

    private long eight() {
        long bits = 0;
        for (int i = 0; i < 8; i++) {
            bits = bits << 8 | take();
        }
        return bits;
    }

    private JsonNode array(int levels) {
        Check.depth(1, levels, limits);
        int count = count();
        Check.length(count, limits);
        List<JsonNode> items = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            items.add(value(levels - 1));
        }
        return FrozenArray.of(items);
    }

    private JsonNode object(int levels) {
        Check.depth(1, levels, limits);
        int count = count();
        Check.members(count, limits);
        List<Member> members = new ArrayList<>(count);
        long size = Weight.EMPTY;
        for (int i = 0; i < count; i++) {
            String name = name();
            JsonNode value = value(levels - 1);
            members.add(new Member(name, value));
            size += Weight.name(name) + Weight.of(value);
        }
        FrozenTree.different(members);
        return FrozenTree.object(members, size);
    }
}
