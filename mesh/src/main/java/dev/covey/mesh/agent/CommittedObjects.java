package dev.covey.mesh.agent;

import dev.covey.mesh.core.ObjectState;
import dev.covey.mesh.core.Session;
import dev.covey.mesh.core.State;
import dev.covey.store.ObjectMemory;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The objects of the committed state, from which revision files go on where their own cannot be read (rule F4). */
record CommittedObjects(Supplier<State> committed, BooleanSupplier newest) implements ObjectMemory {
    @Override
    public boolean isNewest() {
        return newest.getAsBoolean();
    }

    @Override
    public @Nullable Remembered object(String id) {
        State state = committed.get();
        ObjectState object = state.objects().get(id);
        return object == null || object.revision() == 0 ? null : remembered(state, object);
    }

    private static Remembered remembered(State state, ObjectState object) {
        Session author = state.sessions().get(object.author());
        return new Remembered(
                object.revision(),
                object.value(),
                author == null ? "" : author.profile().name(),
                object.timeMicros(),
                state.epoch(),
                object.position(),
                object.deleted());
    }

    @Override
    public Iterable<String> ids() {
        return committed.get().objects().keySet();
    }

    /** The id that follows in their order, and after the last the first; null if there is no object. */
    @Nullable
    String after(String id) {
        var objects = committed.get().objects();
        String next = objects.higherKey(id);
        return next != null || objects.isEmpty() ? next : objects.firstKey();
    }
}
