package dev.covey.patch;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The members of a frozen object: a persistent map in order of insertion. Few members are an array that is searched from
 * the front; many are a list of slots with an index from name to slot.
 */
abstract sealed class Members extends AbstractMap<String, JsonNode> permits FewMembers, ManyMembers {
    abstract @Nullable JsonNode value(String name);

    /** These members with one set: in its place if it is there, else at the end. */
    abstract Members with(String name, JsonNode value);

    /** These members without one that is there. */
    abstract Members without(String name);

    /** The same for the same members in any order. */
    abstract long hash();

    abstract Iterator<Map.Entry<String, JsonNode>> iterator();

    @Override
    public abstract int size();

    @Override
    public final @Nullable JsonNode get(Object name) {
        return name instanceof String text ? value(text) : null;
    }

    @Override
    public final boolean containsKey(Object name) {
        return name instanceof String text && value(text) != null;
    }

    @Override
    public final Set<Map.Entry<String, JsonNode>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<Map.Entry<String, JsonNode>> iterator() {
                return Members.this.iterator();
            }

            @Override
            public int size() {
                return Members.this.size();
            }

            @Override
            public void clear() {
                throw FrozenTree.refusal();
            }
        };
    }

    // AbstractMap lets some changes that would change nothing pass; here all are refused.

    @Override
    public final JsonNode put(String name, JsonNode value) {
        throw FrozenTree.refusal();
    }

    @Override
    public final JsonNode putIfAbsent(String name, JsonNode value) {
        throw FrozenTree.refusal();
    }

    @Override
    public final void putAll(Map<? extends String, ? extends JsonNode> members) {
        throw FrozenTree.refusal();
    }

    @Override
    public final JsonNode remove(Object name) {
        throw FrozenTree.refusal();
    }

    @Override
    public final void clear() {
        throw FrozenTree.refusal();
    }
}
