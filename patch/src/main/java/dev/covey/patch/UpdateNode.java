package dev.covey.patch;

import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The paths of one update document as a tree, so that each is visited in the order of paths and two that meet are noticed.
 * A node is the end of one path, or leads on: by names and indexes, or by array filters, never both.
 */
final class UpdateNode {
    /** Stands among the names for the element that the query matched. */
    static final String POSITIONAL = "$";
    /** Stands among the filters for every element. */
    static final String EVERY = "";

    /** Numbers first, by value, then names; MongoDB mixes the two in a way that is no order. */
    private static final Comparator<String> STEPS = (left, right) -> {
        boolean number = isNumber(left);
        if (number != isNumber(right)) {
            return number ? -1 : 1;
        }
        int byLength = number ? Integer.compare(significant(left), significant(right)) : 0;
        return byLength != 0 ? byLength : Order.text(left, right);
    };

    final TreeMap<String, UpdateNode> names = new TreeMap<>(STEPS);
    final TreeMap<String, UpdateNode> filters = new TreeMap<>();
    /** The operation that ends here, by its place in the document; -1 if paths lead on. */
    int operation = -1;

    @Nullable
    Action action;

    private static boolean isNumber(String step) {
        for (int i = 0; i < step.length(); i++) {
            if (step.charAt(i) < '0' || step.charAt(i) > '9') {
                return false;
            }
        }
        return !step.isEmpty();
    }

    private static int significant(String digits) {
        int zeros = 0;
        while (zeros < digits.length() && digits.charAt(zeros) == '0') {
            zeros++;
        }
        return digits.length() - zeros;
    }

    /** Adds a path that ends with an action, or with null where it only must not be touched by another. */
    void add(UpdatePath path, int operation, String operator, @Nullable Action action) {
        UpdateNode node = this;
        for (UpdatePath.Step step : path.steps()) {
            if (node.operation >= 0 || !(step.filters() ? node.names : node.filters).isEmpty()) {
                throw conflict(operator, path.toString());
            }
            node = (step.filters() ? node.filters : node.names)
                    .computeIfAbsent(step.text(), unseen -> new UpdateNode());
        }
        if (node.operation >= 0 || !node.names.isEmpty() || !node.filters.isEmpty()) {
            throw conflict(operator, path.toString());
        }
        node.operation = operation;
        node.action = action;
    }

    /** What two nodes say together of one place. */
    static UpdateNode merged(UpdateNode left, UpdateNode right, Path path) {
        boolean mixed = !(left.names.isEmpty() && right.names.isEmpty())
                && !(left.filters.isEmpty() && right.filters.isEmpty());
        if (left.operation >= 0 || right.operation >= 0 || mixed) {
            throw conflict("update", path.toString());
        }
        UpdateNode both = new UpdateNode();
        merge(left.names, both.names, path);
        merge(right.names, both.names, path);
        merge(left.filters, both.filters, path);
        merge(right.filters, both.filters, path);
        return both;
    }

    private static void merge(Map<String, UpdateNode> from, Map<String, UpdateNode> into, Path path) {
        for (Map.Entry<String, UpdateNode> child : from.entrySet()) {
            UpdateNode other = into.get(child.getKey());
            UpdateNode node =
                    other == null ? child.getValue() : merged(other, child.getValue(), path.child(child.getKey()));
            into.put(child.getKey(), node);
        }
    }

    private static PatchException conflict(String operator, String path) {
        return PatchException.invalid(operator, path, "a path that no other operator meets", "given twice");
    }
}
