package dev.covey.mesh;

import com.fasterxml.jackson.databind.JsonNode;
import dev.covey.mesh.core.ObjectState;
import dev.covey.mesh.core.State;
import dev.covey.patch.Limits;
import dev.covey.patch.Patch;
import dev.covey.patch.PatchException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.pcollections.OrderedPSet;

/**
 * This member's copy of one object: the committed state, and on top of it what this member asked for and has no answer to.
 * Both are in one reference, so that a patch leaves the upper part in the same instant in which it, or its refusal, is in
 * the lower.
 */
final class ObjectCopy {
    /** A patch on its way. Compared by identity. */
    static final class Pending {
        private final Patch patch;

        Pending(Patch patch) {
            this.patch = patch;
        }
    }

    private record Shown(ObjectState committed, OrderedPSet<Pending> pending) {}

    /** The view worked out for one {@link Shown}. */
    private record View(Shown of, JsonNode value) {}

    private volatile Shown shown;
    private volatile @Nullable View view;

    ObjectCopy(ObjectState committed) {
        this.shown = new Shown(committed, OrderedPSet.empty());
    }

    ObjectState committed() {
        return shown.committed();
    }

    /** The committed value with the unanswered patches on top; those that do not apply are left out. */
    @SuppressWarnings("ReferenceEquality") // a view belongs to one Shown, however equal another may be
    JsonNode view(Limits limits) {
        Shown now = shown;
        if (now.pending().isEmpty()) {
            return now.committed().value();
        }
        View known = view;
        if (known == null || known.of() != now) {
            known = new View(now, apply(now, limits));
            view = known;
        }
        return known.value();
    }

    private static JsonNode apply(Shown now, Limits limits) {
        JsonNode value = now.committed().value();
        long millis = System.currentTimeMillis();
        for (Pending pending : now.pending()) {
            try {
                value = pending.patch.resolve(value, millis, limits).after();
            } catch (PatchException doesNotApply) {
                // The host will say so too, with its reason, in the patch's own future.
            }
        }
        return value;
    }

    Pending sent(Patch patch) {
        Pending pending = new Pending(patch);
        change(set -> set.plus(pending));
        return pending;
    }

    OrderedPSet<Pending> pending() {
        return shown.pending();
    }

    /** It will never be answered. */
    void forget(Pending pending) {
        change(set -> set.minus(pending));
    }

    private synchronized void change(UnaryOperator<OrderedPSet<Pending>> pending) {
        shown = new Shown(shown.committed(), pending.apply(shown.pending()));
    }

    /** The committed state moves on and the patch that did it leaves the view, at once. Agent's thread. */
    synchronized void settle(State state, @Nullable Pending done) {
        Shown now = shown;
        shown = new Shown(
                newer(now.committed(), state.object(now.committed().id())),
                done == null ? now.pending() : now.pending().minus(done));
    }

    /** Agent's thread, and whoever opens the object. */
    synchronized void advance(ObjectState committed) {
        shown = new Shown(newer(shown.committed(), committed), shown.pending());
    }

    /** What was here before may have been wrong, also if its number is not lower. Agent's thread. */
    synchronized void restore(ObjectState committed) {
        shown = new Shown(committed, shown.pending());
    }

    private static ObjectState newer(ObjectState one, ObjectState other) {
        return other.revision() > one.revision() ? other : one;
    }
}
