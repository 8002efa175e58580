package dev.covey.patch;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What changed between two versions of a value, as a tree of the paths that operations touched, with the nodes before and
 * after at each. It comes from the operations, not from comparing, so its cost is that of the paths. A spliced array is a
 * leaf: which of its elements are the same ones in other places is a question for {@link Diff}.
 */
public final class ChangeSet {
    private final Path path;
    private final @Nullable JsonNode before;
    private final @Nullable JsonNode after;
    private final List<ChangeSet> children;

    private ChangeSet(Path path, @Nullable JsonNode before, @Nullable JsonNode after, List<ChangeSet> children) {
        this.path = path;
        this.before = before;
        this.after = after;
        this.children = List.copyOf(children);
    }

    /** The changes that operations made of one frozen value to another. */
    public static ChangeSet of(JsonNode before, JsonNode after, Operations operations) {
        List<Path> paths = new ArrayList<>(operations.list().size());
        for (Operation operation : operations.list()) {
            paths.add(operation.path());
        }
        Collections.sort(paths);
        return of(Path.ROOT, before, after, paths);
    }

    private static ChangeSet of(Path path, @Nullable JsonNode before, @Nullable JsonNode after, List<Path> paths) {
        List<ChangeSet> children = new ArrayList<>();
        int level = path.size();
        // A path that ends here sorts before those that go on; then all below it changed as part of it.
        if (before != null && after != null && !paths.isEmpty() && paths.get(0).size() > level) {
            for (int from = 0; from < paths.size(); ) {
                String step = paths.get(from).step(level);
                int to = from + 1;
                while (to < paths.size() && paths.get(to).step(level).equals(step)) {
                    to++;
                }
                JsonNode old = TreeEdit.child(before, step);
                JsonNode now = TreeEdit.child(after, step);
                if (!unchanged(old, now)) {
                    children.add(of(path.child(step), old, now, paths.subList(from, to)));
                }
                from = to;
            }
        }
        return new ChangeSet(path, before, after, children);
    }

    private static boolean unchanged(@Nullable JsonNode old, @Nullable JsonNode now) {
        return old == null ? now == null : now != null && Sharing.same(old, now);
    }

    /** The place this is about. */
    public Path path() {
        return path;
    }

    /** What was there; null if nothing was. */
    public @Nullable JsonNode before() {
        return before;
    }

    /** What is there now; null if nothing is. */
    public @Nullable JsonNode after() {
        return after;
    }

    /** The changed places one step below, in the order of their names; none if this changed as a whole. */
    public List<ChangeSet> children() {
        return children;
    }

    /** All places that changed as a whole, in the order of paths; none if nothing changed. */
    public List<ChangeSet> leaves() {
        List<ChangeSet> leaves = new ArrayList<>();
        if (!unchanged(before, after)) {
            collect(leaves);
        }
        return leaves;
    }

    private void collect(List<ChangeSet> leaves) {
        if (children.isEmpty()) {
            leaves.add(this);
        }
        children.forEach(child -> child.collect(leaves));
    }

    /** Whether anything at, above or below this path changed. */
    public boolean touches(Path other) {
        if (unchanged(before, after)) {
            return false;
        }
        ChangeSet node = this;
        for (int level = 0; level < other.size() && !node.children.isEmpty(); level++) {
            ChangeSet next = node.child(other.step(level));
            if (next == null) {
                return false;
            }
            node = next;
        }
        return true;
    }

    private @Nullable ChangeSet child(String step) {
        for (ChangeSet child : children) {
            if (child.path.step(path.size()).equals(step)) {
                return child;
            }
        }
        return null;
    }

    @Override
    public String toString() {
        return "ChangeSet" + leaves().stream().map(leaf -> leaf.path.toString()).toList();
    }
}
