package dev.covey.patch;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/** Equality of JSON values as RFC 6902 4.6 has it: numbers by value, members in any order. */
final class Equality {
    private Equality() {}

    static boolean numeric(JsonNode left, JsonNode right, Budget budget) {
        budget.spend();
        if (Sharing.same(left, right)) {
            return true;
        }
        if (left.isNumber() && right.isNumber()) {
            return Order.numbers(left, right) == 0;
        }
        if (left.getNodeType() != right.getNodeType() || left.size() != right.size()) {
            return false;
        }
        if (left instanceof FrozenObject object) {
            for (Map.Entry<String, JsonNode> member : object.properties()) {
                JsonNode other = right.get(member.getKey());
                if (other == null || !numeric(member.getValue(), other, budget)) {
                    return false;
                }
            }
            return true;
        }
        if (left instanceof FrozenArray array) {
            for (int i = 0; i < array.size(); i++) {
                if (!numeric(array.items.get(i), right.get(i), budget)) {
                    return false;
                }
            }
            return true;
        }
        return left.equals(right);
    }
}
