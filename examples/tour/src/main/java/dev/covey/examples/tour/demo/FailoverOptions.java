package dev.covey.examples.tour.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What the measurement of fail-overs is asked for.
 *
 * @param kills how many hosts are killed
 * @param heap of each worker as the JVM's -Xmx takes it; empty for the demo's workers
 * @param json whether the last line is JSON, and all others go to the standard error
 * @param keep whether the store, the acknowledgements and the logs stay
 */
record FailoverOptions(int kills, String heap, boolean json, boolean keep) {
    private static final int MOST_KILLS = 10_000;
    private static final Pattern HEAP = Pattern.compile("[1-9][0-9]{0,5}[mg]");

    FailoverOptions {
        if (kills < 1 || kills > MOST_KILLS) {
            throw new IllegalArgumentException("--kills is " + kills + ", 1 to " + MOST_KILLS + " are possible");
        }
        if (!heap.isEmpty() && !HEAP.matcher(heap).matches()) {
            throw new IllegalArgumentException("--heap is " + heap + ", a size such as 64m or 1g is needed");
        }
    }

    static FailoverOptions parse(List<String> arguments) {
        FailoverOptions options = new FailoverOptions(20, "", false, false);
        for (int i = 0; i < arguments.size(); i++) {
            String value = i + 1 < arguments.size() ? arguments.get(i + 1) : "missing";
            switch (arguments.get(i)) {
                case "--kills" -> {
                    options = new FailoverOptions(number(value), options.heap, options.json, options.keep);
                    i++;
                }
                case "--heap" -> {
                    options = new FailoverOptions(options.kills, value, options.json, options.keep);
                    i++;
                }
                case "--json" -> options = new FailoverOptions(options.kills, options.heap, true, options.keep);
                case "--keep" -> options = new FailoverOptions(options.kills, options.heap, options.json, true);
                default -> throw new IllegalArgumentException("no such option: " + arguments.get(i));
            }
        }
        return options;
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException noNumber) {
            throw new IllegalArgumentException("--kills is " + text + ", a number is needed", noNumber);
        }
    }

    /** A heap that is asked for is touched as a whole, since the kernel frees it before it tells of the death. */
    List<String> workerFlags() {
        if (heap.isEmpty()) {
            return Demo.WORKER_FLAGS;
        }
        List<String> flags = new ArrayList<>(Demo.WORKER_FLAGS);
        flags.removeIf(flag -> flag.startsWith("-Xm"));
        flags.addAll(List.of("-Xms" + heap, "-Xmx" + heap, "-XX:+AlwaysPreTouch"));
        return flags;
    }
}
