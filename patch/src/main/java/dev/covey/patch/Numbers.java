package dev.covey.patch;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/** The operators that calculate: {@code $inc $mul $bit}. Integers are int64 and never wrap or turn into doubles. */
final class Numbers {
    private Numbers() {}

    /** Whether a number has no fraction and fits into 64 bits, be it written as an integer or not. */
    static boolean isWhole(JsonNode value) {
        if (!value.isNumber() || value.isIntegralNumber()) {
            return value.isNumber();
        }
        double real = value.doubleValue();
        return real == Math.rint(real) && real >= -0x1p63 && real < 0x1p63;
    }

    static long whole(String operator, JsonNode value) {
        if (!isWhole(value)) {
            throw PatchException.invalid(operator, "", "a whole number", PatchException.show(value));
        }
        return value.isIntegralNumber() ? value.longValue() : (long) value.doubleValue();
    }

    private static void number(String operator, JsonNode argument) {
        if (!argument.isNumber()) {
            throw PatchException.invalid(operator, "", "a number as its argument", PatchException.show(argument));
        }
    }

    static Action inc(String operator, JsonNode by) {
        number(operator, by);
        return (draft, path) -> {
            draft.touch(path, false);
            JsonNode old = draft.find(path);
            if (old == null) {
                draft.create(operator, path, by, false);
            } else {
                target(operator, path, old);
                draft.put(path, old, sum(operator, path, old, by), false);
            }
        };
    }

    private static JsonNode sum(String operator, Path path, JsonNode old, JsonNode by) {
        if (!old.isIntegralNumber() || !by.isIntegralNumber()) {
            return FrozenTree.real(old.doubleValue() + by.doubleValue(), operator, path.toString());
        }
        long a = old.longValue();
        long b = by.longValue();
        long sum = a + b;
        if (((a ^ sum) & (b ^ sum)) < 0) {
            throw overflow(operator, path, old);
        }
        return FrozenTree.integer(sum);
    }

    static Action mul(String operator, JsonNode by) {
        number(operator, by);
        JsonNode zero = by.isIntegralNumber() ? FrozenTree.integer(0) : FrozenTree.real(0, operator, "");
        return (draft, path) -> {
            draft.touch(path, false);
            JsonNode old = draft.find(path);
            if (old == null) {
                draft.create(operator, path, zero, false);
            } else {
                target(operator, path, old);
                draft.put(path, old, product(operator, path, old, by), false);
            }
        };
    }

    private static JsonNode product(String operator, Path path, JsonNode old, JsonNode by) {
        if (!old.isIntegralNumber() || !by.isIntegralNumber()) {
            return FrozenTree.real(old.doubleValue() * by.doubleValue(), operator, path.toString());
        }
        long a = old.longValue();
        long b = by.longValue();
        long product = a * b;
        if (Math.multiplyHigh(a, b) != product >> 63) {
            throw overflow(operator, path, old);
        }
        return FrozenTree.integer(product);
    }

    private static void target(String operator, Path path, JsonNode old) {
        if (!old.isNumber()) {
            throw PatchException.invalid(operator, path.toString(), "a number", PatchException.show(old));
        }
    }

    private static PatchException overflow(String operator, Path path, JsonNode old) {
        return PatchException.invalid(
                operator, path.toString(), "a result that fits into 64 bits", PatchException.show(old));
    }

    static Action bit(String operator, JsonNode argument) {
        FrozenObject steps = Part.object(operator, argument);
        if (steps.isEmpty()) {
            throw PatchException.invalid(operator, "", "and, or, or xor", "an empty object");
        }
        for (Map.Entry<String, JsonNode> step : steps.properties()) {
            bits(0, step);
        }
        return (draft, path) -> {
            draft.touch(path, false);
            JsonNode old = draft.find(path);
            if (old != null && !old.isIntegralNumber()) {
                throw PatchException.invalid(operator, path.toString(), "an integer", PatchException.show(old));
            }
            long bits = old == null ? 0 : old.longValue();
            for (Map.Entry<String, JsonNode> step : steps.properties()) {
                bits = bits(bits, step);
            }
            JsonNode result = FrozenTree.integer(bits);
            if (old == null) {
                draft.create(operator, path, result, false);
            } else {
                draft.put(path, old, result, false);
            }
        };
    }

    private static long bits(long bits, Map.Entry<String, JsonNode> step) {
        JsonNode operand = step.getValue();
        if (!operand.isIntegralNumber()) {
            throw PatchException.invalid("$bit", "", "integers to combine with", PatchException.show(operand));
        }
        return switch (step.getKey()) {
            case "and" -> bits & operand.longValue();
            case "or" -> bits | operand.longValue();
            case "xor" -> bits ^ operand.longValue();
            default -> throw PatchException.invalid("$bit", "", "and, or, or xor", "\"" + step.getKey() + "\"");
        };
    }
}
