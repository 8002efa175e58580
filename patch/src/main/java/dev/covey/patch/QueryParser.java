package dev.covey.patch;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Reads MongoDB query documents. Allowed are {@code $and $or $nor} over queries and, at a path, the operators of
 * {@link #OPERATORS}. Operators that run programs or can take any time are refused by name.
 */
final class QueryParser {
    static final Set<String> OPERATORS = Set.of(
            "$eq",
            "$ne",
            "$gt",
            "$gte",
            "$lt",
            "$lte",
            "$in",
            "$nin",
            "$exists",
            "$type",
            "$size",
            "$all",
            "$elemMatch",
            "$mod",
            "$not",
            "$bitsAllSet",
            "$bitsAnySet",
            "$bitsAllClear",
            "$bitsAnyClear");
    private static final Set<String> REFUSED = Set.of("$regex", "$options", "$where", "$expr", "$text", "$jsonSchema");
    private static final Set<String> LOGIC = Set.of("$and", "$or", "$nor");

    /** The first steps of all paths met, for array filters. */
    private final TreeSet<String> names = new TreeSet<>();

    SortedSet<String> names() {
        return names;
    }

    Query parse(JsonNode query) {
        List<Query> all = new ArrayList<>();
        for (Map.Entry<String, JsonNode> member : Part.object("query", query).properties()) {
            all.add(member(member.getKey(), member.getValue()));
        }
        return all.size() == 1 ? all.get(0) : new Query.All(all);
    }

    private Query member(String name, JsonNode value) {
        if (!name.startsWith("$")) {
            names.add(name.contains(".") ? name.substring(0, name.indexOf('.')) : name);
            return at(Path.of(List.of(name.split("\\.", -1))), value);
        }
        if (!LOGIC.contains(name)) {
            throw unknown(name, "$and, $or, $nor or a path");
        }
        List<Query> branches = new ArrayList<>();
        Part.array(name, value).forEach(branch -> branches.add(parse(branch)));
        if (branches.isEmpty()) {
            throw PatchException.invalid(name, "", "at least one query", "an empty array");
        }
        return switch (name) {
            case "$and" -> new Query.All(branches);
            case "$or" -> new Query.Any(branches);
            default -> new Query.Not(new Query.Any(branches));
        };
    }

    private Query at(Path path, JsonNode value) {
        return isOperators(value) ? operators(path, value) : QueryOperators.of(path, "$eq", value);
    }

    /** Whether an object asks something with operators, as opposed to being a value to be equal to. */
    static boolean isOperators(JsonNode value) {
        return value instanceof FrozenObject && first(value).startsWith("$");
    }

    /** Whether the condition of a $pull is about the element itself rather than about members of objects. */
    static boolean isAboutItself(JsonNode value) {
        return isOperators(value)
                && (OPERATORS.contains(first(value)) || REFUSED.contains(first(value)))
                && !first(value).equals("$where")
                && !first(value).equals("$expr");
    }

    private static String first(JsonNode object) {
        return object.isEmpty() ? "" : object.fieldNames().next();
    }

    Query operators(Path path, JsonNode conditions) {
        List<Query> all = new ArrayList<>();
        for (Map.Entry<String, JsonNode> condition : conditions.properties()) {
            String name = condition.getKey();
            if (!OPERATORS.contains(name)) {
                throw unknown(name, "a query operator");
            }
            all.add(operator(path, name, condition.getValue()));
        }
        return all.size() == 1 ? all.get(0) : new Query.All(all);
    }

    private Query operator(Path path, String name, JsonNode value) {
        return switch (name) {
            case "$not" -> {
                if (!isOperators(value)) {
                    throw PatchException.invalid(name, "", "query operators", PatchException.show(value));
                }
                yield new Query.Not(operators(path, value));
            }
            case "$elemMatch" -> elemMatch(path, value);
            case "$all" -> all(path, value);
            default -> QueryOperators.of(path, name, value);
        };
    }

    private static Query elemMatch(Path path, JsonNode value) {
        Part.object("$elemMatch", value);
        QueryParser inner = new QueryParser();
        if (isAboutItself(value)) {
            Path self = Path.of(List.of(Query.Element.SELF));
            return new Query.Element(path, inner.operators(self, value), true);
        }
        return new Query.Element(path, inner.parse(value), false);
    }

    private static Query all(Path path, JsonNode value) {
        List<Query> each = new ArrayList<>();
        for (JsonNode item : Part.array("$all", value)) {
            boolean element = isOperators(item);
            if (element && (item.size() != 1 || !item.has("$elemMatch"))) {
                throw PatchException.invalid("$all", "", "values or $elemMatch", PatchException.show(item));
            }
            each.add(element ? elemMatch(path, item.get("$elemMatch")) : QueryOperators.of(path, "$eq", item));
        }
        // MongoDB: nothing holds all of nothing.
        return each.isEmpty() ? new Query.Any(List.of()) : new Query.All(each);
    }

    private static PatchException unknown(String name, String expected) {
        boolean refused = REFUSED.contains(name);
        return PatchException.invalid(
                "query",
                "",
                refused ? "an operator of bounded cost (" + name + " is refused)" : expected,
                "\"" + name + "\"");
    }
}
