package dev.covey.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A MongoDB update document. All its operators see the value as if they took effect at once, in the order of paths. */
final class UpdatePart implements Part {
    private final JsonNode document;
    private final @Nullable JsonNode query;
    private final @Nullable JsonNode arrayFilters;
    private final Limits limits;
    private final UpdateNode root = new UpdateNode();
    private final @Nullable Query matcher;
    private final TreeMap<String, Query> filters = new TreeMap<>();
    private final TreeSet<String> unused = new TreeSet<>();
    private int size;

    private UpdatePart(JsonNode document, @Nullable JsonNode query, @Nullable JsonNode arrayFilters, Limits limits) {
        this.document = document;
        this.query = query;
        this.arrayFilters = arrayFilters;
        this.limits = limits;
        this.matcher = query == null ? null : new QueryParser().parse(query);
    }

    static UpdatePart of(JsonNode document, @Nullable JsonNode query, @Nullable JsonNode arrayFilters, Limits limits) {
        UpdatePart part = new UpdatePart(document, query, arrayFilters, limits);
        if (arrayFilters != null) {
            Part.array("arrayFilters", arrayFilters).forEach(part::addFilter);
        }
        FrozenObject operators = Part.object("update", document);
        if (operators.isEmpty()) {
            throw PatchException.invalid("update", "", "at least one operator", "an empty object");
        }
        for (Map.Entry<String, JsonNode> operator : operators.properties()) {
            part.addOperator(Operator.named(operator.getKey()), operator.getValue());
        }
        if (!part.unused.isEmpty()) {
            throw PatchException.invalid(
                    "arrayFilters", "", "every filter used by a path", "\"" + part.unused.first() + "\" in none");
        }
        return part;
    }

    private void addFilter(JsonNode filter) {
        QueryParser parser = new QueryParser();
        Query parsed = parser.parse(filter);
        if (parser.names().size() != 1) {
            throw PatchException.invalid(
                    "arrayFilters", "", "one name in a filter", parser.names().size() + " names");
        }
        String name = parser.names().first();
        if (!name.matches("[a-z][a-zA-Z0-9]*")) {
            throw PatchException.invalid(
                    "arrayFilters",
                    "",
                    "a letter a-z, then letters and digits",
                    "\"" + PatchException.cut(name) + "\"");
        }
        if (filters.put(name, parsed) != null) {
            throw PatchException.invalid("arrayFilters", "", "one filter for a name", "\"" + name + "\" twice");
        }
        unused.add(name);
    }

    private void addOperator(Operator operator, JsonNode targets) {
        for (Map.Entry<String, JsonNode> target :
                Part.object(operator.text(), targets).properties()) {
            try {
                UpdatePath path = UpdatePath.parse(operator.text(), target.getKey(), limits);
                identify(operator, path);
                if (operator == Operator.RENAME) {
                    addRename(path, target.getValue());
                } else {
                    root.add(path, size, operator.text(), operator.compile(target.getValue()));
                }
            } catch (PatchException refused) {
                throw refused.at(size);
            }
            size++;
        }
    }

    private void identify(Operator operator, UpdatePath path) {
        for (UpdatePath.Step step : path.steps()) {
            if (step.filters() && !step.text().equals(UpdateNode.EVERY)) {
                unused.remove(step.text());
                if (!filters.containsKey(step.text())) {
                    throw PatchException.invalid(
                            operator.text(),
                            "",
                            "an array filter for \"" + PatchException.cut(step.text()) + "\"",
                            "path \"" + path + "\"");
                }
            }
        }
    }

    private void addRename(UpdatePath from, JsonNode target) {
        String operator = Operator.RENAME.text();
        if (!target.isTextual()) {
            throw PatchException.invalid(operator, "", "the new path as text", PatchException.show(target));
        }
        UpdatePath to = UpdatePath.parse(operator, target.textValue(), limits);
        if (from.positional() || to.positional()) {
            throw PatchException.invalid(operator, "", "paths without $", "\"" + from + "\" to \"" + to + "\"");
        }
        root.add(from, size, operator, null);
        root.add(to, size, operator, Assignments.rename(operator, from.path()));
    }

    @Override
    public int size() {
        return size;
    }

    void write(ByteSink sink) {
        sink.value(document);
        sink.value(query == null ? NullNode.getInstance() : query);
        sink.value(arrayFilters == null ? NullNode.getInstance() : arrayFilters);
    }

    static UpdatePart read(ByteSource source, Limits limits) {
        JsonNode document = source.value();
        JsonNode query = source.value();
        JsonNode filters = source.value();
        return of(document, query.isNull() ? null : query, filters.isNull() ? null : filters, limits);
    }

    @Override
    public void resolve(Draft draft) {
        int matched = Query.YES;
        if (matcher != null && !draft.inserts) {
            matched = matcher.match(draft.root(), draft.budget);
            if (matched == Query.NO) {
                throw new PatchException(
                        PatchCode.TEST_FAILED, "query", "", "a value that matches", PatchException.show(draft.root()));
            }
        }
        visit(root, Path.ROOT, draft, matched);
    }

    private void visit(UpdateNode node, Path path, Draft draft, int matched) {
        if (node.operation >= 0) {
            if (node.action != null) {
                perform(node, path, draft);
            }
        } else if (!node.filters.isEmpty()) {
            visitElements(node, path, draft, matched);
        } else {
            for (Map.Entry<String, UpdateNode> child :
                    positioned(node, path, matched).entrySet()) {
                visit(child.getValue(), path.child(child.getKey()), draft, matched);
            }
        }
    }

    private static void perform(UpdateNode node, Path path, Draft draft) {
        try {
            Objects.requireNonNull(node.action).at(draft, path);
        } catch (PatchException refused) {
            throw refused.at(node.operation);
        }
    }

    /** The names with {@code $} resolved to the index that the query matched. */
    private static Map<String, UpdateNode> positioned(UpdateNode node, Path path, int matched) {
        UpdateNode positional = node.names.get(UpdateNode.POSITIONAL);
        if (positional == null) {
            return node.names;
        }
        if (matched < 0) {
            throw PatchException.invalid(
                    "update", path.toString(), "a query that matches an array element", "addressed by $ without one");
        }
        TreeMap<String, UpdateNode> names = new TreeMap<>(node.names);
        names.remove(UpdateNode.POSITIONAL);
        String index = Integer.toString(matched);
        UpdateNode other = names.get(index);
        names.put(index, other == null ? positional : UpdateNode.merged(other, positional, path.child(index)));
        return names;
    }

    private void visitElements(UpdateNode node, Path path, Draft draft, int matched) {
        JsonNode found = draft.find(path);
        if (!(found instanceof FrozenArray array)) {
            throw PatchException.invalid(
                    "update",
                    path.toString(),
                    "an array for $[]",
                    found == null ? "missing" : PatchException.show(found));
        }
        int index = 0;
        for (JsonNode element : array.items) {
            Path at = path.child(index);
            UpdateNode all = null;
            for (Map.Entry<String, UpdateNode> filter : node.filters.entrySet()) {
                if (matches(filter.getKey(), element, draft.budget)) {
                    all = all == null ? filter.getValue() : UpdateNode.merged(all, filter.getValue(), at);
                }
            }
            if (all != null) {
                visit(all, at, draft, matched);
            }
            index++;
        }
    }

    private boolean matches(String identifier, JsonNode element, Budget budget) {
        if (identifier.equals(UpdateNode.EVERY)) {
            return true;
        }
        Query filter = Objects.requireNonNull(filters.get(identifier));
        return filter.matches(Query.wrap(identifier, element), budget);
    }
}
