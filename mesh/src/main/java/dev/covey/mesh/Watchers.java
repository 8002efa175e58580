package dev.covey.mesh;

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

/**
 * The observers of one object by path, as a tree of steps: what a patch costs here grows with the depth of its paths and
 * with the observers it concerns, not with those there are.
 */
final class Watchers {
    private static final class Node {
        final Map<String, Node> children = new ConcurrentHashMap<>();
        final List<Watcher> here = new CopyOnWriteArrayList<>();

        void all(Collection<Watcher> found) {
            found.addAll(here);
            children.values().forEach(child -> child.all(found));
        }
    }

    private final Node root = new Node();

    void add(Watcher watcher) {
        Node node = root;
        for (String step : watcher.path().steps()) {
            node = node.children.computeIfAbsent(step, unused -> new Node());
        }
        node.here.add(watcher);
    }

    /** Empty nodes stay: an observer is often closed to be opened again, and a path costs little. */
    void remove(Watcher watcher) {
        Node node = root;
        for (String step : watcher.path().steps()) {
            Node child = node.children.get(step);
            if (child == null) {
                return;
            }
            node = child;
        }
        node.here.remove(watcher);
    }

    /** Everybody whose path is above, at, or below a path that an operation changed; each once. */
    void concerned(Operations operations, Consumer<Watcher> tell) {
        if (root.children.isEmpty()) {
            root.here.forEach(tell);
            return;
        }
        Set<Watcher> found = new LinkedHashSet<>();
        for (Operation operation : operations.list()) {
            concerned(operation.path(), found);
        }
        found.forEach(tell);
    }

    private void concerned(Path changed, Set<Watcher> found) {
        Node node = root;
        for (String step : changed.steps()) {
            found.addAll(node.here);
            Node child = node.children.get(step);
            if (child == null) {
                return;
            }
            node = child;
        }
        node.all(found);
    }

    void everybody(Consumer<Watcher> tell) {
        Set<Watcher> found = new LinkedHashSet<>();
        root.all(found);
        found.forEach(tell);
    }
}
