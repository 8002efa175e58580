package dev.covey.patch;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;

/** How much a value counts for the limits: roughly its compact JSON, in bytes of UTF-8, with 8 for a number. */
final class Weight {
    /** An empty container. */
    static final int EMPTY = 2;

    private Weight() {}

    static long of(JsonNode value) {
        if (value instanceof FrozenObject object) {
            return object.bytes;
        }
        if (value instanceof FrozenArray array) {
            return array.bytes;
        }
        return switch (value.getNodeType()) {
            case STRING -> utf8(value.textValue()) + 2L;
            case NUMBER -> 8;
            default -> 4;
        };
    }

    /** A member's name with its quotes, colon and comma. */
    static long name(String name) {
        return utf8(name) + 4L;
    }

    /** Elements with their commas. */
    static long items(Collection<JsonNode> items) {
        long bytes = 0;
        for (JsonNode item : items) {
            bytes += of(item) + 1;
        }
        return bytes;
    }

    static int utf8(String text) {
        int bytes = text.length();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                // A surrogate pair is two chars and four bytes, so each half counts two.
                bytes += c < 0x800 || Character.isSurrogate(c) ? 1 : 2;
            }
        }
        return bytes;
    }

    static int depth(JsonNode value) {
        return value instanceof FrozenObject object
                ? object.depth()
                : value instanceof FrozenArray array ? array.depth() : 0;
    }

    static int deepest(Iterable<JsonNode> values) {
        int deepest = 0;
        for (JsonNode value : values) {
            deepest = Math.max(deepest, depth(value));
        }
        return deepest;
    }
}
