package dev.covey.mesh;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.covey.patch.FrozenTree;
import dev.covey.patch.Patch;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A shared object read and written as values of a class of the caller's, by way of Jackson. A record is best: values are
 * handed out to every thread that asks.
 *
 * @param <T> made of JSON by Jackson, and into it
 */
public final class TypedObject<T> {
    private static final ObjectMapper MAPPER = new ObjectMapper().findAndRegisterModules();

    /** What was made of a value, so that it is made once. */
    private record Made<T>(JsonNode of, T value) {}

    private final SharedObject object;
    private final Class<T> type;
    private volatile @Nullable Made<T> made;

    TypedObject(SharedObject object, Class<T> type) {
        this.object = object;
        this.type = type;
    }

    /** The same object as JSON: paths, patches and everything else. */
    public SharedObject untyped() {
        return object;
    }

    /**
     * The committed value; what Jackson makes of <code>{}</code> before the first revision.
     *
     * @throws dev.covey.patch.PatchException INVALID_PATCH if what others wrote there is no such value
     */
    @SuppressWarnings("ReferenceEquality") // a value is worked out once for each tree
    public T value() {
        JsonNode now = object.value();
        Made<T> known = made;
        if (known == null || known.of() != now) {
            known = new Made<>(now, FrozenTree.to(type, now, MAPPER));
            made = known;
        }
        return known.value();
    }

    /** Replaces the whole value. */
    public CompletableFuture<Revision> put(T value) {
        return object.patch(Patch.set("", FrozenTree.of(value, MAPPER)));
    }

    /**
     * Reads, modifies and writes: the function is run again if the object was changed meanwhile.
     *
     * @see SharedObject#update(String, UnaryOperator, EditOptions)
     */
    public CompletableFuture<Revision> update(UnaryOperator<T> function) {
        return object.update(
                "", value -> MAPPER.valueToTree(function.apply(MAPPER.convertValue(value, type))), EditOptions.DEFAULT);
    }

    /** Calls the listener with the new value after each change of the object, as {@link SharedObject#observe} does. */
    public Observation observe(Consumer<T> listener) {
        return object.observe("", change -> {
            if (!change.after().isMissingNode()) {
                listener.accept(FrozenTree.to(type, change.after(), MAPPER));
            }
        });
    }
}
