package dev.covey.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** The operators that give, take and move values: {@code $set $setOnInsert $unset $rename $currentDate $min $max}. */
final class Assignments {
    private static final DateTimeFormatter MILLISECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private Assignments() {}

    static Action set(String operator, JsonNode value) {
        return (draft, path) -> {
            draft.touch(path, true);
            draft.create(operator, path, value, true);
        };
    }

    static Action setOnInsert(String operator, JsonNode value) {
        Action set = set(operator, value);
        return (draft, path) -> {
            if (draft.inserts) {
                set.at(draft, path);
            }
        };
    }

    static Action unset(String operator, JsonNode ignored) {
        return (draft, path) -> {
            if (path.size() == 0) {
                throw PatchException.invalid(operator, "", "a member or element to unset", "all there is");
            }
            draft.touch(path, true);
            JsonNode old = draft.find(path);
            if (old == null) {
                return;
            }
            if (draft.find(path.parent()) instanceof FrozenObject) {
                draft.remove(path);
            } else {
                draft.put(path, old, NullNode.getInstance(), true);
            }
        };
    }

    static Action currentDate(String operator, JsonNode argument) {
        boolean date = argument.isBoolean() || isType(operator, argument, "date");
        if (!date && !isType(operator, argument, "timestamp")) {
            throw PatchException.invalid(operator, "", "\"date\" or \"timestamp\"", PatchException.show(argument));
        }
        return (draft, path) -> {
            JsonNode now = date
                    ? TextNode.valueOf(MILLISECONDS.format(Instant.ofEpochMilli(draft.nowMillis)))
                    : FrozenTree.integer(draft.nowMillis);
            draft.touch(path, true);
            draft.create(operator, path, now, true);
        };
    }

    private static boolean isType(String operator, JsonNode argument, String type) {
        JsonNode given = argument.isObject() && argument.size() == 1 ? argument.get("$type") : null;
        if (given == null || !given.isTextual()) {
            throw PatchException.invalid(
                    operator, "", "a boolean or {$type: \"date\" or \"timestamp\"}", PatchException.show(argument));
        }
        return given.textValue().equals(type);
    }

    static Action min(String operator, JsonNode value) {
        return keep(operator, value, -1);
    }

    static Action max(String operator, JsonNode value) {
        return keep(operator, value, 1);
    }

    /** The new value if it lies on this side of the old one. */
    private static Action keep(String operator, JsonNode value, int side) {
        return (draft, path) -> {
            draft.touch(path, false);
            JsonNode old = draft.find(path);
            if (old == null) {
                draft.create(operator, path, value, false);
            } else if (Integer.signum(Order.compare(value, old, draft.budget)) == side) {
                draft.put(path, old, value, false);
            }
        };
    }

    /** Takes effect at the target's place in the order of paths. */
    static Action rename(String operator, Path from) {
        return (draft, to) -> {
            draft.touch(from, true);
            draft.touch(to, true);
            outsideArrays(operator, draft, from);
            JsonNode value = draft.find(from);
            if (value == null) {
                return;
            }
            outsideArrays(operator, draft, to);
            draft.create(operator, to, value, true);
            draft.remove(from);
        };
    }

    private static void outsideArrays(String operator, Draft draft, Path path) {
        JsonNode node = draft.root();
        for (int level = 0; level < path.size(); level++) {
            if (!(node instanceof FrozenObject)) {
                throw PatchException.invalid(
                        operator, path.first(level).toString(), "objects all the way", PatchException.show(node));
            }
            JsonNode child = TreeEdit.child(node, path.step(level));
            if (child == null) {
                return;
            }
            node = child;
        }
    }
}
