package dev.covey.mesh;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.covey.patch.PatchException;
import dev.covey.patch.Path;
import java.util.LinkedHashSet;
import java.util.Set;

/** Finds one's way in a value; what is not there is a missing node. */
final class Places {
    private static final int LONGEST_INDEX = 9;
    private static final int LONGEST_SHOWN = 60;

    private Places() {}

    /** The member or element that a step leads to. */
    static JsonNode child(JsonNode node, String step) {
        JsonNode child = null;
        if (node.isObject()) {
            child = node.get(step);
        } else if (node.isArray()) {
            int index = index(step);
            child = index < 0 ? null : node.get(index);
        }
        return child == null ? MissingNode.getInstance() : child;
    }

    /** Reads a JSON pointer that a caller gave for that object. */
    static Path path(String object, String pointer) {
        try {
            return Path.parse(pointer);
        } catch (PatchException noPointer) {
            throw new MeshException(
                    MeshCode.INVALID_PATCH,
                    object + ": \"" + pointer
                            + "\" is no JSON pointer; write \"\" for the whole object or \"/a/b\" for a"
                            + " member of a member",
                    noPointer);
        }
    }

    /** The value as text for people, cut. */
    static String show(JsonNode value) {
        String text = value.toString();
        return text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN) + "…";
    }

    /** What is at the path. */
    static JsonNode at(JsonNode root, Path path) {
        JsonNode node = root;
        for (int i = 0; i < path.size() && !node.isMissingNode(); i++) {
            node = child(node, path.step(i));
        }
        return node;
    }

    /** The index that a step says, or -1: digits without a leading zero. */
    static int index(String step) {
        int length = step.length();
        if (length == 0 || length > LONGEST_INDEX || (length > 1 && step.charAt(0) == '0')) {
            return -1;
        }
        for (int i = 0; i < length; i++) {
            if (step.charAt(i) < '0' || step.charAt(i) > '9') {
                return -1;
            }
        }
        return Integer.parseInt(step);
    }

    /** Whether two frozen nodes say the same; unchanged subtrees are the same reference, which answers most. */
    @SuppressWarnings("ReferenceEquality")
    static boolean same(JsonNode was, JsonNode is) {
        return was == is || was.equals(is);
    }

    /** The steps that lead on from one of two nodes or from both, each once, those of the second first. */
    static Set<String> steps(JsonNode was, JsonNode is) {
        Set<String> steps = new LinkedHashSet<>();
        is.fieldNames().forEachRemaining(steps::add);
        was.fieldNames().forEachRemaining(steps::add);
        int elements = Math.max(was.isArray() ? was.size() : 0, is.isArray() ? is.size() : 0);
        for (int i = 0; i < elements; i++) {
            steps.add(Integer.toString(i));
        }
        return steps;
    }

    /** How many steps {@link #steps} has at most. */
    static int width(JsonNode was, JsonNode is) {
        return was.size() + is.size();
    }

    /** Whether both are objects, or both arrays of one length: then a difference lies further down. */
    static boolean differFurtherDown(JsonNode was, JsonNode is) {
        return (was.isObject() && is.isObject()) || (was.isArray() && is.isArray() && was.size() == is.size());
    }
}
