package dev.covey.patch;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The difference of two values as concrete operations. Parts that the two share by reference cost nothing. Nothing is ever
 * moved or copied: an element that changed its place is removed and added. Members that changed their order are, too, so
 * that applying the difference gives the other value to the order of its members.
 */
public final class Diff {
    private final List<Operation> operations = new ArrayList<>();

    private Diff() {}

    /**
     * The operations that make the one value into the other; none if the two are the same. Trees that are not frozen are
     * frozen first, within {@link Limits#DEFAULT}. All operations overwrite.
     */
    public static Operations between(JsonNode before, JsonNode after) {
        Diff diff = new Diff();
        diff.values(Path.ROOT, FrozenTree.freeze(before), FrozenTree.freeze(after));
        return new Operations(diff.operations);
    }

    /**
     * The difference as a merge patch (RFC 7396), frozen. A merge patch says nothing of the order of members.
     *
     * @throws PatchException INVALID_PATCH if the other value has a null member that a merge patch cannot say
     */
    public static JsonNode mergePatch(JsonNode before, JsonNode after) {
        return MergeDiff.between(FrozenTree.freeze(before), FrozenTree.freeze(after));
    }

    /** Whether two values are the same; the hashes tell most that are not. */
    static boolean same(JsonNode left, JsonNode right) {
        return Sharing.same(left, right)
                || (FrozenTree.hash(left) == FrozenTree.hash(right) && Sharing.identical(left, right));
    }

    private void values(Path path, JsonNode before, JsonNode after) {
        if (Sharing.same(before, after)) {
            return;
        }
        if (before instanceof FrozenObject from && after instanceof FrozenObject to) {
            objects(path, from, to);
        } else if (before instanceof FrozenArray from && after instanceof FrozenArray to) {
            arrays(path, from, to);
        } else if (!Sharing.identical(before, after)) {
            operations.add(new Operation.Put(path, after, false, path));
        }
    }

    /**
     * Members that stay keep their order and new ones go last, so of the new value only so many members from its front can
     * stay as have the order they had before.
     */
    private void objects(Path path, FrozenObject before, FrozenObject after) {
        Set<String> staying = staying(before, after);
        for (Map.Entry<String, JsonNode> member : before.properties()) {
            if (!staying.contains(member.getKey())) {
                Path gone = path.child(member.getKey());
                operations.add(new Operation.Remove(gone, gone));
            }
        }
        for (Map.Entry<String, JsonNode> member : after.properties()) {
            Path at = path.child(member.getKey());
            JsonNode old = before.members.value(member.getKey());
            if (old != null && staying.contains(member.getKey())) {
                values(at, old, member.getValue());
            } else {
                operations.add(new Operation.Put(at, member.getValue(), true, at));
            }
        }
    }

    private static Set<String> staying(FrozenObject before, FrozenObject after) {
        Set<String> staying = new HashSet<>();
        var olds = before.members.iterator();
        for (Map.Entry<String, JsonNode> member : after.properties()) {
            boolean found = false;
            while (!found && before.members.value(member.getKey()) != null && olds.hasNext()) {
                found = olds.next().getKey().equals(member.getKey());
            }
            if (!found) {
                return staying;
            }
            staying.add(member.getKey());
        }
        return staying;
    }

    private void arrays(Path path, FrozenArray before, FrozenArray after) {
        List<ArrayAlignment.Gap> gaps = ArrayAlignment.of(before.items, after.items);
        int size = before.size();
        for (ArrayAlignment.Gap gap : gaps) {
            // All before the gap is as it shall be already, so its place is counted in the new array.
            int pairs = Math.min(gap.removed(), gap.inserted());
            for (int i = 0; i < pairs; i++) {
                int at = gap.after() + i;
                values(path.child(at), before.items.get(gap.before() + i), after.items.get(at));
            }
            int start = gap.after() + pairs;
            List<JsonNode> inserted = after.items.subList(start, gap.after() + gap.inserted());
            int removed = gap.removed() - pairs;
            if (removed > 0 || !inserted.isEmpty()) {
                operations.add(Operation.Splice.of(path, size, start, removed, inserted, true));
            }
            size += inserted.size() - removed;
        }
    }
}
