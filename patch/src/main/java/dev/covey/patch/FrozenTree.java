package dev.covey.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Frozen Jackson trees: they never change, may be shared between threads, and share the parts that a patch left alone.
 * They are Jackson nodes, so everything that reads a JsonNode reads them; whatever would change one throws
 * {@link UnsupportedOperationException}. {@code deepCopy()} gives an ordinary tree that can be changed.
 *
 * <p>Numbers are int64 or finite doubles; integers are IntNode where they fit, else LongNode, as Jackson reads them. A number
 * of another kind is kept exactly or refused, never changed silently: a float is the number that it prints, a BigDecimal or
 * BigInteger is kept where it fits int64 or where a double prints the same number back. JSON text of at most 17 significant
 * digits becomes the nearest double, being some program's print of one; with more digits it is kept exactly or refused.
 */
public final class FrozenTree {
    /** A frozen object without members. */
    public static final JsonNode EMPTY_OBJECT = new FrozenObject(FewMembers.NONE, Weight.EMPTY);

    private FrozenTree() {}

    /**
     * A frozen copy within {@link Limits#DEFAULT}; the same reference if the tree is frozen already.
     *
     * @throws PatchException if a limit is exceeded, or the tree holds what JSON cannot say
     */
    public static JsonNode freeze(JsonNode tree) {
        return freeze(tree, Limits.DEFAULT);
    }

    /** As {@link #freeze(JsonNode)}, within other limits. */
    public static JsonNode freeze(JsonNode tree, Limits limits) {
        return freeze(tree, limits, false);
    }

    /** As {@link #freeze(JsonNode, Limits)}; numbers of text may be prints of doubles. */
    static JsonNode freeze(JsonNode tree, Limits limits, boolean printed) {
        JsonNode frozen = frozen(tree, limits, limits.depth(), printed);
        Check.size(frozen, limits);
        return frozen;
    }

    /**
     * What Jackson makes of an object, a record or a collection, frozen within {@link Limits#DEFAULT}.
     *
     * @throws PatchException if the mapper cannot write it as JSON
     */
    public static JsonNode of(@Nullable Object value, ObjectMapper mapper) {
        return Json.value(value, mapper);
    }

    /**
     * A frozen value as an object of the caller's.
     *
     * @throws PatchException if the mapper cannot make one of it
     */
    public static <T> T to(Class<T> type, JsonNode frozen, ObjectMapper mapper) {
        return Json.to(type, frozen, mapper);
    }

    /** Whether this tree is frozen all through. */
    public static boolean isFrozen(JsonNode node) {
        if (node.isContainerNode()) {
            return node instanceof FrozenObject || node instanceof FrozenArray;
        }
        Class<?> type = node.getClass();
        return type == TextNode.class
                || type == IntNode.class
                || type == BooleanNode.class
                || type == NullNode.class
                || (type == LongNode.class && !node.canConvertToInt())
                || (type == DoubleNode.class && Double.isFinite(node.doubleValue()));
    }

    /** A structural hash of 64 bits: equal for equal trees, the same on every JVM, kept per node once worked out. */
    public static long hash(JsonNode frozen) {
        return Hash.of(frozen);
    }

    static UnsupportedOperationException refusal() {
        return new UnsupportedOperationException("this tree is frozen; deepCopy() gives one that can be changed");
    }

    private static JsonNode frozen(JsonNode node, Limits limits, int levels, boolean printed) {
        if (node.isContainerNode() && isFrozen(node)) {
            Check.depth(Weight.depth(node), levels, limits);
            return node;
        }
        return switch (node.getNodeType()) {
            case OBJECT -> object(node, limits, levels, printed);
            case ARRAY -> array(node, limits, levels, printed);
            case STRING -> text(node, limits);
            case NUMBER -> isFrozen(node) ? node : Exact.kept(node, printed);
            case BOOLEAN -> BooleanNode.valueOf(node.booleanValue());
            case NULL -> NullNode.getInstance();
            case BINARY -> TextNode.valueOf(Check.string(node.asText(), limits));
            default ->
                throw PatchException.invalid(
                        "freeze",
                        "",
                        "JSON (convert other objects with ObjectMapper.valueToTree)",
                        PatchException.show(node));
        };
    }

    private static JsonNode object(JsonNode node, Limits limits, int levels, boolean printed) {
        Check.depth(1, levels, limits);
        Check.members(node.size(), limits);
        List<Member> members = new ArrayList<>(node.size());
        long bytes = Weight.EMPTY;
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            String name = Check.key(member.getKey(), limits);
            JsonNode value = within(name, member.getValue(), limits, levels - 1, printed);
            members.add(new Member(name, value));
            bytes += Weight.name(name) + Weight.of(value);
        }
        return object(members, bytes);
    }

    /** A refusal says where in the whole it was met. */
    private static JsonNode within(String step, JsonNode node, Limits limits, int levels, boolean printed) {
        try {
            return frozen(node, limits, levels, printed);
        } catch (PatchException refused) {
            throw refused.below(step);
        }
    }

    /** A frozen object of members with different names. */
    static JsonNode object(List<Member> members, long bytes) {
        if (members.isEmpty()) {
            return EMPTY_OBJECT;
        }
        return new FrozenObject(
                members.size() <= FewMembers.MOST
                        ? new FewMembers(members.toArray(Member[]::new))
                        : ManyMembers.of(members),
                bytes);
    }

    private static JsonNode array(JsonNode node, Limits limits, int levels, boolean printed) {
        Check.depth(1, levels, limits);
        Check.length(node.size(), limits);
        List<JsonNode> items = new ArrayList<>(node.size());
        for (JsonNode item : node) {
            items.add(within(Integer.toString(items.size()), item, limits, levels - 1, printed));
        }
        return FrozenArray.of(items);
    }

    private static JsonNode text(JsonNode node, Limits limits) {
        String text = Check.string(node.textValue(), limits);
        return node.getClass() == TextNode.class ? node : TextNode.valueOf(text);
    }

    static JsonNode integer(long value) {
        return value == (int) value ? IntNode.valueOf((int) value) : LongNode.valueOf(value);
    }

    static JsonNode real(double value, String operator, String pointer) {
        if (!Double.isFinite(value)) {
            throw PatchException.invalid(operator, pointer, "a finite number", "number " + value);
        }
        return DoubleNode.valueOf(value);
    }

    /** A builder's names are all different; a reader's may not be, and the second is refused here. */
    static void different(List<Member> members) {
        if (members.size() <= FewMembers.MOST) {
            for (int i = 1; i < members.size(); i++) {
                for (int j = 0; j < i; j++) {
                    refuseSame(members.get(i).getKey(), members.get(j).getKey());
                }
            }
            return;
        }
        Map<String, Boolean> seen = new HashMap<>(members.size() * 2);
        for (Member member : members) {
            if (seen.put(member.getKey(), true) != null) {
                refuseSame(member.getKey(), member.getKey());
            }
        }
    }

    private static void refuseSame(String name, String other) {
        if (name.equals(other)) {
            throw PatchException.invalid("read", "", "different member names", "name \"" + name + "\" twice");
        }
    }
}
