package dev.covey.mesh.local;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Until when somebody waits, and what the time went to: several waits, one after the other, have one end, and the error at
 * that end can say which of them was long. Belongs to one thread.
 */
public final class Deadline {
    /** Longer than anybody waits, and short enough to be added to a clock. */
    private static final Duration LONGEST = Duration.ofDays(10_000);

    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Duration whole;
    private final long start = System.nanoTime();
    private final Map<String, Long> spent = new LinkedHashMap<>();
    private String doing;
    private long since = start;

    private Deadline(Duration whole, String doing) {
        this.whole = whole.compareTo(LONGEST) < 0 ? whole : LONGEST;
        this.doing = doing;
    }

    /**
     * Begins to count.
     *
     * @param doing what the time goes to from now on, as in "waiting for …"
     */
    public static Deadline in(Duration whole, String doing) {
        return new Deadline(whole, doing);
    }

    /** From now on the time goes to this. */
    public void now(String what) {
        long now = System.nanoTime();
        spent.merge(doing, now - since, Long::sum);
        doing = what;
        since = now;
    }

    /** How long there is from start to end, in milliseconds. */
    public long wholeMillis() {
        return whole.toMillis();
    }

    /** What is left of it; 0 when it is over. */
    public Duration left() {
        Duration left = whole.minusNanos(System.nanoTime() - start);
        return left.isNegative() ? Duration.ZERO : left;
    }

    public boolean isOver() {
        return left().isZero();
    }

    /** What the time went to: "waiting at its door 4.9 s, waiting for its answer 0.1 s". What took no time is left out. */
    public String story() {
        Map<String, Long> all = new LinkedHashMap<>(spent);
        all.merge(doing, System.nanoTime() - since, Long::sum);
        return all.entrySet().stream()
                .filter(entry -> entry.getKey().equals(doing) || entry.getValue() >= NANOS_PER_SECOND / 20)
                .map(entry ->
                        String.format(Locale.ROOT, "%s %.1f s", entry.getKey(), entry.getValue() / NANOS_PER_SECOND))
                .collect(Collectors.joining(", "));
    }
}
