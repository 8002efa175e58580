package dev.covey.patch;

import com.fasterxml.jackson.databind.JsonNode;

/** The structural hash: 64 bits, the same on every JVM, equal for equal trees whatever the order of members. */
final class Hash {
    /** Odd, so multiplying by it loses nothing; lists are polynomials in it, which lets parts be hashed apart. */
    static final long BASE = 0x9E3779B97F4A7C15L;

    private Hash() {}

    static long of(JsonNode value) {
        if (value instanceof FrozenObject object) {
            return object.hash();
        }
        if (value instanceof FrozenArray array) {
            return array.hash();
        }
        return switch (value.getNodeType()) {
            case STRING -> text(value.textValue()) + 5;
            case NUMBER ->
                value.isIntegralNumber()
                        ? mix(value.longValue() + 4)
                        : mix(Double.doubleToLongBits(value.doubleValue()) ^ BASE);
            case BOOLEAN -> mix(value.booleanValue() ? 3 : 2);
            default -> mix(1);
        };
    }

    static long member(String name, JsonNode value) {
        return mix(text(name) * BASE + of(value));
    }

    static long text(String text) {
        long hash = text.length();
        for (int i = 0; i < text.length(); i++) {
            hash = hash * BASE + text.charAt(i);
        }
        return mix(hash);
    }

    static long power(int exponent) {
        long result = 1;
        long square = BASE;
        for (int rest = exponent; rest > 0; rest >>= 1) {
            if ((rest & 1) == 1) {
                result *= square;
            }
            square *= square;
        }
        return result;
    }

    /** The finisher of SplitMix64 (Steele, Lea, Flood 2014): every input bit reaches every output bit. */
    static long mix(long bits) {
        long z = bits + BASE;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
