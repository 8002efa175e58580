package dev.covey.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Rule F1: the hex digits are the first 128 bits of SHA-256 over the previous {@code _rev} and the bytes of what was
 * accepted. The same step from the same past always has the same name, and no other step ever has it. Not thread-safe.
 */
final class RevDigest {
    private static final int BYTES = Rev.DIGEST_LENGTH / 2;

    private final MessageDigest sha256 = sha256();

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** {@code previous} is empty for a first revision. The buffer's position does not move. */
    Rev next(String previous, long number, ByteBuffer accepted) {
        sha256.update(previous.getBytes(StandardCharsets.US_ASCII));
        sha256.update(accepted.duplicate());
        return new Rev(number, HexFormat.of().formatHex(sha256.digest(), 0, BYTES));
    }

    static String ofText(byte[] text) {
        return HexFormat.of().formatHex(sha256().digest(text), 0, BYTES);
    }
}
