package dev.covey.mesh.local;

import java.security.SecureRandom;
import java.util.Optional;

/**
 * One life of a mesh, from the birth of its control file to the removal: 128 random bits. A mesh of the same name that
 * begins later is another life, and what was said in the first is not meant for the second.
 */
public record LifeId(long high, long low) {
    private static final int HEX_DIGITS = 32;

    /** A new one. */
    public static LifeId random() {
        SecureRandom random = new SecureRandom();
        return new LifeId(random.nextLong(), random.nextLong());
    }

    /** 32 hex digits. */
    public String text() {
        return String.format("%016x%016x", high, low);
    }

    /** Empty for anything but 32 hex digits. */
    public static Optional<LifeId> parse(String text) {
        if (text.length() != HEX_DIGITS || !text.chars().allMatch(c -> Character.digit(c, 16) >= 0)) {
            return Optional.empty();
        }
        return Optional.of(new LifeId(
                Long.parseUnsignedLong(text.substring(0, 16), 16), Long.parseUnsignedLong(text.substring(16), 16)));
    }

    @Override
    public String toString() {
        return text();
    }
}
