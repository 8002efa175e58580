package dev.covey.patch;

import java.util.ArrayList;
import java.util.List;

/** A path of an update document: names and indexes between dots, {@code $}, {@code $[]} and {@code $[identifier]}. */
record UpdatePath(String text, List<Step> steps) {
    /**
     * One component.
     *
     * @param text a name or index; {@code $}; or of a filter its identifier, empty for every element
     * @param filters whether it is {@code $[]} or {@code $[identifier]}
     */
    record Step(String text, boolean filters) {
        boolean positional() {
            return filters || text.equals(UpdateNode.POSITIONAL);
        }
    }

    static UpdatePath parse(String operator, String text, Limits limits) {
        List<Step> steps = new ArrayList<>();
        int from = 0;
        while (from <= text.length()) {
            int dot = text.indexOf('.', from);
            int end = dot < 0 ? text.length() : dot;
            steps.add(step(operator, text, text.substring(from, end)));
            Check.depth(steps.size(), limits.depth(), limits);
            from = end + 1;
        }
        if (steps.get(0).positional()) {
            throw bad(operator, text, "the name of an array before " + text);
        }
        long matched = steps.stream()
                .filter(step -> !step.filters() && step.positional())
                .count();
        if (matched > 1) {
            throw bad(operator, text, "one $ at most");
        }
        return new UpdatePath(text, List.copyOf(steps));
    }

    private static Step step(String operator, String text, String component) {
        if (component.isEmpty()) {
            throw bad(operator, text, "names that are not empty");
        }
        if (component.charAt(0) != '$' || component.equals("$")) {
            return new Step(component, false);
        }
        if (component.startsWith("$[") && component.endsWith("]")) {
            return new Step(component.substring(2, component.length() - 1), true);
        }
        throw bad(operator, text, "names that do not begin with $");
    }

    private static PatchException bad(String operator, String text, String expected) {
        return PatchException.invalid(operator, "", expected, "path \"" + PatchException.cut(text) + "\"");
    }

    boolean positional() {
        return steps.stream().anyMatch(Step::positional);
    }

    /** As a plain path. */
    Path path() {
        return Path.of(steps.stream().map(Step::text).toList());
    }

    @Override
    public String toString() {
        return text;
    }
}
