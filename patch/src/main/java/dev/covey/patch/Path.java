package dev.covey.patch;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A place in a value: steps from the document down, each a member name or, inside an array, an index in decimal. Text
 * form is the JSON pointer of RFC 6901. Immutable.
 */
public final class Path implements Comparable<Path> {
    /** The whole document. */
    public static final Path ROOT = new Path(new String[0]);

    private final String[] steps;

    private Path(String[] steps) {
        this.steps = steps;
    }

    /**
     * Reads a JSON pointer.
     *
     * @throws PatchException if it is neither empty nor begins with a slash, or holds a tilde not followed by 0 or 1
     */
    public static Path parse(String pointer) {
        if (pointer.isEmpty()) {
            return ROOT;
        }
        if (pointer.charAt(0) != '/') {
            throw PatchException.invalid("pointer", "", "a slash first", "pointer \"" + pointer + "\"");
        }
        List<String> steps = new ArrayList<>();
        int from = 1;
        while (true) {
            int slash = pointer.indexOf('/', from);
            steps.add(unescaped(pointer.substring(from, slash < 0 ? pointer.length() : slash)));
            if (slash < 0) {
                return new Path(steps.toArray(String[]::new));
            }
            from = slash + 1;
        }
    }

    /** A path of these steps, taken as they are. */
    public static Path of(List<String> steps) {
        return ofOwn(steps.toArray(String[]::new));
    }

    /** A path of these steps; the array is the path's from now on. */
    static Path ofOwn(String[] steps) {
        return steps.length == 0 ? ROOT : new Path(steps);
    }

    private static String unescaped(String step) {
        if (step.indexOf('~') < 0) {
            return step;
        }
        StringBuilder plain = new StringBuilder(step.length());
        for (int i = 0; i < step.length(); i++) {
            char c = step.charAt(i);
            if (c == '~') {
                i++;
                char escape = i < step.length() ? step.charAt(i) : ' ';
                if (escape != '0' && escape != '1') {
                    throw PatchException.invalid("pointer", "", "~0 or ~1 after a tilde", "step \"" + step + "\"");
                }
                c = escape == '0' ? '~' : '/';
            }
            plain.append(c);
        }
        return plain.toString();
    }

    /**
     * The value at this path, as RFC 6901 evaluates a pointer.
     *
     * @throws PatchException if the path leads to nothing
     */
    public JsonNode resolve(JsonNode frozen) {
        JsonNode found = TreeEdit.find(frozen, this);
        if (found == null) {
            throw PatchException.invalid("pointer", toString(), "a value there", "missing");
        }
        return found;
    }

    /** How many steps. */
    public int size() {
        return steps.length;
    }

    /** One step, from 0. */
    public String step(int index) {
        return steps[index];
    }

    /** All steps. */
    public List<String> steps() {
        return List.of(steps);
    }

    /** This path with one more step. */
    public Path child(String step) {
        String[] longer = Arrays.copyOf(steps, steps.length + 1);
        longer[steps.length] = step;
        return new Path(longer);
    }

    Path child(int index) {
        return child(Integer.toString(index));
    }

    /** The first so many steps. */
    public Path first(int count) {
        return count == steps.length ? this : count == 0 ? ROOT : new Path(Arrays.copyOf(steps, count));
    }

    /** This path without its last step; the root is its own parent. */
    public Path parent() {
        return steps.length == 0 ? this : first(steps.length - 1);
    }

    /** Whether the other path is this one or leads on from it. */
    public boolean contains(Path other) {
        return other.steps.length >= steps.length
                && Arrays.equals(steps, 0, steps.length, other.steps, 0, steps.length);
    }

    /** Whether one of the two contains the other. */
    public boolean overlaps(Path other) {
        int common = Math.min(steps.length, other.steps.length);
        return Arrays.equals(steps, 0, common, other.steps, 0, common);
    }

    /** The array index a step says, or -1 if it says none: digits without a leading zero, up to 2^31-1. */
    static int index(String step) {
        int length = step.length();
        if (length == 0 || length > 10 || (length > 1 && step.charAt(0) == '0')) {
            return -1;
        }
        long index = 0;
        for (int i = 0; i < length; i++) {
            int digit = step.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            index = index * 10 + digit;
        }
        return index > Integer.MAX_VALUE ? -1 : (int) index;
    }

    /** Step by step in the order of their text. */
    @Override
    public int compareTo(Path other) {
        return Arrays.compare(steps, other.steps);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Path path && Arrays.equals(steps, path.steps);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(steps);
    }

    /** The JSON pointer. */
    @Override
    public String toString() {
        StringBuilder pointer = new StringBuilder();
        for (String step : steps) {
            pointer.append('/').append(step.replace("~", "~0").replace("/", "~1"));
        }
        return pointer.toString();
    }
}
