package dev.covey.examples.benchmarks;

import java.util.List;
import java.util.Locale;

/**
 * One line of the table.
 *
 * @param name what was done
 * @param contender who did it
 * @param figures what was measured
 * @param verdict what was asked for and whether it was reached; empty if nothing was
 */
record Row(String name, String contender, List<Figure> figures, String verdict) {
    /**
     * One measured number.
     *
     * @param name what it is
     * @param value how much
     * @param unit of what
     */
    record Figure(String name, double value, String unit) {}

    Row {
        figures = List.copyOf(figures);
    }

    Row(String name, String contender, List<Figure> figures) {
        this(name, contender, figures, "");
    }

    /** How many times more than the other, and whether that is enough. */
    static Row ratio(String name, String contenders, double more, double less, double asked) {
        double ratio = more / less;
        String verdict =
                String.format(Locale.ROOT, "asked %.1f: %s", asked, ratio >= asked ? "reached" : "not reached");
        return new Row(name, contenders, List.of(new Figure("ratio", ratio, "times")), verdict);
    }
}
