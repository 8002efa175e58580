package dev.covey.patch;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A patch or value was refused, and nothing was changed. The message says where, what was expected and what was found, with
 * values cut at {@value #SHOWN} characters: {@code /balance is text, $inc needs a number [INVALID_PATCH]}.
 */
public final class PatchException extends RuntimeException {
    /** Longest piece of a value that a message shows, in characters. */
    public static final int SHOWN = 80;

    private static final long serialVersionUID = 1L;

    private final PatchCode code;
    private final String operator;
    private final String pointer;
    private final String expected;
    private final String found;
    private final int index;

    PatchException(PatchCode code, String operator, String pointer, String expected, String found) {
        this(code, operator, pointer, expected, found, -1);
    }

    private PatchException(PatchCode code, String operator, String pointer, String expected, String found, int index) {
        super(message(code, operator, pointer, expected, found, index));
        this.code = code;
        this.operator = operator;
        this.pointer = pointer;
        this.expected = expected;
        this.found = found;
        this.index = index;
    }

    /** The same problem again, told in another process. */
    public static PatchException of(
            PatchCode code, String operator, String pointer, String expected, String found, int index) {
        return new PatchException(code, operator, pointer, expected, found, index);
    }

    static PatchException invalid(String operator, String pointer, String expected, String found) {
        return new PatchException(PatchCode.INVALID_PATCH, operator, pointer, expected, found);
    }

    static PatchException limit(String operator, String pointer, String expected, String found) {
        return new PatchException(PatchCode.LIMIT_EXCEEDED, operator, pointer, expected, found);
    }

    /** The same refusal, said of the operation at this place in its patch; the first place given stays. */
    PatchException at(int operation) {
        if (index >= 0) {
            return this;
        }
        PatchException placed = new PatchException(code, operator, pointer, expected, found, operation);
        placed.setStackTrace(getStackTrace());
        return placed;
    }

    /** The same refusal, said of the whole in which the value stands under that step. */
    PatchException below(String step) {
        return in(Path.ROOT.child(step).toString());
    }

    /** The same refusal, said of the whole in which the value stands at that pointer. */
    PatchException in(String outer) {
        PatchException placed = new PatchException(code, operator, outer + pointer, expected, found, index);
        placed.setStackTrace(getStackTrace());
        return placed;
    }

    /** A value for a message: its kind, and its text cut short. */
    static String show(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING -> "text \"" + cut(value.textValue()) + "\"";
            case NUMBER -> "number " + cut(value.asText());
            case OBJECT -> "an object of " + value.size();
            case ARRAY -> "an array of " + value.size();
            case BOOLEAN, NULL -> value.asText();
            default -> "a " + value.getClass().getSimpleName();
        };
    }

    static String cut(String text) {
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
    }

    private static String message(
            PatchCode code, String operator, String pointer, String expected, String found, int index) {
        String where = pointer.isEmpty() ? "the document" : cut(pointer);
        String place = index < 0 ? "" : " (operation " + index + ")";
        return where + " is " + cut(found) + ", " + cut(operator) + " needs " + expected + " [" + code + "]" + place;
    }

    /** Why it was refused. */
    public PatchCode code() {
        return code;
    }

    /** The operator that refused, such as {@code $inc} or {@code replace}, or the step of reading, such as {@code json}. */
    public String operator() {
        return operator;
    }

    /** Where in the value, as a JSON pointer; empty for the whole document. */
    public String pointer() {
        return pointer;
    }

    /** What would have been accepted. */
    public String expected() {
        return expected;
    }

    /** What was there instead, cut short. */
    public String found() {
        return found;
    }

    /** The place of the operation in its patch from 0, or -1 if the patch as a whole was refused. */
    public int index() {
        return index;
    }
}
