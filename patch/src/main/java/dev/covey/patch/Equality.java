package dev.covey.patch;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/** Equality of JSON values as RFC 6902 4.6 has it: numbers by value, members in any order. */
final class Equality {
    private Equality() {}

    static boolean numeric(JsonNode left, JsonNode right) {
        if (Sharing.same(left, right)) {
            return true;
        }
        if (left.isNumber() && right.isNumber()) {
            return number(left, right);
        }
        if (left.getNodeType() != right.getNodeType() || left.size() != right.size()) {
            return false;
        }
        if (left instanceof FrozenObject object) {
            for (Map.Entry<String, JsonNode> member : object.properties()) {
                JsonNode other = right.get(member.getKey());
                if (other == null || !numeric(member.getValue(), other)) {
                    return false;
                }
            }
            return true;
        }
        if (left instanceof FrozenArray array) {
            for (int i = 0; i < array.size(); i++) {
                if (!numeric(array.items.get(i), right.get(i))) {
                    return false;
                }
            }
            return true;
        }
        return left.equals(right);
    }

    private static boolean number(JsonNode left, JsonNode right) {
        if (left.isIntegralNumber() && right.isIntegralNumber()) {
            return left.longValue() == right.longValue();
        }
        if (left.isIntegralNumber() != right.isIntegralNumber()) {
            long whole = left.isIntegralNumber() ? left.longValue() : right.longValue();
            double real = left.isIntegralNumber() ? right.doubleValue() : left.doubleValue();
            return compare(whole, real) == 0;
        }
        return left.doubleValue() == right.doubleValue();
    }

    /** Exact: a long is never rounded to a double. */
    static int compare(long whole, double real) {
        if (real >= 0x1p63) {
            return -1;
        }
        if (real < -0x1p63) {
            return 1;
        }
        long floor = (long) Math.floor(real);
        return whole != floor ? Long.compare(whole, floor) : real > floor ? -1 : 0;
    }
}
