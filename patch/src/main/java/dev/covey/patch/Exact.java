package dev.covey.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.FloatNode;
import java.math.BigDecimal;

/**
 * Numbers of other kinds than int64 and double become one of these two and stay the same number, or are refused.
 *
 * <p>A float is the decimal number that it prints: 0.45f is 0.45. A BigDecimal or BigInteger is kept where it fits int64, or
 * where a double prints the same number back. JSON text of at most {@value #PRINTED_DIGITS} significant digits is some
 * program's print of a double, and becomes the nearest one; text of more digits means all of them, and is kept as these are.
 */
final class Exact {
    /** So many digits tell every double from every other. */
    static final int PRINTED_DIGITS = 17;

    /** A number of at most so many digits comes back from the nearest double, unless that is subnormal. */
    private static final int SAFE_DIGITS = 15;

    /** A longer number is neither an int64 nor one that a double prints. */
    private static final int MOST_BITS = 4_096;

    private static final BigDecimal LEAST = BigDecimal.valueOf(Long.MIN_VALUE);
    private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);

    private Exact() {}

    /**
     * The same number as an integer or a double.
     *
     * @param number of any of Jackson's kinds
     * @param printed whether it comes from JSON text, and not from an object of the caller's
     */
    static JsonNode kept(JsonNode number, boolean printed) {
        if (number instanceof DoubleNode) {
            return FrozenTree.real(number.doubleValue(), "freeze", "");
        }
        if (number instanceof FloatNode) {
            return FrozenTree.real(Double.parseDouble(number.asText()), "freeze", "");
        }
        if (number.isIntegralNumber() && number.canConvertToLong()) {
            return FrozenTree.integer(number.longValue());
        }
        JsonNode kept = kept(number.decimalValue(), printed && !number.isIntegralNumber(), printed);
        if (kept == null) {
            throw PatchException.invalid(
                    "freeze",
                    "",
                    "a finite number that fits into 64 bits, as an integer or as a double that prints the same digits; round it,"
                            + " or send it as text",
                    PatchException.show(number));
        }
        return kept;
    }

    private static @org.jspecify.annotations.Nullable JsonNode kept(
            BigDecimal number, boolean withFraction, boolean printed) {
        if (number.unscaledValue().bitLength() > MOST_BITS) {
            return null;
        }
        boolean whole = isInt64(number);
        if (whole && !withFraction && number.scale() <= 0) {
            return FrozenTree.integer(number.longValueExact());
        }
        double nearest = number.doubleValue();
        if (isKept(number, nearest, printed)) {
            return DoubleNode.valueOf(nearest);
        }
        return whole ? FrozenTree.integer(number.longValueExact()) : null;
    }

    /** Looks at the size first: a number of ten digits may have a billion zeros. */
    private static boolean isInt64(BigDecimal number) {
        return number.compareTo(LEAST) >= 0
                && number.compareTo(MOST) <= 0
                && (number.signum() == 0 || number.stripTrailingZeros().scale() <= 0);
    }

    private static boolean isKept(BigDecimal number, double nearest, boolean printed) {
        if (Double.isInfinite(nearest) || (nearest == 0 && number.signum() != 0)) {
            return false;
        }
        int digits = number.signum() == 0 ? 1 : number.stripTrailingZeros().precision();
        boolean safe = digits <= SAFE_DIGITS && Math.abs(nearest) >= Double.MIN_NORMAL;
        return safe
                || (printed && digits <= PRINTED_DIGITS)
                || BigDecimal.valueOf(nearest).compareTo(number) == 0;
    }
}
