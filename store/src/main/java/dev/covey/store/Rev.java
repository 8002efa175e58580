package dev.covey.store;

import java.util.Optional;

/** A revision's name, {@code <number>-<32 hex digits>}: also the file's name and the object's {@code _rev}. */
record Rev(long number, String digest) implements Comparable<Rev> {
    static final int DIGEST_LENGTH = 32;
    private static final int MOST_DIGITS = 15;

    static Optional<Rev> parse(String text) {
        int dash = text.indexOf('-');
        boolean shaped = dash > 0 && dash <= MOST_DIGITS && text.length() == dash + 1 + DIGEST_LENGTH;
        if (!shaped || text.charAt(0) == '0') {
            return Optional.empty();
        }
        long number = 0;
        for (int i = 0; i < dash; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return Optional.empty();
            }
            number = number * 10 + digit;
        }
        String digest = text.substring(dash + 1);
        return isHex(digest) ? Optional.of(new Rev(number, digest)) : Optional.empty();
    }

    private static boolean isHex(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
                return false;
            }
        }
        return true;
    }

    /** The winner is the greatest: highest revision, then highest name, in every process alike. */
    @Override
    public int compareTo(Rev other) {
        int byNumber = Long.compare(number, other.number);
        return byNumber != 0 ? byNumber : digest.compareTo(other.digest);
    }

    @Override
    public String toString() {
        return number + "-" + digest;
    }
}
