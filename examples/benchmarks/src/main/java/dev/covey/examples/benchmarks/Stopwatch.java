package dev.covey.examples.benchmarks;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Does one thing again and again for a while, and keeps how long each time took. */
final class Stopwatch {
    private static final int DIGITS = 3;

    private final Histogram nanos = new Histogram(DIGITS);
    private double seconds;

    /** What is measured, the how-manieth time as an argument. */
    interface Step {
        void run(int number) throws Exception;
    }

    /** Until the time is up or it was done so often. */
    static Stopwatch repeat(long millis, int most, Step step) throws Exception {
        Stopwatch watch = new Stopwatch();
        long began = System.nanoTime();
        long deadline = began + TimeUnit.MILLISECONDS.toNanos(millis);
        long before = began;
        for (int i = 0; i < most && before < deadline; i++) {
            step.run(i);
            long after = System.nanoTime();
            watch.nanos.recordValue(after - before);
            before = after;
        }
        watch.seconds = (before - began) / 1e9;
        return watch;
    }

    /** Until the time is up, each time after a pause that does not count. */
    static Stopwatch repeatWithPauses(long pauseMillis, long millis, Step step) throws Exception {
        Stopwatch watch = new Stopwatch();
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        long measured = 0;
        for (int i = 0; System.nanoTime() < deadline; i++) {
            TimeUnit.MILLISECONDS.sleep(pauseMillis);
            long before = System.nanoTime();
            step.run(i);
            long took = System.nanoTime() - before;
            watch.nanos.recordValue(took);
            measured += took;
        }
        watch.seconds = measured / 1e9;
        return watch;
    }

    int count() {
        return (int) nanos.getTotalCount();
    }

    double perSecond() {
        return nanos.getTotalCount() / seconds;
    }

    double micros(double percentile) {
        return nanos.getValueAtPercentile(percentile) / 1e3;
    }

    Row row(String name, String contender) {
        return new Row(
                name,
                contender,
                List.of(
                        new Row.Figure("rate", perSecond(), "/s"),
                        new Row.Figure("p50", micros(50), "us"),
                        new Row.Figure("p99", micros(99), "us")));
    }
}
