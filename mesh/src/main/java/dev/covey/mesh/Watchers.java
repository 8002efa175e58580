package dev.covey.mesh;

import com.fasterxml.jackson.databind.JsonNode;
import dev.covey.mesh.PathPattern.Step;
import dev.covey.patch.Operation;
import dev.covey.patch.Operations;
import dev.covey.patch.Path;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The observers of one object, as a tree of the steps of their patterns. A patch is walked down from the root along the
 * paths of its operations, so what it costs here grows with the depth of its paths and with the observers it may concern,
 * not with those there are.
 *
 * <p>Observers come and go on any thread; only the agent's walks.
 */
final class Watchers {
    private static final class Node {
        final Map<String, Node> names = new ConcurrentHashMap<>();
        final List<Watcher> here = new CopyOnWriteArrayList<>();
        volatile @Nullable Node any;
        volatile @Nullable Node deep;

        @Nullable
        Node next(Step step) {
            return switch (step.kind()) {
                case NAME -> names.get(step.name());
                case ANY -> any;
                case DEEP -> deep;
            };
        }

        void set(Step step, @Nullable Node next) {
            switch (step.kind()) {
                case ANY -> any = next;
                case DEEP -> deep = next;
                case NAME -> {
                    if (next == null) {
                        names.remove(step.name());
                    } else {
                        names.put(step.name(), next);
                    }
                }
            }
        }

        boolean leadsOn() {
            return !names.isEmpty() || any != null;
        }

        boolean isEmpty() {
            return here.isEmpty() && names.isEmpty() && any == null && deep == null;
        }

        void all(Collection<Watcher> found) {
            found.addAll(here);
            names.values().forEach(child -> child.all(found));
            for (Node wild : new @Nullable Node[] {any, deep}) {
                if (wild != null) {
                    wild.all(found);
                }
            }
        }
    }

    private final Node root = new Node();
    private volatile boolean any;
    private long visited;

    synchronized void add(Watcher watcher) {
        Node node = root;
        for (Step step : watcher.pattern().steps()) {
            Node next = node.next(step);
            if (next == null) {
                next = new Node();
                node.set(step, next);
            }
            node = next;
        }
        node.here.add(watcher);
        any = true;
    }

    synchronized void remove(Watcher watcher) {
        remove(root, watcher, 0);
        any = !root.isEmpty();
    }

    /** Most objects of most members have none, which costs their patches nothing then. */
    boolean any() {
        return any;
    }

    /** Takes nodes along that lead nowhere any more. */
    private static void remove(Node node, Watcher watcher, int level) {
        List<Step> steps = watcher.pattern().steps();
        if (level == steps.size()) {
            node.here.remove(watcher);
            return;
        }
        Step step = steps.get(level);
        Node next = node.next(step);
        if (next != null) {
            remove(next, watcher, level + 1);
            if (next.isEmpty()) {
                node.set(step, null);
            }
        }
    }

    /** How many nodes all walks so far have looked at: the work done, for those who doubt what it grows with. */
    long visited() {
        return visited;
    }

    /** Everybody whom these operations may concern: a place above, at, or below one that changed; each once. */
    void concerned(JsonNode before, JsonNode after, Operations operations, Consumer<Watcher> tell) {
        Set<Watcher> found = new LinkedHashSet<>();
        for (Operation operation : operations.list()) {
            visit(root, operation, 0, before, after, found);
        }
        found.forEach(tell);
    }

    void everybody(Consumer<Watcher> tell) {
        Set<Watcher> found = new LinkedHashSet<>();
        root.all(found);
        found.forEach(tell);
    }

    /** A node that matches the first steps of the operation's path. */
    private void visit(Node node, Operation operation, int level, JsonNode was, JsonNode is, Set<Watcher> found) {
        Path path = operation.path();
        if (level == path.size()) {
            if (operation instanceof Operation.Splice splice) {
                spliced(node, splice, was, is, found);
            } else {
                below(node, was, is, found);
            }
            return;
        }
        visited++;
        found.addAll(node.here);
        String step = path.step(level);
        Node named = node.names.get(step);
        Node any = node.any;
        Node deep = node.deep;
        JsonNode wasNext = Places.child(was, step);
        JsonNode isNext = Places.child(is, step);
        if (named != null) {
            visit(named, operation, level + 1, wasNext, isNext, found);
        }
        if (any != null) {
            visit(any, operation, level + 1, wasNext, isNext, found);
        }
        if (deep != null) {
            visitDeep(deep, operation, level, was, is, found);
        }
    }

    /** What follows two asterisks may follow at this level and at each one further down. */
    private void visitDeep(Node deep, Operation operation, int level, JsonNode was, JsonNode is, Set<Watcher> found) {
        JsonNode old = was;
        JsonNode now = is;
        for (int down = level; ; down++) {
            if (down == operation.path().size()) {
                belowDeep(deep, old, now, found);
                return;
            }
            visit(deep, operation, down, old, now, found);
            old = Places.child(old, operation.path().step(down));
            now = Places.child(now, operation.path().step(down));
        }
    }

    /** Everything at or below a place that was replaced as a whole, as far as it differs. */
    private void below(Node node, JsonNode was, JsonNode is, Set<Watcher> found) {
        visited++;
        if (Places.same(was, is)) {
            return;
        }
        found.addAll(node.here);
        if (node.names.size() <= Places.width(was, is)) {
            node.names.forEach((step, child) -> below(child, Places.child(was, step), Places.child(is, step), found));
        } else {
            Places.steps(was, is).forEach(step -> below(node.names.get(step), step, was, is, found));
        }
        Node any = node.any;
        if (any != null) {
            Places.steps(was, is).forEach(step -> below(any, step, was, is, found));
        }
        Node deep = node.deep;
        if (deep != null) {
            belowDeep(deep, was, is, found);
        }
    }

    private void below(@Nullable Node child, String step, JsonNode was, JsonNode is, Set<Watcher> found) {
        if (child != null) {
            below(child, Places.child(was, step), Places.child(is, step), found);
        }
    }

    /** What follows two asterisks may follow anywhere down there. */
    private void belowDeep(Node deep, JsonNode was, JsonNode is, Set<Watcher> found) {
        below(deep, was, is, found);
        if (!Places.same(was, is) && deep.leadsOn()) {
            Places.steps(was, is)
                    .forEach(step -> belowDeep(deep, Places.child(was, step), Places.child(is, step), found));
        }
    }

    /** As {@link #below}, of the elements that are others now; if elements shift, of all from there on. */
    private void spliced(Node node, Operation.Splice splice, JsonNode was, JsonNode is, Set<Watcher> found) {
        visited++;
        found.addAll(node.here);
        boolean shifts = splice.removed() != splice.inserted().size();
        int end = shifts ? Math.max(was.size(), is.size()) : splice.start() + splice.removed();
        if (node.names.size() <= end - splice.start()) {
            node.names.forEach((step, child) -> {
                int index = Places.index(step);
                if (index >= splice.start() && index < end) {
                    below(child, step, was, is, found);
                }
            });
        } else {
            for (int i = splice.start(); i < end; i++) {
                String step = Integer.toString(i);
                below(node.names.get(step), step, was, is, found);
            }
        }
        Node any = node.any;
        Node deep = node.deep;
        for (int i = splice.start(); i < end && any != null; i++) {
            below(any, Integer.toString(i), was, is, found);
        }
        if (deep != null) {
            belowDeep(deep, was, is, found);
        }
    }
}
