package dev.covey.patch;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Iterator;
import java.util.Map;

/**
 * The total order of values that MongoDB defines: null, numbers, strings, objects, arrays, booleans. Numbers compare by
 * value across int64 and double, exactly; strings by code point; objects member by member in their order, by the type of
 * value, then name, then value; of two where one begins the other the longer is greater.
 */
final class Order {
    private Order() {}

    static boolean same(JsonNode left, JsonNode right, Budget budget) {
        return compare(left, right, budget) == 0;
    }

    static int compare(JsonNode left, JsonNode right, Budget budget) {
        budget.spend();
        if (Sharing.same(left, right)) {
            return 0;
        }
        int type = Integer.compare(rank(left), rank(right));
        if (type != 0) {
            return type;
        }
        return switch (left.getNodeType()) {
            case NUMBER -> numbers(left, right);
            case STRING -> text(left.textValue(), right.textValue());
            case OBJECT -> objects(left, right, budget);
            case ARRAY -> arrays(left, right, budget);
            case BOOLEAN -> Boolean.compare(left.booleanValue(), right.booleanValue());
            default -> 0;
        };
    }

    /** The place of a value's type in the order. */
    static int rank(JsonNode value) {
        return switch (value.getNodeType()) {
            case NUMBER -> 1;
            case STRING -> 2;
            case OBJECT -> 3;
            case ARRAY -> 4;
            case BOOLEAN -> 5;
            default -> 0;
        };
    }

    static int numbers(JsonNode left, JsonNode right) {
        if (left.isIntegralNumber()) {
            return right.isIntegralNumber()
                    ? Long.compare(left.longValue(), right.longValue())
                    : compare(left.longValue(), right.doubleValue());
        }
        if (right.isIntegralNumber()) {
            return -compare(right.longValue(), left.doubleValue());
        }
        double a = left.doubleValue();
        double b = right.doubleValue();
        return a < b ? -1 : a > b ? 1 : 0;
    }

    /** Exact: the long is never rounded to a double. */
    private static int compare(long whole, double real) {
        if (real >= 0x1p63) {
            return -1;
        }
        if (real < -0x1p63) {
            return 1;
        }
        long floor = (long) Math.floor(real);
        return whole != floor ? Long.compare(whole, floor) : real > floor ? -1 : 0;
    }

    /** By code point, which is the order of UTF-8 bytes; String.compareTo goes by UTF-16 units and differs from U+E000 on. */
    static int text(String left, String right) {
        int common = Math.min(left.length(), right.length());
        for (int i = 0; i < common; i++) {
            char a = left.charAt(i);
            char b = right.charAt(i);
            if (a != b) {
                boolean pairA = Character.isSurrogate(a);
                boolean pairB = Character.isSurrogate(b);
                return pairA == pairB ? Character.compare(a, b) : pairA ? 1 : -1;
            }
        }
        return Integer.compare(left.length(), right.length());
    }

    private static int objects(JsonNode left, JsonNode right, Budget budget) {
        Iterator<Map.Entry<String, JsonNode>> others = right.properties().iterator();
        for (Map.Entry<String, JsonNode> member : left.properties()) {
            if (!others.hasNext()) {
                return 1;
            }
            Map.Entry<String, JsonNode> other = others.next();
            int order = Integer.compare(rank(member.getValue()), rank(other.getValue()));
            order = order != 0 ? order : text(member.getKey(), other.getKey());
            order = order != 0 ? order : compare(member.getValue(), other.getValue(), budget);
            if (order != 0) {
                return order;
            }
        }
        return others.hasNext() ? -1 : 0;
    }

    private static int arrays(JsonNode left, JsonNode right, Budget budget) {
        Iterator<JsonNode> others = right.iterator();
        for (JsonNode item : left) {
            if (!others.hasNext()) {
                return 1;
            }
            int order = compare(item, others.next(), budget);
            if (order != 0) {
                return order;
            }
        }
        return others.hasNext() ? -1 : 0;
    }
}
