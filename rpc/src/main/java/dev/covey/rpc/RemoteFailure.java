package dev.covey.rpc;

/**
 * An exception of another process, as text.
 *
 * @param type its class name
 * @param message what it said, "" if nothing
 * @param code its code, for exceptions that have a method {@code code()}; else ""
 * @param stack its stack trace, cut at {@value #MAX_STACK_CHARS} characters
 */
public record RemoteFailure(String type, String message, String code, String stack) {
    /** Longest stack that is sent. */
    public static final int MAX_STACK_CHARS = 16_384;

    /** Longest message that is sent. */
    public static final int MAX_MESSAGE_CHARS = 8_192;
}
