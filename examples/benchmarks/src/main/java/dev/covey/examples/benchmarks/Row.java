package dev.covey.examples.benchmarks;

import java.util.List;

/**
 * One line of the table.
 *
 * @param name what was done
 * @param contender who did it
 * @param figures what was measured
 */
record Row(String name, String contender, List<Figure> figures) {
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
}
