package dev.covey.patch;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** Applies concrete operations to frozen trees by copying the path from the root to what changes. */
final class TreeEdit {
    private TreeEdit() {}

    static JsonNode apply(JsonNode root, Operation operation) {
        Path path = operation.path();
        boolean inside = operation instanceof Operation.Splice;
        if (path.size() == 0 && !inside) {
            if (operation instanceof Operation.Put put) {
                return put.value();
            }
            throw misfit(operation, "a member to remove", root);
        }
        return descend(root, operation, path, inside ? path.size() : path.size() - 1, 0);
    }

    private static JsonNode descend(JsonNode node, Operation operation, Path path, int levels, int level) {
        if (level == levels) {
            return change(node, operation);
        }
        String step = path.step(level);
        JsonNode child = child(node, step);
        if (child == null) {
            throw misfit(operation, "a container with \"" + step + "\"", node);
        }
        JsonNode changed = descend(child, operation, path, levels, level + 1);
        return node instanceof FrozenObject object
                ? object.plus(step, changed, child)
                : ((FrozenArray) node).with(Path.index(step), changed);
    }

    private static JsonNode change(JsonNode node, Operation operation) {
        if (operation instanceof Operation.Put put) {
            return put(node, put);
        }
        if (operation instanceof Operation.Remove remove) {
            return remove(node, remove);
        }
        Operation.Splice splice = (Operation.Splice) operation;
        if (!(node instanceof FrozenArray array) || splice.start() > array.size() - splice.removed()) {
            throw misfit(operation, "an array of " + (splice.start() + (long) splice.removed()), node);
        }
        return array.splice(splice.start(), splice.removed(), splice.inserted());
    }

    private static JsonNode put(JsonNode parent, Operation.Put put) {
        String step = last(put.path());
        JsonNode old = child(parent, step);
        if (parent instanceof FrozenObject object && put.adds() == (old == null)) {
            return object.plus(step, put.value(), old);
        }
        if (parent instanceof FrozenArray array && old != null && !put.adds()) {
            return array.with(Path.index(step), put.value());
        }
        throw misfit(put, put.adds() ? "an object without that member" : "a container with it", parent);
    }

    private static JsonNode remove(JsonNode parent, Operation.Remove remove) {
        String step = last(remove.path());
        if (parent instanceof FrozenObject object && object.members.value(step) != null) {
            return object.minus(step);
        }
        throw misfit(remove, "an object with that member", parent);
    }

    static String last(Path path) {
        return path.step(path.size() - 1);
    }

    /** The member or element a step leads to; null if there is none. */
    static @Nullable JsonNode child(JsonNode node, String step) {
        if (node instanceof FrozenObject object) {
            return object.members.value(step);
        }
        if (node instanceof FrozenArray array) {
            int index = Path.index(step);
            return index >= 0 && index < array.size() ? array.items.get(index) : null;
        }
        return null;
    }

    static @Nullable JsonNode find(JsonNode root, Path path) {
        JsonNode node = root;
        for (int i = 0; i < path.size() && node != null; i++) {
            node = child(node, path.step(i));
        }
        return node;
    }

    private static PatchException misfit(Operation operation, String expected, JsonNode found) {
        String name = operation.getClass().getSimpleName();
        return PatchException.invalid(name, operation.path().toString(), expected, PatchException.show(found));
    }
}
