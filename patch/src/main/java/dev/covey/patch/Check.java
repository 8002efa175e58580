package dev.covey.patch;

import com.fasterxml.jackson.databind.JsonNode;

/** Holds sizes against {@link Limits}. */
final class Check {
    private Check() {}

    static void depth(int depth, int allowed, Limits limits) {
        if (depth > allowed) {
            throw over("depth", limits.depth(), "deeper than that");
        }
    }

    static void members(int members, Limits limits) {
        if (members > limits.objectMembers()) {
            throw over("objectMembers", limits.objectMembers(), "an object of " + members);
        }
    }

    static void length(long length, Limits limits) {
        if (length > limits.arrayLength()) {
            throw over("arrayLength", limits.arrayLength(), "an array of " + length);
        }
    }

    static void operations(int operations, Limits limits) {
        if (operations > limits.operations()) {
            throw over("operations", limits.operations(), operations + " operations");
        }
    }

    static void patch(long bytes, Limits limits) {
        if (bytes > limits.patchBytes()) {
            throw over("patchBytes", limits.patchBytes(), bytes + " bytes");
        }
    }

    static void size(JsonNode value, Limits limits) {
        long bytes = Weight.of(value);
        if (bytes > limits.valueBytes()) {
            throw over("valueBytes", limits.valueBytes(), bytes + " bytes");
        }
    }

    static String key(String name, Limits limits) {
        int bytes = Weight.utf8(name);
        if (bytes > limits.keyBytes()) {
            throw over("keyBytes", limits.keyBytes(), "a name of " + bytes + " bytes");
        }
        return whole(name, bytes);
    }

    static String string(String text, Limits limits) {
        int bytes = Weight.utf8(text);
        if (bytes > limits.stringBytes()) {
            throw over("stringBytes", limits.stringBytes(), "text of " + bytes + " bytes");
        }
        return whole(text, bytes);
    }

    /** Half a surrogate pair has no UTF-8, so such text could be shown but never sent or stored. */
    private static String whole(String text, int bytes) {
        if (bytes == text.length()) {
            return text;
        }
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                boolean pair = i + 1 < text.length() && Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1));
                if (!pair) {
                    throw PatchException.invalid("read", "", "whole characters", "text with half a surrogate pair");
                }
                i++;
            }
        }
        return text;
    }

    private static PatchException over(String limit, long allowed, String found) {
        return PatchException.limit("the limit " + limit, "", "at most " + allowed, found);
    }
}
