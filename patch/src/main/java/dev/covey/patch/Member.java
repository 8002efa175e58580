package dev.covey.patch;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One member of a frozen object. */
final class Member implements Map.Entry<String, JsonNode> {
    private final String name;
    private final JsonNode value;
    // As in Sequence: worked out when first asked for.
    private long hash;

    Member(String name, JsonNode value) {
        this.name = name;
        this.value = value;
    }

    long hash() {
        if (hash == 0) {
            hash = Hash.member(name, value);
        }
        return hash;
    }

    @Override
    public String getKey() {
        return name;
    }

    @Override
    public JsonNode getValue() {
        return value;
    }

    @Override
    public JsonNode setValue(JsonNode value) {
        throw FrozenTree.refusal();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Map.Entry<?, ?> entry && name.equals(entry.getKey()) && value.equals(entry.getValue());
    }

    @Override
    public int hashCode() {
        return name.hashCode() ^ value.hashCode();
    }
}
