package dev.covey.mesh;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.covey.mesh.protocol.Command;
import dev.covey.patch.Path;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * The read-modify-writes of this process on one object: one at a time for each scope, in the order in which they were asked
 * for, so that threads of one process do not make each other try again.
 */
final class Edits {
    /** How many may wait for one scope in this process. */
    static final int MAX_WAITING = 65_536;

    private final Mesh mesh;
    private final SharedObject object;
    private final long permit;
    /** The head of each line is running. */
    private final Map<Path, ArrayDeque<Edit<?>>> lines = new HashMap<>();

    /**
     * Those of everybody in this process, or of one writer.
     *
     * @param permit as of {@link Command.Change}
     */
    Edits(Mesh mesh, SharedObject object, long permit) {
        this.mesh = mesh;
        this.object = object;
        this.permit = permit;
    }

    CompletableFuture<Revision> update(String scope, UnaryOperator<JsonNode> function, EditOptions options) {
        return submit(Places.path(object.id(), scope), value -> new Edit.Made<>(function.apply(value), value), options)
                .thenApply(Edit.Accepted::revision);
    }

    <R> CompletableFuture<R> edit(String scope, Function<ObjectNode, R> function, EditOptions options) {
        Path path = Places.path(object.id(), scope);
        return submit(path, value -> edited(path, value, function), options).thenApply(Edit.Accepted::result);
    }

    private <R> Edit.Made<R> edited(Path path, JsonNode value, Function<ObjectNode, R> function) {
        boolean nothing = value.isMissingNode() || value.isNull();
        if (!nothing && !value.isObject()) {
            throw new MeshException(
                    MeshCode.INVALID_PATCH,
                    object.id() + " at \"" + path + "\" is " + Places.show(value)
                            + ", edit needs an object or nothing; use update");
        }
        ObjectNode own = nothing ? JsonNodeFactory.instance.objectNode() : (ObjectNode) value;
        R result = function.apply(own);
        return new Edit.Made<>(own, result);
    }

    private <R> CompletableFuture<Edit.Accepted<R>> submit(Path path, Edit.Function<R> function, EditOptions options) {
        Edit<R> edit = new Edit<>(mesh, object, new Scope(path), permit, function, options, () -> next(path));
        requireNotWithin(path);
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

    /** It would wait for the function that asks for it. */
    private void requireNotWithin(Path path) {
        if (Edit.isRunning(object, path)) {
            throw new MeshException(
                    MeshCode.NOT_REPEATABLE,
                    object.id() + " at \"" + path + "\": a function asks for another function on what it is changing"
                            + " itself, and would wait for its own end; change the value that it is given instead");
        }
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
