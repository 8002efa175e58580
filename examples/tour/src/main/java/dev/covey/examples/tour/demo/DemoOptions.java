package dev.covey.examples.tour.demo;

import java.util.List;

/**
 * What the demo is asked for.
 *
 * @param seconds from the first patch to the last; all acts come at their fraction of it
 * @param all whether all workers are killed at once too
 * @param json whether the last line is JSON, and all others go to the standard error
 * @param keep whether the store, the acknowledgements and the logs stay
 */
record DemoOptions(double seconds, boolean all, boolean json, boolean keep) {
    static final String USAGE = """
            usage: examples/demo [--seconds N] [--all] [--json] [--keep]

              --seconds N  length of the run, 12 if not given; the acts come at the same fractions of it
              --all        after the host has been killed, kill every worker at once and start as many again
              --json       the last line is one JSON object; everything else goes to the standard error
              --keep       leave the store, the acknowledgements and the logs where they are, and say where

            Four JVMs share one object and patch it as fast as they are answered. At 3 s of 12 the host is killed with
            kill -9, at 4.5 s the new host is frozen with SIGSTOP for 4 s (while the clock of the acts stands still), at 8 s
            a new worker joins, at 10 s the host closes politely, at 12 s all stop. A fresh JVM that never joined then
            compares what the workers were told with what is in the store.

            Fields of the JSON line: members (workers that joined), joinMillis (of each, in the order they were admitted,
            from the first line of main), acknowledged, found, lost, doubled, converged, failoverMillis (kill -9 of the
            host, its polite close(): until the next patch was answered), hungFailoverMillis (the same for the frozen host),
            rejoinMillis (from its thawing until one of its own patches was answered), patchesPerSecond, p50Micros, p99Micros,
            revisionFiles, revisionMatches.

            exit 0  all was found, once, and the same everywhere
            exit 1  something is lost, doubled or different, or a worker failed
            exit 2  an act could not be confirmed, or fewer than 10,000 patches were acknowledged: nothing was shown
            """;

    private static final double LONGEST = 3_600;
    private static final double SHORTEST = 2;
    static final DemoOptions DEFAULT = new DemoOptions(12, false, false, false);

    DemoOptions {
        if (!(seconds >= SHORTEST && seconds <= LONGEST)) {
            throw new IllegalArgumentException(
                    "--seconds is " + seconds + ", " + SHORTEST + " to " + LONGEST + " are possible");
        }
    }

    static DemoOptions parse(List<String> arguments) {
        DemoOptions options = DEFAULT;
        for (int i = 0; i < arguments.size(); i++) {
            switch (arguments.get(i)) {
                case "--seconds" -> {
                    i++;
                    options = options.withSeconds(i < arguments.size() ? arguments.get(i) : "missing");
                }
                case "--all" -> options = new DemoOptions(options.seconds, true, options.json, options.keep);
                case "--json" -> options = new DemoOptions(options.seconds, options.all, true, options.keep);
                case "--keep" -> options = new DemoOptions(options.seconds, options.all, options.json, true);
                default -> throw new IllegalArgumentException("no such option: " + arguments.get(i));
            }
        }
        return options;
    }

    private DemoOptions withSeconds(String text) {
        try {
            return new DemoOptions(Double.parseDouble(text), all, json, keep);
        } catch (NumberFormatException noNumber) {
            throw new IllegalArgumentException("--seconds is " + text + ", a number is needed", noNumber);
        }
    }
}
