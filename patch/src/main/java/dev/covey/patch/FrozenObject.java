package dev.covey.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** An object node that cannot change. Everything of ObjectNode that would change it throws. */
@SuppressWarnings("unchecked") // of deepCopy(), which Jackson declares so
final class FrozenObject extends ObjectNode {
    private static final long serialVersionUID = 1L;

    final transient Members members;
    /** Size as {@link Limits#valueBytes} counts it. */
    final transient long bytes;

    private transient long hash;
    private transient int depth;

    FrozenObject(Members members, long bytes) {
        super(JsonNodeFactory.instance, members);
        this.members = members;
        this.bytes = bytes;
    }

    FrozenObject plus(String name, JsonNode value) {
        return plus(name, value, members.value(name));
    }

    /** The same where it is known what the member is now, or that there is none. */
    FrozenObject plus(String name, JsonNode value, @Nullable JsonNode old) {
        long change = Weight.of(value) + (old == null ? Weight.name(name) : -Weight.of(old));
        return new FrozenObject(members.with(name, value), bytes + change);
    }

    FrozenObject minus(String name) {
        JsonNode old = members.value(name);
        if (old == null) {
            return this;
        }
        return new FrozenObject(members.without(name), bytes - Weight.of(old) - Weight.name(name));
    }

    long hash() {
        if (hash == 0) {
            hash = Hash.mix(members.hash() + 6);
        }
        return hash;
    }

    int depth() {
        if (depth == 0) {
            depth = 1 + Weight.deepest(members.values());
        }
        return depth;
    }
}
