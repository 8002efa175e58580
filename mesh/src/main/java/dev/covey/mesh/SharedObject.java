package dev.covey.mesh;

import com.fasterxml.jackson.databind.JsonNode;
import dev.covey.mesh.agent.Reply;
import dev.covey.mesh.core.ObjectState;
import dev.covey.mesh.core.Outcome;
import dev.covey.mesh.core.State;
import dev.covey.mesh.protocol.Command;
import dev.covey.patch.Limits;
import dev.covey.patch.Operations;
import dev.covey.patch.Patch;
import dev.covey.patch.PatchException;
import dev.covey.patch.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.pcollections.OrderedPSet;

/**
 * A named JSON document that all members of a mesh share.
 *
 * <p>Reads never wait: they see this member's copy, which follows the journal. Every method may be called by any thread.
 * Values are frozen: they never change, and methods of {@link JsonNode} that would change them throw.
 */
public final class SharedObject {
    /** The committed state, and what this member asked for and has no answer to; one word, so that both change at once. */
    private record Shown(ObjectState committed, OrderedPSet<Pending> pending) {}

    /** A patch on its way. Compared by identity. */
    private static final class Pending {
        final Patch patch;

        Pending(Patch patch) {
            this.patch = patch;
        }
    }

    /** The view worked out for one {@link Shown}. */
    private record View(Shown of, JsonNode value) {}

    private final Mesh mesh;
    private final String id;
    private final Watchers watchers = new Watchers();
    private final Object turn = new Object();
    private volatile Shown shown;
    private volatile @Nullable View view;

    SharedObject(Mesh mesh, ObjectState committed) {
        this.mesh = mesh;
        this.id = committed.id();
        this.shown = new Shown(committed, OrderedPSet.empty());
    }

    public String id() {
        return id;
    }

    /** The committed value; {@code {}} before the first revision. */
    public JsonNode value() {
        return shown.committed().value();
    }

    /** Number of the committed revision; 0 before the first. */
    public long revision() {
        return shown.committed().revision();
    }

    /** The committed value with this member's own unanswered patches on top; those that do not apply are left out. */
    @SuppressWarnings("ReferenceEquality") // a view belongs to one Shown, however equal another may be
    public JsonNode view() {
        Shown now = shown;
        if (now.pending().isEmpty()) {
            return now.committed().value();
        }
        View known = view;
        if (known == null || known.of() != now) {
            known = new View(now, apply(now));
            view = known;
        }
        return known.value();
    }

    private JsonNode apply(Shown now) {
        JsonNode value = now.committed().value();
        long millis = System.currentTimeMillis();
        for (Pending pending : now.pending()) {
            try {
                value = pending.patch.resolve(value, millis, mesh.limits()).after();
            } catch (PatchException doesNotApply) {
                // The host will say so too, with its reason, in the patch's own future.
            }
        }
        return value;
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
        requireFits(patch);
        Answer answer = new Answer();
        Pending pending = new Pending(patch);
        change(state -> state.plus(pending));
        send(patch, options, answer, pending, options.restamped());
        return answer;
    }

    private void requireFits(Patch patch) {
        int bytes = patch.toBytes().length;
        Limits limits = mesh.limits();
        if (bytes > limits.patchBytes()) {
            throw new MeshException(
                    MeshCode.LIMIT_EXCEEDED,
                    id + ": the patch has " + bytes + " bytes, the limit is " + limits.patchBytes()
                            + "; send it in parts, or start the mesh with larger limits");
        }
    }

    private void send(Patch patch, PatchOptions options, Answer answer, Pending pending, int restamps) {
        mesh.submit(created -> new Command.Change(id, patch, created, options.ifRevision()), new Reply() {
            @Override
            public void decided(Outcome outcome, State state) {
                if (restamps > 0 && isStale(outcome)) {
                    settle(state, null);
                    send(patch, options, answer, pending, restamps - 1);
                } else {
                    settle(state, pending);
                    mesh.settle(answer, result(outcome, state));
                }
            }

            @Override
            public void failed(MeshException why) {
                change(state -> state.minus(pending));
                mesh.settle(answer, why);
            }
        });
    }

    private static boolean isStale(Outcome outcome) {
        return outcome instanceof Outcome.Refused refused && refused.refusal().code() == MeshCode.STALE;
    }

    private Object result(Outcome outcome, State state) {
        if (outcome instanceof Outcome.Accepted accepted) {
            return new Revision(
                    id,
                    accepted.revision(),
                    accepted.position(),
                    accepted.epoch(),
                    Watcher.instant(accepted.timeMicros()),
                    accepted.changed(),
                    mesh.durability());
        }
        return Refusals.exception(((Outcome.Refused) outcome).refusal(), state.object(id), mesh);
    }

    /** The committed state moves on and the patch that did it leaves the view, at once. Agent's thread. */
    private void settle(State state, @Nullable Pending done) {
        synchronized (turn) {
            Shown now = shown;
            shown = new Shown(
                    newer(now.committed(), state.object(id)),
                    done == null ? now.pending() : now.pending().minus(done));
        }
        mesh.noticeDecided();
    }

    private void change(java.util.function.UnaryOperator<OrderedPSet<Pending>> pending) {
        synchronized (turn) {
            shown = new Shown(shown.committed(), pending.apply(shown.pending()));
        }
    }

    /** Agent's thread, and whoever opens the object. */
    void advance(ObjectState committed) {
        synchronized (turn) {
            shown = new Shown(newer(shown.committed(), committed), shown.pending());
        }
    }

    private static ObjectState newer(ObjectState one, ObjectState other) {
        return other.revision() > one.revision() ? other : one;
    }

    /**
     * Calls the listener for each committed change at the path, or above or below it, in the order of the revisions, one
     * call at a time, on a thread of the mesh that is made for user code. Changes before this call are not told.
     *
     * @param path a JSON pointer; "" is the whole object
     * @throws MeshException INVALID_PATCH for a path that is no JSON pointer
     */
    public Observation observe(String path, Consumer<Change> listener) {
        Watcher watcher = new Watcher(id, path(path), mesh.executor(), listener);
        watchers.add(watcher);
        mesh.opened(watcher.mailbox());
        return () -> {
            watchers.remove(watcher);
            watcher.mailbox().close();
            mesh.closed(watcher.mailbox());
        };
    }

    private Path path(String pointer) {
        try {
            return Path.parse(pointer);
        } catch (PatchException noPointer) {
            throw new MeshException(
                    MeshCode.INVALID_PATCH,
                    id + ": \"" + pointer + "\" is no JSON pointer; write \"\" for the whole object or \"/a/b\" for a"
                            + " member of a member",
                    noPointer);
        }
    }

    /** Agent's thread. */
    void tell(ObjectState before, ObjectState after, Operations operations, Member by) {
        watchers.concerned(operations, watcher -> watcher.look(before, after, by, Change.Cause.PATCH));
    }

    /** Agent's thread. */
    void tellAll(ObjectState before, ObjectState after, Member by) {
        watchers.everybody(watcher -> watcher.look(before, after, by, Change.Cause.SNAPSHOT));
    }

    /** Gives the first value, if there is none, and waits until it is known which one counts. */
    void initialize(JsonNode value, ObjectOptions options) {
        Patch patch = Patch.set("", value);
        requireFits(patch);
        Answer answer = new Answer();
        mesh.submit(created -> new Command.Initialize(id, patch, created), new Reply() {
            @Override
            public void decided(Outcome outcome, State state) {
                settle(state, null);
                mesh.settle(answer, result(outcome, state));
            }

            @Override
            public void failed(MeshException why) {
                mesh.settle(answer, why);
            }
        });
        try {
            answer.get(options.timeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            throw new MeshException(
                    MeshCode.UNKNOWN_OUTCOME,
                    id + ": no answer within " + options.timeout().toMillis()
                            + " ms to its first value; open it again to see whether there is one");
        } catch (java.util.concurrent.ExecutionException refused) {
            throw refused.getCause() instanceof MeshException why
                    ? why
                    : new MeshException(MeshCode.INVALID_PATCH, id + ": " + refused.getCause(), refused);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new MeshException(MeshCode.UNKNOWN_OUTCOME, id + ": interrupted while waiting for its first value");
        }
    }
}
