package dev.covey.mesh;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.covey.mesh.core.Line;
import dev.covey.mesh.core.Permit;
import dev.covey.mesh.protocol.Command;
import dev.covey.mesh.protocol.LineId;
import dev.covey.patch.Patch;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A permit to patch an object that was opened with {@link ObjectOptions#withMaxWriters}. There are never more of them than
 * that, at any place of the journal, whoever dies or becomes host. It ends when it is closed, when its member leaves or dies,
 * and, if the object was opened so, when its member gives no sign of life for too long. Any thread.
 */
public final class Writer implements AutoCloseable {
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);
    private static final int HOLDERS_NAMED = 8;

    private final Mesh mesh;
    private final SharedObject object;
    private final Turn turn;
    private final Edits edits;

    private Writer(Mesh mesh, SharedObject object, Turn turn) {
        this.mesh = mesh;
        this.object = object;
        this.turn = turn;
        this.edits = new Edits(mesh, object, turn.request());
    }

    /** Without a time it is given now or never. */
    static Writer get(Mesh mesh, SharedObject object, @Nullable Duration patience) {
        Turn turn = Turn.queueUp(mesh, object, LineId.writers(object.id()), patience != null);
        long millis = (patience == null ? ANSWER_TIMEOUT : patience).toMillis();
        boolean got = false;
        try {
            turn.granted().get(millis, TimeUnit.MILLISECONDS);
            got = true;
            return new Writer(mesh, object, turn);
        } catch (TimeoutException late) {
            throw tooLate(mesh, object, turn, millis);
        } catch (ExecutionException refused) {
            throw refused.getCause() instanceof MeshException why
                    ? new MeshException(why.code(), String.valueOf(why.getMessage()), why)
                    : new MeshException(MeshCode.CLOSED, object.id() + ": " + refused.getCause(), refused);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new MeshException(MeshCode.TIMED_OUT, object.id() + ": interrupted while waiting for a permit");
        } finally {
            if (!got) {
                turn.leave();
            }
        }
    }

    private static MeshException tooLate(Mesh mesh, SharedObject object, Turn turn, long millis) {
        if (!turn.isAnswered()) {
            return new MeshException(
                    MeshCode.TIMED_OUT,
                    object.id() + ": no answer within " + millis + " ms to the wish for a permit; it was withdrawn");
        }
        Line line = turn.line();
        long before = line == null ? 0 : line.waiting().headMap(turn.request()).size();
        return new MeshException(
                MeshCode.MAX_WRITERS,
                object.id() + ": no permit became free within " + millis + " ms; held by " + holders(mesh, line) + ", "
                        + before + " waited before this one");
    }

    private static String holders(Mesh mesh, @Nullable Line line) {
        return line == null || line.holders().isEmpty()
                ? "nobody now"
                : line.holders().values().stream()
                        .limit(HOLDERS_NAMED)
                        .map(Permit::member)
                        .map(number -> mesh.memberOrGone(number).name() + " (member " + number + ")")
                        .collect(Collectors.joining(", "));
    }

    /** The object it is for. */
    public SharedObject object() {
        return object;
    }

    /** As {@link #patch(Patch, PatchOptions)}, without conditions. */
    public CompletableFuture<Revision> patch(Patch patch) {
        return patch(patch, PatchOptions.DEFAULT);
    }

    /**
     * As {@link SharedObject#patch(Patch, PatchOptions)}, with this permit. NOT_A_WRITER once it was closed or lost: what the
     * future says is decided by the host at the patch's place in the journal, not by what this member knows.
     */
    public CompletableFuture<Revision> patch(Patch patch, PatchOptions options) {
        return object.patch(patch, options, turn.request());
    }

    /** As {@link #update(String, UnaryOperator, EditOptions)} with {@link EditOptions#DEFAULT}. */
    public CompletableFuture<Revision> update(String scope, UnaryOperator<JsonNode> function) {
        return update(scope, function, EditOptions.DEFAULT);
    }

    /**
     * As {@link SharedObject#update(String, UnaryOperator, EditOptions)}, with this permit: other writers may be faster, so
     * the function may run again, but not when the permit was closed or lost: NOT_A_WRITER then, and nothing is written.
     */
    public CompletableFuture<Revision> update(String scope, UnaryOperator<JsonNode> function, EditOptions options) {
        return edits.update(scope, function, options);
    }

    /** As {@link #edit(String, Function, EditOptions)} with {@link EditOptions#DEFAULT}. */
    public <R> CompletableFuture<R> edit(String scope, Function<ObjectNode, R> function) {
        return edit(scope, function, EditOptions.DEFAULT);
    }

    /** As {@link SharedObject#edit(String, Function, EditOptions)}, with this permit; NOT_A_WRITER as with {@link #update}. */
    public <R> CompletableFuture<R> edit(String scope, Function<ObjectNode, R> function, EditOptions options) {
        return edits.edit(scope, function, options);
    }

    /** As {@link Mesh#scoped}, of this object and with this permit: {@code edit("", function)}. */
    public <R> CompletableFuture<R> scoped(Function<ObjectNode, R> function) {
        return edit("", function);
    }

    /** As {@link SharedObject#delete}, with this permit. */
    public CompletableFuture<Revision> delete() {
        return ObjectRequest.send(
                mesh,
                object,
                created -> new Command.Delete(object.id(), created, Command.ANY_REVISION, turn.request()));
    }

    /**
     * The fencing token: position in the journal of the record that granted this permit. Of two grants of one permit the later
     * has the higher one, so that a file or a device can refuse whoever comes with a lower one than it has seen.
     */
    public long token() {
        return turn.token();
    }

    /** Whether the permit is there, as far as this member knows. Never waits. */
    public boolean isHeld() {
        return turn.isHeld();
    }

    /**
     * Runs the listener once when the permit is lost: this member was declared dead while it lived, was silent for too long,
     * or closed the mesh. Not when the permit is closed. On a thread of the mesh that is made for user code; at once if it
     * is lost already.
     */
    public Writer onLost(Runnable listener) {
        turn.onLost(listener);
        return this;
    }

    /** Gives the permit to whoever is next. What was patched before is decided before. Never waits. */
    @Override
    public void close() {
        turn.leave();
    }
}
