package dev.covey.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Concrete operations, in the order they are to be applied. On the value they were resolved against, applying them cannot
 * fail and gives the same result everywhere. Immutable.
 */
public final class Operations {
    /** No operations. */
    public static final Operations NONE = new Operations(List.of());

    private final List<Operation> list;

    Operations(List<Operation> list) {
        this.list = List.copyOf(list);
    }

    /** Whether there is nothing to do. */
    public boolean isEmpty() {
        return list.isEmpty();
    }

    /** The operations in their order. */
    public List<Operation> list() {
        return list;
    }

    /**
     * The value after these operations.
     *
     * @param frozenBefore a frozen value equal to the one they were resolved against
     * @throws PatchException INVALID_PATCH if they do not fit the value
     */
    public JsonNode applyTo(JsonNode frozenBefore) {
        JsonNode value = frozenBefore;
        for (Operation operation : list) {
            value = TreeEdit.apply(value, operation);
        }
        return value;
    }

    /** The binary form, version byte first. */
    public byte[] toBytes() {
        return OperationCodec.toBytes(this);
    }

    /**
     * Reads the binary form, from the buffer's position to its limit.
     *
     * @throws PatchException for anything that {@link #toBytes} would not write, or that exceeds the limits
     */
    public static Operations fromBytes(ByteBuffer bytes, Limits limits) {
        return OperationCodec.fromBytes(bytes, limits);
    }

    /** The same change as a JSON Patch (RFC 6902) of add, replace and remove: an ordinary tree, the caller's to keep. */
    public ArrayNode toJsonPatch() {
        ArrayNode patch = JsonNodeFactory.instance.arrayNode();
        for (Operation operation : list) {
            if (operation instanceof Operation.Put put) {
                patch.add(step(put.adds() ? "add" : "replace", put.path(), put.value()));
            } else if (operation instanceof Operation.Splice splice) {
                addSplice(patch, splice);
            } else {
                patch.add(step("remove", operation.path(), null));
            }
        }
        return patch;
    }

    private static void addSplice(ArrayNode patch, Operation.Splice splice) {
        for (int i = 0; i < splice.removed(); i++) {
            patch.add(step("remove", splice.path().child(splice.start()), null));
        }
        for (int i = 0; i < splice.inserted().size(); i++) {
            patch.add(step(
                    "add",
                    splice.path().child(splice.start() + i),
                    splice.inserted().get(i)));
        }
    }

    private static ObjectNode step(String op, Path path, @Nullable JsonNode value) {
        ObjectNode step = JsonNodeFactory.instance.objectNode();
        step.put("op", op);
        step.put("path", path.toString());
        if (value != null) {
            step.set("value", value);
        }
        return step;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Operations operations && list.equals(operations.list);
    }

    @Override
    public int hashCode() {
        return list.hashCode();
    }

    @Override
    public String toString() {
        return toJsonPatch().toString();
    }
}
