package dev.covey.patch;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Iterator;
import java.util.Map;

/** Keeps the references of what did not change. */
@SuppressWarnings("ReferenceEquality") // references are what this is about
final class Sharing {
    private Sharing() {}

    /** Whether two are one reference, which for frozen values means that nothing changed. */
    static boolean same(JsonNode left, JsonNode right) {
        return left == right;
    }

    /**
     * The new value with every part of it that the old value holds at the same place taken from there; the old value itself
     * if the two are the same, to the order of members and the kind of numbers.
     */
    static JsonNode reuse(JsonNode old, JsonNode fresh) {
        if (old == fresh) {
            return old;
        }
        if (old instanceof FrozenObject oldObject && fresh instanceof FrozenObject object) {
            return object(oldObject, object);
        }
        if (old instanceof FrozenArray oldArray && fresh instanceof FrozenArray array) {
            return array(oldArray, array);
        }
        return old.equals(fresh) ? old : fresh;
    }

    private static JsonNode object(FrozenObject old, FrozenObject fresh) {
        FrozenObject shared = fresh;
        boolean same = old.size() == fresh.size();
        Iterator<Map.Entry<String, JsonNode>> olds = old.members.iterator();
        for (Map.Entry<String, JsonNode> member : fresh.properties()) {
            String name = member.getKey();
            Map.Entry<String, JsonNode> beside = olds.hasNext() ? olds.next() : member;
            JsonNode oldValue = beside.getKey().equals(name) ? beside.getValue() : old.members.value(name);
            JsonNode value = oldValue == null ? member.getValue() : reuse(oldValue, member.getValue());
            same &= value == oldValue && beside.getKey().equals(name);
            if (value != member.getValue()) {
                shared = shared.plus(name, value);
            }
        }
        return same ? old : shared;
    }

    private static JsonNode array(FrozenArray old, FrozenArray fresh) {
        FrozenArray shared = fresh;
        boolean same = old.size() == fresh.size();
        int common = Math.min(old.size(), fresh.size());
        for (int i = 0; i < common; i++) {
            JsonNode oldItem = old.items.get(i);
            JsonNode item = fresh.items.get(i);
            JsonNode value = reuse(oldItem, item);
            same &= value == oldItem;
            if (value != item) {
                shared = shared.with(i, value);
            }
        }
        return same ? old : shared;
    }
}
