package dev.covey.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.util.Map;

/** Differences said as merge patches. */
final class MergeDiff {
    private MergeDiff() {}

    static JsonNode between(JsonNode before, JsonNode after) {
        return values(Path.ROOT, before, after);
    }

    private static JsonNode values(Path path, JsonNode before, JsonNode after) {
        if (!(after instanceof FrozenObject to)) {
            return after;
        }
        if (!(before instanceof FrozenObject from)) {
            return sayable(path, to);
        }
        FrozenObject patch = (FrozenObject) FrozenTree.EMPTY_OBJECT;
        for (Map.Entry<String, JsonNode> member : from.properties()) {
            if (to.members.value(member.getKey()) == null) {
                patch = patch.plus(member.getKey(), NullNode.getInstance());
            }
        }
        for (Map.Entry<String, JsonNode> member : to.properties()) {
            String name = member.getKey();
            JsonNode old = from.members.value(name);
            if (old == null) {
                patch = patch.plus(name, sayable(path.child(name), member.getValue()));
            } else if (!Diff.same(old, member.getValue())) {
                refuseNull(path.child(name), member.getValue());
                patch = patch.plus(name, values(path.child(name), old, member.getValue()));
            }
        }
        return patch;
    }

    /** A value that is new as a whole; in a merge patch its null members would take members out. Arrays go as they are. */
    private static JsonNode sayable(Path path, JsonNode value) {
        refuseNull(path, value);
        if (value instanceof FrozenObject object) {
            for (Map.Entry<String, JsonNode> member : object.properties()) {
                sayable(path.child(member.getKey()), member.getValue());
            }
        }
        return value;
    }

    private static void refuseNull(Path path, JsonNode value) {
        if (value.isNull()) {
            throw PatchException.invalid("merge patch", path.toString(), "members that are not null", "null");
        }
    }
}
