package dev.covey.mesh.protocol;

import java.util.HexFormat;

/**
 * A 128-bit random name: of one attempt to join (it dedupes the attempt, which has no member number yet), or of one life of a mesh.
 *
 * @param high the upper 64 bits
 * @param low the lower 64 bits
 */
public record Token(long high, long low) implements Comparable<Token> {

    /** The token nobody draws; stands for "none". */
    public static final Token NONE = new Token(0, 0);

    @Override
    public int compareTo(Token other) {
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    /** 32 lower-case hexadecimal digits: safe as a file name. */
    @Override
    public String toString() {
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(high) + hex.toHexDigits(low);
    }
}
