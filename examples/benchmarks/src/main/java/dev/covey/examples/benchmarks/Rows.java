package dev.covey.examples.benchmarks;

import java.util.List;

/** A set of measurements that {@code --rows} can name. */
interface Rows {
    String name();

    /** Measures; quick runs are for seeing that all is well, not for figures to keep. */
    List<Row> measure(boolean quick) throws Exception;
}
