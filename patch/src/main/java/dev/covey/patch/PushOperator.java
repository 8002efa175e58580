package dev.covey.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code $push} with its modifiers. In this order: {@code $each} are inserted at {@code $position}, all are sorted by
 * {@code $sort}, and {@code $slice} keeps the first, or if negative the last, so many.
 */
record PushOperator(
        String operator,
        List<JsonNode> each,
        long position,
        long slice,
        boolean slices,
        @Nullable List<SortKey> sort) implements Action {
    private static final Set<String> MODIFIERS = Set.of("$each", "$position", "$slice", "$sort");

    /** One criterion of a sort; the root stands for the whole element. */
    record SortKey(Path path, int direction) {}

    static Action of(String operator, JsonNode argument) {
        JsonNode each = argument instanceof FrozenObject object ? object.members.value("$each") : null;
        if (each == null) {
            return new PushOperator(operator, List.of(argument), Long.MAX_VALUE, 0, false, null);
        }
        for (Map.Entry<String, JsonNode> modifier : argument.properties()) {
            if (!MODIFIERS.contains(modifier.getKey())) {
                throw PatchException.invalid(
                        operator, "", "$each, $position, $slice or $sort", "\"" + modifier.getKey() + "\"");
            }
        }
        JsonNode position = argument.get("$position");
        JsonNode slice = argument.get("$slice");
        JsonNode sort = argument.get("$sort");
        return new PushOperator(
                operator,
                Part.array("$each", each).items,
                position == null ? Long.MAX_VALUE : Numbers.whole("$position", position),
                slice == null ? 0 : Numbers.whole("$slice", slice),
                slice != null,
                sort == null ? null : sort(sort));
    }

    private static List<SortKey> sort(JsonNode sort) {
        if (!sort.isObject()) {
            return List.of(new SortKey(Path.ROOT, direction(sort)));
        }
        if (sort.isEmpty()) {
            throw PatchException.invalid("$sort", "", "1, -1 or paths with 1 or -1", "an empty object");
        }
        List<SortKey> keys = new ArrayList<>();
        for (Map.Entry<String, JsonNode> key : sort.properties()) {
            Path path = Path.of(List.of(key.getKey().split("\\.", -1)));
            if (path.steps().contains("")) {
                throw PatchException.invalid("$sort", "", "paths without empty names", "\"" + key.getKey() + "\"");
            }
            keys.add(new SortKey(path, direction(key.getValue())));
        }
        return keys;
    }

    private static int direction(JsonNode direction) {
        boolean up = direction.isNumber() && direction.doubleValue() == 1;
        if (!up && !(direction.isNumber() && direction.doubleValue() == -1)) {
            throw PatchException.invalid("$sort", "", "1 or -1", PatchException.show(direction));
        }
        return up ? 1 : -1;
    }

    @Override
    public void at(Draft draft, Path path) {
        draft.touch(path, false);
        FrozenArray array = ArrayOperators.target(operator, draft, path);
        if (array == null) {
            List<JsonNode> made = sort == null ? each : sorted(each, draft.budget);
            Check.length(made.size(), draft.limits);
            draft.create(operator, path, FrozenArray.of(made.subList(from(made.size()), to(made.size()))), false);
        } else if (sort != null) {
            rewrite(draft, path, array);
        } else {
            insert(draft, path, array);
        }
    }

    private int from(int size) {
        return !slices || slice >= 0 ? 0 : (int) Math.max(0, size + Math.max(slice, -(long) Integer.MAX_VALUE));
    }

    private int to(int size) {
        return !slices || slice < 0 ? size : (int) Math.min(size, slice);
    }

    private int place(int size) {
        return (int)
                (position >= 0
                        ? Math.min(position, size)
                        : Math.max(0, size + Math.max(position, -(long) Integer.MAX_VALUE)));
    }

    /**
     * The result is the elements from..to of (those before the place, each, those behind it). What the slice drops of each
     * part is never written: from the back, the end is cut, the middle replaced, the front cut.
     */
    private void insert(Draft draft, Path path, FrozenArray array) {
        int place = place(array.size());
        int behind = array.size() - place;
        int after = place + each.size();
        Check.length(after + (long) behind, draft.limits);
        int from = from(after + behind);
        int to = to(after + behind);
        int cutBehind = within(to - after, behind);
        int dropBehind = within(from - after, behind);
        int keptBefore = Math.min(to, place);
        List<JsonNode> kept = each.subList(within(from - place, each.size()), within(to - place, each.size()));
        draft.splice(path, array, place + cutBehind, behind - cutBehind, List.of(), false);
        draft.splice(path, draft.array(path), keptBefore, place - keptBefore + dropBehind, kept, false);
        draft.splice(path, draft.array(path), 0, Math.min(from, place), List.of(), false);
    }

    private static int within(int index, int size) {
        return Math.max(0, Math.min(size, index));
    }

    private void rewrite(Draft draft, Path path, FrozenArray array) {
        List<JsonNode> all = new ArrayList<>(array.items);
        all.addAll(place(array.size()), each);
        Check.length(all.size(), draft.limits);
        List<JsonNode> sorted = sorted(all, draft.budget);
        List<JsonNode> result = sorted.subList(from(sorted.size()), to(sorted.size()));
        int head = 0;
        int most = Math.min(result.size(), array.size());
        while (head < most && same(array.items.get(head), result.get(head))) {
            head++;
        }
        int tail = 0;
        while (tail < most - head
                && same(array.items.get(array.size() - 1 - tail), result.get(result.size() - 1 - tail))) {
            tail++;
        }
        draft.splice(path, array, head, array.size() - head - tail, result.subList(head, result.size() - tail), false);
    }

    private static boolean same(JsonNode left, JsonNode right) {
        return Sharing.same(left, Sharing.reuse(left, right));
    }

    private List<JsonNode> sorted(List<JsonNode> items, Budget budget) {
        List<JsonNode> sorted = new ArrayList<>(items);
        sorted.sort(comparator(budget));
        return sorted;
    }

    private Comparator<JsonNode> comparator(Budget budget) {
        List<SortKey> keys = sort == null ? List.of() : sort;
        return (left, right) -> {
            for (SortKey key : keys) {
                int order = Order.compare(value(left, key.path()), value(right, key.path()), budget);
                if (order != 0) {
                    return order * key.direction();
                }
            }
            return 0;
        };
    }

    /** What is missing sorts as null. */
    private static JsonNode value(JsonNode item, Path path) {
        JsonNode found = path.size() > 0 && !item.isObject() ? null : TreeEdit.find(item, path);
        return found == null ? NullNode.getInstance() : found;
    }
}
