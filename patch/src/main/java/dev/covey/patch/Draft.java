package dev.covey.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A value while a patch is resolved against it: what it has become so far, and the concrete operations that did it. */
final class Draft {
    final Limits limits;
    final long nowMillis;
    final boolean inserts;
    final Budget budget;
    private final JsonNode before;
    private final List<Operation> operations = new ArrayList<>(1);
    private final List<Touch> touches = new ArrayList<>(1);
    private JsonNode root;

    Draft(JsonNode before, ResolveOptions options) {
        this.before = before;
        this.root = before;
        this.nowMillis = options.nowMillis();
        this.inserts = options.inserts();
        this.limits = options.limits();
        this.budget = new Budget(limits);
    }

    JsonNode root() {
        return root;
    }

    /** What is at a path; null if nothing is. */
    @Nullable
    JsonNode find(Path path) {
        return TreeEdit.find(root, path);
    }

    /** What is known to be at a path. */
    JsonNode existing(Path path) {
        return Objects.requireNonNull(find(path));
    }

    /** The array known to be at a path. */
    FrozenArray array(Path path) {
        return (FrozenArray) existing(path);
    }

    /** Refuses a path to nothing that leads through something other than an object or, with an index, an array. */
    void passable(String operator, Path path) {
        JsonNode node = root;
        for (int level = 0; level < path.size(); level++) {
            String step = path.step(level);
            if (!(node instanceof FrozenObject || (node instanceof FrozenArray && Path.index(step) >= 0))) {
                throw blocked(operator, path, level, node);
            }
            JsonNode child = TreeEdit.child(node, step);
            if (child == null) {
                return;
            }
            node = child;
        }
    }

    private static PatchException blocked(String operator, Path path, int level, JsonNode found) {
        String step = PatchException.cut(path.step(level));
        String expected = (found.isArray() ? "an index or an object for \"" : "an object for \"") + step + "\"";
        return PatchException.invalid(operator, path.first(level).toString(), expected, PatchException.show(found));
    }

    /** The intent turned out to overwrite the whole array, although it named an element or combines. */
    private void touchWhole(Path array) {
        int last = touches.size() - 1;
        if (last >= 0 && array.contains(touches.get(last).path())) {
            touches.remove(last);
        }
        touch(array, true);
    }

    void touch(Path path, boolean overwrites) {
        touches.add(new Touch(path, overwrites));
    }

    Resolution resolution() {
        Check.size(root, limits);
        List<Operation> all = List.copyOf(operations);
        JsonNode after = all.size() > 1 ? Sharing.settle(before, root, all) : root;
        if (Sharing.same(after, before)) {
            return new Resolution(before, before, Operations.NONE, List.copyOf(touches));
        }
        return new Resolution(before, after, new Operations(all), List.copyOf(touches));
    }

    /** Puts a value in place of one that is there, or as a new member; nothing happens if it is there already. */
    void put(Path path, @Nullable JsonNode old, JsonNode value, boolean overwrites) {
        put(path, old, value, overwrites ? path : null);
    }

    private void put(Path path, @Nullable JsonNode old, JsonNode value, @Nullable Path overwritten) {
        JsonNode shared = old == null ? value : Sharing.reuse(old, value);
        if (old != null && Sharing.same(shared, old)) {
            return;
        }
        Check.depth(path.size() + Weight.depth(shared), limits.depth(), limits);
        apply(new Operation.Put(path, shared, old == null, overwritten));
    }

    /** Gives a member of this object a value, as a new member if it is not there. */
    void add(Path path, FrozenObject parent, JsonNode value) {
        JsonNode old = parent.members.value(TreeEdit.last(path));
        if (old == null) {
            Check.key(TreeEdit.last(path), limits);
            Check.members(parent.size() + 1, limits);
        }
        put(path, old, value, path);
    }

    void remove(Path member) {
        apply(new Operation.Remove(member, member));
    }

    /** Replaces elements. Unless it is at the end, indexes shift, and the array itself counts as overwritten. */
    void splice(Path path, FrozenArray array, int start, int removed, List<JsonNode> inserted, boolean overwrites) {
        if (removed == 0 && inserted.isEmpty()) {
            return;
        }
        Check.length((long) array.size() - removed + inserted.size(), limits);
        for (JsonNode value : inserted) {
            Check.depth(path.size() + 1 + Weight.depth(value), limits.depth(), limits);
        }
        Operation.Splice splice = Operation.Splice.of(path, array.size(), start, removed, inserted, overwrites);
        if (path.equals(splice.overwritten())) {
            touchWhole(path);
        }
        apply(splice);
    }

    private void apply(Operation operation) {
        Check.operations(operations.size() + 1, limits);
        root = TreeEdit.apply(root, operation);
        operations.add(operation);
    }

    /**
     * Puts a value at a path, making the objects that are missing on the way and padding arrays with null.
     *
     * @throws PatchException if the way leads through something that is neither object nor array
     */
    void create(String operator, Path path, JsonNode value, boolean overwrites) {
        JsonNode node = root;
        for (int level = 0; level < path.size(); level++) {
            JsonNode child = TreeEdit.child(node, path.step(level));
            if (child == null) {
                createIn(node, operator, path, level, value, overwrites);
                return;
            }
            node = child;
        }
        put(path, node, value, overwrites);
    }

    private void createIn(JsonNode parent, String operator, Path path, int level, JsonNode value, boolean overwrites) {
        Check.depth(path.size() + Weight.depth(value), limits.depth(), limits);
        JsonNode made = value;
        for (int i = path.size() - 1; i > level; i--) {
            String name = Check.key(path.step(i), limits);
            made = ((FrozenObject) FrozenTree.EMPTY_OBJECT).plus(name, made);
        }
        Path overwritten = overwrites ? path : null;
        if (parent instanceof FrozenObject object) {
            Check.key(path.step(level), limits);
            Check.members(object.size() + 1, limits);
            put(path.first(level + 1), null, made, overwritten);
        } else if (parent instanceof FrozenArray array) {
            pad(array, operator, path, level, made, overwritten);
        } else {
            throw blocked(operator, path, level, parent);
        }
    }

    private void pad(
            FrozenArray array, String operator, Path path, int level, JsonNode value, @Nullable Path overwritten) {
        Path arrayPath = path.first(level);
        int index = Path.index(path.step(level));
        if (index < 0) {
            throw blocked(operator, path, level, array);
        }
        int nulls = index - array.size();
        if (nulls > limits.padding()) {
            throw PatchException.limit(
                    operator,
                    path.toString(),
                    "at most " + limits.padding() + " nulls before it",
                    nulls + " beyond the end");
        }
        List<JsonNode> added = new ArrayList<>(Collections.nCopies(nulls, NullNode.getInstance()));
        added.add(value);
        Check.length((long) array.size() + added.size(), limits);
        apply(new Operation.Splice(arrayPath, array.size(), 0, added, overwritten));
    }
}
