package dev.covey.mesh;

import dev.covey.patch.Path;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * The read-modify-writes of this process on one object: one at a time for each scope, in the order in which they were asked
 * for, so that threads of one process do not make each other try again.
 */
final class Edits {
    /** How many may wait for one scope in this process. */
    static final int MAX_WAITING = 65_536;

    private final Mesh mesh;
    private final SharedObject object;
    /** The head of each line is running. */
    private final Map<Path, ArrayDeque<Edit<?>>> lines = new HashMap<>();

    Edits(Mesh mesh, SharedObject object) {
        this.mesh = mesh;
        this.object = object;
    }

    <R> CompletableFuture<Edit.Accepted<R>> submit(Path path, Edit.Function<R> function, EditOptions options) {
        Edit<R> edit = new Edit<>(mesh, object, new Scope(path), function, options, () -> next(path));
        boolean first;
        synchronized (lines) {
            ArrayDeque<Edit<?>> line = lines.computeIfAbsent(path, unused -> new ArrayDeque<>(1));
            if (line.size() >= MAX_WAITING) {
                throw new MeshException(
                        MeshCode.LIMIT_EXCEEDED,
                        object.id() + " at \"" + path + "\": " + MAX_WAITING
                                + " edits of this process wait, which is the limit; wait for results before asking for"
                                + " more");
            }
            first = line.isEmpty();
            line.add(edit);
        }
        if (first) {
            edit.begin();
        }
        return edit.end();
    }

    private void next(Path path) {
        Edit<?> next;
        synchronized (lines) {
            ArrayDeque<Edit<?>> line = lines.getOrDefault(path, new ArrayDeque<>());
            line.poll();
            next = line.peek();
            if (next == null) {
                lines.remove(path);
            }
        }
        if (next != null && mesh.functions().isOpen()) {
            next.begin();
        } else if (next != null) {
            endAll(path);
        }
    }

    /** The mesh is closed: every one of them says so. */
    private void endAll(Path path) {
        ArrayDeque<Edit<?>> line;
        synchronized (lines) {
            line = lines.remove(path);
        }
        if (line != null) {
            line.forEach(Edit::begin);
        }
    }
}
