package dev.covey.patch;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The operators of arrays other than {@code $push}: {@code $addToSet $pull $pullAll $pop}. */
final class ArrayOperators {
    /** More separate runs of removed elements than this are written as one splice. */
    private static final int RUNS = 16;

    private ArrayOperators() {}

    /** The array an operator is about; null if there is nothing there. */
    static @Nullable FrozenArray target(String operator, Draft draft, Path path) {
        JsonNode found = draft.find(path);
        if (found == null) {
            draft.passable(operator, path);
            return null;
        }
        if (found instanceof FrozenArray array) {
            return array;
        }
        throw PatchException.invalid(operator, path.toString(), "an array", PatchException.show(found));
    }

    static Action addToSet(String operator, JsonNode argument) {
        List<JsonNode> candidates = List.of(argument);
        if (argument.isObject()
                && !argument.isEmpty()
                && argument.fieldNames().next().equals("$each")) {
            if (argument.size() > 1) {
                throw PatchException.invalid(operator, "", "$each alone", PatchException.show(argument));
            }
            candidates = Part.array("$each", argument.get("$each")).items;
        }
        List<JsonNode> each = candidates;
        return (draft, path) -> {
            draft.touch(path, false);
            FrozenArray array = target(operator, draft, path);
            List<JsonNode> added = new ArrayList<>();
            for (JsonNode value : each) {
                if ((array == null || !holds(array.items, value, draft.budget)) && !holds(added, value, draft.budget)) {
                    added.add(value);
                }
            }
            if (array == null) {
                Check.length(added.size(), draft.limits);
                draft.create(operator, path, FrozenArray.of(added), false);
            } else {
                draft.splice(path, array, array.size(), 0, added, false);
            }
        };
    }

    private static boolean holds(List<JsonNode> items, JsonNode value, Budget budget) {
        for (JsonNode item : items) {
            if (Order.same(item, value, budget)) {
                return true;
            }
        }
        return false;
    }

    static Action pullAll(String operator, JsonNode argument) {
        FrozenArray unwanted = Part.array(operator, argument);
        return (draft, path) -> remove(operator, draft, path, item -> holds(unwanted.items, item, draft.budget));
    }

    static Action pull(String operator, JsonNode condition) {
        if (QueryParser.isAboutItself(condition)) {
            Query query = new QueryParser().operators(Path.of(List.of("")), condition);
            return (draft, path) ->
                    remove(operator, draft, path, item -> query.matches(Query.wrap("", item), draft.budget));
        }
        if (condition instanceof FrozenObject) {
            Query query = new QueryParser().parse(condition);
            return (draft, path) ->
                    remove(operator, draft, path, item -> item.isObject() && query.matches(item, draft.budget));
        }
        return (draft, path) -> remove(operator, draft, path, item -> Order.same(item, condition, draft.budget));
    }

    private static void remove(String operator, Draft draft, Path path, Predicate<JsonNode> unwanted) {
        draft.touch(path, false);
        FrozenArray array = target(operator, draft, path);
        if (array == null) {
            return;
        }
        List<int[]> runs = new ArrayList<>();
        int index = 0;
        for (JsonNode item : array.items) {
            if (unwanted.test(item)) {
                int last = runs.size() - 1;
                if (last >= 0 && runs.get(last)[1] == index) {
                    runs.get(last)[1]++;
                } else {
                    runs.add(new int[] {index, index + 1});
                }
            }
            index++;
        }
        if (runs.size() > RUNS) {
            removeAtOnce(draft, path, array, runs);
            return;
        }
        // From the back, so that the indexes of the runs still to go stay true.
        for (int i = runs.size() - 1; i >= 0; i--) {
            int[] run = runs.get(i);
            draft.splice(path, draft.array(path), run[0], run[1] - run[0], List.of(), false);
        }
    }

    private static void removeAtOnce(Draft draft, Path path, FrozenArray array, List<int[]> runs) {
        int start = runs.get(0)[0];
        int end = runs.get(runs.size() - 1)[1];
        List<JsonNode> kept = new ArrayList<>();
        for (int i = 1; i < runs.size(); i++) {
            kept.addAll(array.items.subList(runs.get(i - 1)[1], runs.get(i)[0]));
        }
        draft.splice(path, array, start, end - start, kept, false);
    }

    static Action pop(String operator, JsonNode argument) {
        boolean last = argument.isNumber() && argument.doubleValue() == 1;
        if (!last && !(argument.isNumber() && argument.doubleValue() == -1)) {
            throw PatchException.invalid(
                    operator, "", "1 for the last or -1 for the first", PatchException.show(argument));
        }
        return (draft, path) -> {
            draft.touch(path, false);
            FrozenArray array = target(operator, draft, path);
            if (array != null && !array.isEmpty()) {
                draft.splice(path, array, last ? array.size() - 1 : 0, 1, List.of(), false);
            }
        };
    }
}
