package dev.covey.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/** The query operators that ask one value. */
final class QueryOperators {
    private QueryOperators() {}

    static Query of(Path path, String name, JsonNode operand) {
        return switch (name) {
            case "$eq" -> new Query.At(path, true, equal(operand));
            case "$ne" -> new Query.Not(new Query.At(path, true, equal(operand)));
            case "$gt" -> new Query.At(path, true, ordered(operand, order -> order > 0));
            case "$gte" -> new Query.At(path, true, ordered(operand, order -> order >= 0));
            case "$lt" -> new Query.At(path, true, ordered(operand, order -> order < 0));
            case "$lte" -> new Query.At(path, true, ordered(operand, order -> order <= 0));
            case "$in" -> new Query.At(path, true, in(name, operand));
            case "$nin" -> new Query.Not(new Query.At(path, true, in(name, operand)));
            case "$exists" -> exists(path, operand);
            case "$type" -> new Query.At(path, true, QueryTypes.test(operand));
            case "$size" -> new Query.At(path, false, size(operand));
            case "$mod" -> new Query.At(path, true, mod(operand));
            default -> new Query.At(path, true, bits(name, operand));
        };
    }

    private static Query.Test equal(JsonNode operand) {
        return (value, budget) -> value == null ? operand.isNull() : Order.same(value, operand, budget);
    }

    /** Only values of the operand's type are less or greater; null stands for missing as well. */
    private static Query.Test ordered(JsonNode operand, IntPredicate wanted) {
        return (value, budget) -> {
            if (value == null) {
                return operand.isNull() && wanted.test(0);
            }
            return Order.rank(value) == Order.rank(operand) && wanted.test(Order.compare(value, operand, budget));
        };
    }

    private static Query.Test in(String name, JsonNode operand) {
        List<Query.Test> any = new ArrayList<>();
        for (JsonNode item : Part.array(name, operand)) {
            if (QueryParser.isOperators(item)) {
                throw PatchException.invalid(name, "", "values, not operators", PatchException.show(item));
            }
            any.add(equal(item));
        }
        return (value, budget) -> {
            for (Query.Test test : any) {
                if (test.passes(value, budget)) {
                    return true;
                }
            }
            return false;
        };
    }

    private static Query exists(Path path, JsonNode operand) {
        Query there = new Query.At(path, false, (value, budget) -> value != null);
        boolean wanted = operand.isNumber() ? operand.doubleValue() != 0 : !operand.isNull() && truth(operand);
        return wanted ? there : new Query.Not(there);
    }

    private static boolean truth(JsonNode operand) {
        return !operand.isBoolean() || operand.booleanValue();
    }

    private static Query.Test size(JsonNode operand) {
        long size = Numbers.whole("$size", operand);
        if (size < 0) {
            throw PatchException.invalid("$size", "", "a number from 0", PatchException.show(operand));
        }
        return (value, budget) -> value instanceof FrozenArray array && array.size() == size;
    }

    private static Query.Test mod(JsonNode operand) {
        FrozenArray pair = Part.array("$mod", operand);
        if (pair.size() != 2 || !pair.get(0).isNumber() || !pair.get(1).isNumber()) {
            throw PatchException.invalid("$mod", "", "[divisor, remainder]", PatchException.show(operand));
        }
        long divisor = (long) pair.get(0).doubleValue();
        divisor = pair.get(0).isIntegralNumber() ? pair.get(0).longValue() : divisor;
        long remainder = pair.get(1).isIntegralNumber()
                ? pair.get(1).longValue()
                : (long) pair.get(1).doubleValue();
        if (divisor == 0) {
            throw PatchException.invalid("$mod", "", "a divisor that is not 0", "0");
        }
        long by = divisor;
        return (value, budget) -> value != null
                && value.isNumber()
                && (value.isIntegralNumber() ? value.longValue() : (long) value.doubleValue()) % by == remainder;
    }

    private static Query.Test bits(String name, JsonNode operand) {
        long mask = mask(name, operand);
        return (value, budget) -> {
            if (value == null || value.getNodeType() != JsonNodeType.NUMBER || !Numbers.isWhole(value)) {
                return false;
            }
            long bits = value.isIntegralNumber() ? value.longValue() : (long) value.doubleValue();
            return switch (name) {
                case "$bitsAllSet" -> (bits & mask) == mask;
                case "$bitsAnySet" -> (bits & mask) != 0;
                case "$bitsAllClear" -> (bits & mask) == 0;
                default -> (bits & mask) != mask;
            };
        };
    }

    private static long mask(String name, JsonNode operand) {
        if (!(operand instanceof FrozenArray positions)) {
            long mask = Numbers.whole(name, operand);
            if (mask < 0) {
                throw PatchException.invalid(name, "", "a mask from 0", PatchException.show(operand));
            }
            return mask;
        }
        long mask = 0;
        for (JsonNode position : positions) {
            long bit = Numbers.whole(name, position);
            if (bit < 0) {
                throw PatchException.invalid(name, "", "bit positions from 0", PatchException.show(position));
            }
            // Numbers are sign-extended: all bits from 63 on are the sign.
            mask |= 1L << Math.min(bit, 63);
        }
        return mask;
    }
}
