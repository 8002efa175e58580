package dev.covey.patch;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
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

    /** Whether two values are the same to the order of members and the kind of numbers; shared parts cost nothing. */
    static boolean identical(JsonNode left, JsonNode right) {
        if (left == right) {
            return true;
        }
        if (left.size() != right.size()) {
            return false;
        }
        if (left instanceof FrozenObject a && right instanceof FrozenObject b) {
            Iterator<Map.Entry<String, JsonNode>> others = b.members.iterator();
            for (Map.Entry<String, JsonNode> member : a.properties()) {
                Map.Entry<String, JsonNode> other = others.next();
                if (!member.getKey().equals(other.getKey()) || !identical(member.getValue(), other.getValue())) {
                    return false;
                }
            }
            return true;
        }
        if (left instanceof FrozenArray a && right instanceof FrozenArray b) {
            Iterator<JsonNode> others = b.items.iterator();
            for (JsonNode item : a.items) {
                if (!identical(item, others.next())) {
                    return false;
                }
            }
            return true;
        }
        return left.equals(right);
    }

    /**
     * The value after several operations, with the old references where one operation undid another. Only operations on
     * overlapping paths can do that.
     */
    static JsonNode settle(JsonNode before, JsonNode after, List<Operation> operations) {
        List<Path> paths = new ArrayList<>(operations.size());
        for (Operation operation : operations) {
            paths.add(operation.path());
        }
        Collections.sort(paths);
        // In this order whatever lies between a path and one below it is below it as well, so neighbours tell all.
        for (int i = 1; i < paths.size(); i++) {
            if (paths.get(i - 1).contains(paths.get(i))) {
                return settle(before, after, paths, 0);
            }
        }
        return after;
    }

    private static JsonNode settle(JsonNode before, JsonNode after, List<Path> paths, int level) {
        if (identical(before, after)) {
            return before;
        }
        JsonNode settled = after;
        int from = 0;
        while (from < paths.size()) {
            Path path = paths.get(from);
            if (path.size() <= level) {
                from++;
                continue;
            }
            String step = path.step(level);
            int to = from + 1;
            while (to < paths.size() && paths.get(to).step(level).equals(step)) {
                to++;
            }
            settled = settleChild(before, settled, step, paths.subList(from, to), level);
            from = to;
        }
        return settled;
    }

    private static JsonNode settleChild(JsonNode before, JsonNode after, String step, List<Path> paths, int level) {
        JsonNode old = TreeEdit.child(before, step);
        JsonNode child = TreeEdit.child(after, step);
        if (old == null || child == null) {
            return after;
        }
        JsonNode settled = settle(old, child, paths, level + 1);
        if (settled == child) {
            return after;
        }
        return after instanceof FrozenObject object
                ? object.plus(step, settled)
                : ((FrozenArray) after).with(Path.index(step), settled);
    }
}
