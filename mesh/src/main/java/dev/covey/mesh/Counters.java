package dev.covey.mesh;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** Counts what happens to one member. Any thread. */
final class Counters {
    private final LongAdder patches = new LongAdder();
    private final LongAdder accepted = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder late = new LongAdder();
    private final LongAdder retries = new LongAdder();
    private final LongAdder records = new LongAdder();
    private final LongAdder snapshots = new LongAdder();
    private final LongAdder epochs = new LongAdder();

    void asked() {
        patches.increment();
    }

    void accepted() {
        accepted.increment();
    }

    void refused() {
        refused.increment();
    }

    void late() {
        late.increment();
    }

    void retried() {
        retries.increment();
    }

    void record() {
        records.increment();
    }

    void snapshot() {
        snapshots.increment();
    }

    void epoch() {
        epochs.increment();
    }

    Statistics statistics(List<String> stuck) {
        return new Statistics(
                patches.sum(),
                accepted.sum(),
                refused.sum(),
                late.sum(),
                retries.sum(),
                records.sum(),
                snapshots.sum(),
                epochs.sum(),
                stuck);
    }
}
