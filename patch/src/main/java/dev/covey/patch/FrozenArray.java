package dev.covey.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Collection;

/** An array node that cannot change. Everything of ArrayNode that would change it throws. */
@SuppressWarnings("unchecked") // of deepCopy(), which Jackson declares so
final class FrozenArray extends ArrayNode {
    private static final long serialVersionUID = 1L;

    final transient Sequence<JsonNode> items;
    /** Size as {@link Limits#valueBytes} counts it. */
    final transient long bytes;

    private transient long hash;
    private transient int depth;

    FrozenArray(Sequence<JsonNode> items, long bytes) {
        super(JsonNodeFactory.instance, items);
        this.items = items;
        this.bytes = bytes;
    }

    static FrozenArray of(Collection<JsonNode> items) {
        return new FrozenArray(Sequence.of(items), Weight.EMPTY + Weight.items(items));
    }

    FrozenArray with(int index, JsonNode value) {
        return new FrozenArray(items.with(index, value), bytes + Weight.of(value) - Weight.of(items.get(index)));
    }

    FrozenArray splice(int start, int removed, Collection<JsonNode> inserted) {
        long change = Weight.items(inserted) - Weight.items(items.subList(start, start + removed));
        return new FrozenArray(items.splice(start, removed, inserted), bytes + change);
    }

    long hash() {
        if (hash == 0) {
            hash = Hash.mix(items.orderedHash(Hash::of) + items.size() + 7);
        }
        return hash;
    }

    int depth() {
        if (depth == 0) {
            depth = 1 + Weight.deepest(items);
        }
        return depth;
    }
}
