package dev.covey.mesh;

import dev.covey.patch.PatchException;
import dev.covey.patch.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Which places an observer means: a JSON pointer in which a step {@code *} stands for any one step and {@code **} for any
 * number of steps, none too. {@code ~2} in a step is a plain asterisk, as {@code ~1} is a plain slash.
 *
 * @param text as it was written
 * @param steps from the document down; never two {@link Kind#DEEP} side by side
 */
record PathPattern(String text, List<Step> steps) {
    /** What a step matches. */
    enum Kind {
        NAME,
        ANY,
        DEEP
    }

    /** One step; the name is empty unless the kind is NAME. */
    record Step(Kind kind, String name) {}

    private static final Step ANY = new Step(Kind.ANY, "");
    private static final Step DEEP = new Step(Kind.DEEP, "");

    /**
     * Reads a pattern.
     *
     * @throws PatchException if it is no JSON pointer
     */
    static PathPattern parse(String text) {
        List<Step> steps = new ArrayList<>();
        if (!text.isEmpty()) {
            Path.parse(text.replace("~2", ""));
            for (String written : text.substring(1).split("/", -1)) {
                Step step = step(written);
                if (step.kind() != Kind.DEEP || steps.isEmpty() || !isDeep(steps, steps.size() - 1)) {
                    steps.add(step);
                }
            }
        }
        return new PathPattern(text, List.copyOf(steps));
    }

    private static Step step(String written) {
        return switch (written) {
            case "*" -> ANY;
            case "**" -> DEEP;
            default -> new Step(Kind.NAME, plain(written));
        };
    }

    /** Escapes are undone in this order so that {@code ~02} is a tilde and a two. */
    private static String plain(String written) {
        return written.replace("~2", "*").replace("~1", "/").replace("~0", "~");
    }

    private static boolean isDeep(List<Step> steps, int index) {
        return steps.get(index).kind() == Kind.DEEP;
    }

    /** Whether it means exactly one place. */
    boolean isExact() {
        return steps.stream().allMatch(step -> step.kind() == Kind.NAME);
    }

    /** The one place it means; only if it {@link #isExact}. */
    Path path() {
        return Path.of(steps.stream().map(Step::name).toList());
    }

    /** Whether a place may match it in more than one way. */
    boolean isAmbiguous() {
        return steps.stream().filter(step -> step.kind() == Kind.DEEP).count() > 1;
    }

    boolean endsDeep() {
        return !steps.isEmpty() && isDeep(steps, steps.size() - 1);
    }
}
