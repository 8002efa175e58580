package dev.covey.mesh;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.covey.mesh.core.ObjectState;
import dev.covey.mesh.core.Outcome;
import dev.covey.mesh.core.State;
import dev.covey.mesh.protocol.Command;
import dev.covey.patch.Limits;
import dev.covey.patch.Patch;
import dev.covey.patch.PatchException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A named JSON document that all members of a mesh share.
 *
 * <p>Reads never wait: they see this member's copy, which follows the journal. Every method may be called by any thread.
 * Values are frozen: they never change, and methods of {@link JsonNode} that would change them throw.
 */
public final class SharedObject {
    private final Mesh mesh;
    private final String id;
    private final ObjectCopy copy;
    private final Observers observers;
    private final Edits edits;

    SharedObject(Mesh mesh, ObjectState committed) {
        this.mesh = mesh;
        this.id = committed.id();
        this.copy = new ObjectCopy(committed);
        this.observers = new Observers(mesh, copy);
        this.edits = new Edits(mesh, this, Command.NO_PERMIT);
    }

    public String id() {
        return id;
    }

    /** The committed value; {@code {}} before the first revision. */
    public JsonNode value() {
        return copy.committed().value();
    }

    /** Number of the committed revision; 0 before the first. */
    public long revision() {
        return copy.committed().revision();
    }

    /** Whether there is such an object: somebody wrote it, and nobody deleted it since. */
    public boolean exists() {
        return copy.committed().exists();
    }

    /**
     * The committed value with this member's own unanswered patches on top. A patch is in it from the moment it is asked for
     * until it is answered; one that is refused leaves it then, and one that does not apply to what is there is left out.
     */
    public JsonNode view() {
        return copy.view(mesh.limits());
    }

    /** As {@link #patch(Patch, PatchOptions)}, without conditions. */
    public CompletableFuture<Revision> patch(Patch patch) {
        return patch(patch, PatchOptions.DEFAULT);
    }

    /**
     * Asks for a change. The future ends with the revision once the change is committed: it survives what the revision's
     * durability says; or with a {@link MeshException} that says why it was refused, the current value and who won
     * ({@link MeshException#refused}), its cause being the {@link PatchException} if the patch did not apply. Across any
     * change of host it takes effect exactly once.
     *
     * @throws MeshException LIMIT_EXCEEDED for a patch larger than the mesh takes; CLOSED
     */
    public CompletableFuture<Revision> patch(Patch patch, PatchOptions options) {
        return patch(patch, options, Command.NO_PERMIT);
    }

    CompletableFuture<Revision> patch(Patch patch, PatchOptions options, long permit) {
        requireFits(patch);
        return new PatchRequest(
                        mesh,
                        this,
                        patch,
                        created -> new Command.Change(id, patch, created, options.ifRevision(), permit),
                        copy.sent(patch),
                        options)
                .send();
    }

    /**
     * Puts a value into a free place, for as long as this member is one: the place vanishes when it leaves or dies.
     *
     * @param path a JSON pointer to a member of an object, not the root; missing objects on the way are made, and stay
     * @param value a JsonNode, or anything Jackson converts
     * @return ends with a {@link MeshException} if the place is not free (CONFLICT), or leads through an array
     *     (INVALID_PATCH)
     * @throws MeshException INVALID_PATCH for a path that is no JSON pointer; LIMIT_EXCEEDED; CLOSED
     */
    public CompletableFuture<Ephemeral> ephemeral(String path, Object value) {
        return Ephemeral.place(mesh, this, path, value);
    }

    /**
     * A permit to patch this object, if one is free.
     *
     * @throws MeshException MAX_WRITERS if none is, naming who has them; OPTIONS_MISMATCH if the object was opened without
     *     {@link ObjectOptions#withMaxWriters}; NOT_A_WRITER if the mesh limits its writers and this member is none;
     *     TIMED_OUT; CLOSED
     */
    public Writer writer() {
        return Writer.get(mesh, this, null);
    }

    /**
     * As {@link #writer()}, and waits if none is free: first come, first served, across any change of host.
     *
     * @param patience how long to wait; the place in the line is given up then
     * @throws MeshException MAX_WRITERS when the time is over, naming who has the permits
     */
    public Writer writer(Duration patience) {
        return Writer.get(mesh, this, patience);
    }

    /**
     * Takes the object out of the mesh: observers are told that nothing is there any more, {@link Mesh#objects} does not name
     * it, and its numbers go on if somebody makes it again. The future ends with the revision that is the deletion, or
     * unchanged if there was nothing; STALE and NOT_A_WRITER as with {@link #patch(Patch, PatchOptions)}. A patch that was made
     * before the deletion does not bring it back: it is STALE. So that this holds a deleted object goes on counting among the
     * 1,048,576 of a mesh, beyond which a new one is LIMIT_EXCEEDED; its value takes no room any more.
     */
    public CompletableFuture<Revision> delete() {
        return ObjectRequest.send(
                mesh, this, created -> new Command.Delete(id, created, Command.ANY_REVISION, Command.NO_PERMIT));
    }

    void requireFits(Patch patch) {
        int bytes = patch.toBytes().length;
        Limits limits = mesh.limits();
        if (bytes > limits.patchBytes()) {
            throw new MeshException(
                    MeshCode.LIMIT_EXCEEDED,
                    id + ": the patch has " + bytes + " bytes, the limit is " + limits.patchBytes()
                            + "; send it in parts, or start the mesh with larger limits");
        }
    }

    /** As {@link #update(String, UnaryOperator, EditOptions)} with {@link EditOptions#DEFAULT}. */
    public CompletableFuture<Revision> update(String scope, UnaryOperator<JsonNode> function) {
        return update(scope, function, EditOptions.DEFAULT);
    }

    /**
     * Reads a part of the object, runs the function on a copy of its own, and writes back what it returns on condition that
     * nobody changed that part meanwhile; if somebody did, runs it again on the new value, after a random pause. The future
     * ends with the revision; in CONFLICT, naming who was faster, when attempts or time are used up; or with what the function
     * threw.
     *
     * <p>The function runs on a thread of the mesh that is made for user code, perhaps several times, so it must look at
     * nothing but its argument and change nothing else. Those of one process for one scope run one after the other.
     *
     * @param scope a JSON pointer; "" is the whole object. Whoever changes other parts is not in the way
     * @param function is given an ordinary tree that it may change and return, a missing node if there is nothing; a missing
     *     node in return takes the part away
     * @throws MeshException INVALID_PATCH for a scope that is no JSON pointer; LIMIT_EXCEEDED when too many wait
     */
    public CompletableFuture<Revision> update(String scope, UnaryOperator<JsonNode> function, EditOptions options) {
        return edits.update(scope, function, options);
    }

    /** As {@link #edit(String, Function, EditOptions)} with {@link EditOptions#DEFAULT}. */
    public <R> CompletableFuture<R> edit(String scope, Function<ObjectNode, R> function) {
        return edit(scope, function, EditOptions.DEFAULT);
    }

    /**
     * As {@link #update(String, UnaryOperator, EditOptions)} for a part that is an object: the function changes it in place,
     * and the future ends with what the function returned in the run that counted.
     *
     * @param scope a JSON pointer; where there is nothing, or null, the function is given an empty object
     */
    public <R> CompletableFuture<R> edit(String scope, Function<ObjectNode, R> function, EditOptions options) {
        return edits.edit(scope, function, options);
    }

    Revision revision(Outcome.Accepted accepted) {
        return mesh.revision(id, accepted);
    }

    /** As {@link #observe(String, ObserveOptions, Consumer)}, every change from now on. */
    public Observation observe(String path, Consumer<Change> listener) {
        return observe(path, ObserveOptions.DEFAULT, listener);
    }

    /**
     * Calls the listener for each committed change at the path, or above or below it, in the order of the revisions, one
     * call at a time, on a thread of the mesh that is made for user code. Each revision that changes the place is told once,
     * whichever member is host meanwhile; where this member or the listener did not keep up, one change with another cause
     * than PATCH stands for several. A listener that throws is reported in the log and gets the next change.
     *
     * <p>A step {@code *} in the path stands for any one step, {@code **} for any number of steps, none too: the listener is
     * called once for each place that matches and differs. A path that ends in {@code **} means the places where the
     * difference itself is: what appeared, went or changed its kind, an array that changed its length. {@code ~2} is a plain
     * asterisk.
     *
     * @param path a JSON pointer, perhaps with asterisks; "" is the whole object
     * @throws MeshException INVALID_PATCH for a path that is no JSON pointer
     */
    public Observation observe(String path, ObserveOptions options, Consumer<Change> listener) {
        return observers.observe(path, options, listener);
    }

    /**
     * Calls the listener for each patch of this member on this object that is refused from now on, with the reason that the
     * patch's own future has; on a thread of the mesh that is made for user code.
     */
    public Observation onRefused(BiConsumer<Patch, MeshException> listener) {
        return observers.onRefused(listener);
    }

    /** This object as values of a class, by way of Jackson. */
    public <T> TypedObject<T> as(Class<T> type) {
        return new TypedObject<>(this, type);
    }

    /**
     * The accepted states of this object that the store still holds.
     *
     * @throws MeshException NO_STORE if the mesh was started without one
     */
    public History history() {
        return new History(
                this,
                mesh.store()
                        .orElseThrow(() -> new MeshException(
                                MeshCode.NO_STORE,
                                id + ": the mesh keeps no history; start it with"
                                        + " MeshOptions.DEFAULT.withStore(directory)")));
    }

    Observers observers() {
        return observers;
    }

    ObjectCopy copy() {
        return copy;
    }

    /** Agent's thread. */
    void settle(State state, ObjectCopy.@Nullable Pending done) {
        copy.settle(state, done);
        mesh.noticeDecided();
    }
}
