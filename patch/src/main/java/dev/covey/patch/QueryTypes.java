package dev.covey.patch;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** {@code $type}: the BSON types that JSON values have, by name or number. */
final class QueryTypes {
    private static final Map<String, String> NAMES = Map.of(
            "1", "double", "2", "string", "3", "object", "4", "array", "8", "bool", "10", "null", "16", "int", "18",
            "long");
    /** Types of MongoDB that no JSON value has: asked for, they match nothing. */
    private static final Set<String> NEVER = Set.of(
            "binData",
            "undefined",
            "objectId",
            "date",
            "regex",
            "dbPointer",
            "javascript",
            "symbol",
            "javascriptWithScope",
            "timestamp",
            "decimal",
            "minKey",
            "maxKey");

    private static final Set<String> NEVER_NUMBERS =
            Set.of("5", "6", "7", "9", "11", "12", "13", "14", "15", "17", "19", "-1", "127");

    private QueryTypes() {}

    static Query.Test test(JsonNode operand) {
        Set<String> wanted = new TreeSet<>();
        if (operand instanceof FrozenArray several) {
            several.forEach(one -> wanted.add(name(one)));
        } else {
            wanted.add(name(operand));
        }
        if (wanted.isEmpty()) {
            throw PatchException.invalid("$type", "", "at least one type", "an empty array");
        }
        return (value, budget) ->
                value != null && (wanted.contains(of(value)) || (value.isNumber() && wanted.contains("number")));
    }

    private static String name(JsonNode type) {
        if (type.isNumber() && Numbers.isWhole(type)) {
            String number = Long.toString(Numbers.whole("$type", type));
            String name = NAMES.get(number);
            if (name != null || NEVER_NUMBERS.contains(number)) {
                return name == null ? number : name;
            }
        } else if (type.isTextual()) {
            String name = type.textValue();
            if (name.equals("number") || NAMES.containsValue(name) || NEVER.contains(name)) {
                return name;
            }
        }
        throw PatchException.invalid("$type", "", "a BSON type by name or number", PatchException.show(type));
    }

    private static String of(JsonNode value) {
        return switch (value.getNodeType()) {
            case NUMBER -> !value.isIntegralNumber() ? "double" : value.canConvertToInt() ? "int" : "long";
            case STRING -> "string";
            case OBJECT -> "object";
            case ARRAY -> "array";
            case BOOLEAN -> "bool";
            default -> "null";
        };
    }
}
