package dev.covey.examples.tour.demo;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;

/**
 * What one run showed.
 *
 * @param joinMillis of each worker, from the first line of its main method
 * @param verdict of the judge
 * @param converged whether all workers had the same value at the same revision at the end
 * @param failoverMillis until the next patch was answered, for each host that was lost
 * @param hungFailoverMillis likewise, for the host that was frozen
 * @param rejoinMillis from its thawing until one of its own patches was answered
 * @param seconds in which patches were made
 * @param p50Micros of all answers, from asking to being told
 * @param p99Micros likewise
 */
record Report(
        List<Long> joinMillis,
        Verdict verdict,
        boolean converged,
        List<Double> failoverMillis,
        double hungFailoverMillis,
        double rejoinMillis,
        double seconds,
        double p50Micros,
        double p99Micros) {
    static final long LEAST_ACKNOWLEDGED = 10_000;

    static final int EXIT_GOOD = 0;
    static final int EXIT_WRONG = 1;
    static final int EXIT_NOTHING_SHOWN = 2;

    int exitCode() {
        if (!verdict.isGood() || !converged) {
            return EXIT_WRONG;
        }
        return verdict.acknowledged() < LEAST_ACKNOWLEDGED ? EXIT_NOTHING_SHOWN : EXIT_GOOD;
    }

    private double patchesPerSecond() {
        return Math.rint(verdict.acknowledged() / seconds);
    }

    ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("members", joinMillis.size());
        joinMillis.forEach(json.putArray("joinMillis")::add);
        json.put("acknowledged", verdict.acknowledged());
        json.put("found", verdict.found());
        json.put("lost", verdict.lost());
        json.put("doubled", verdict.doubled());
        json.put("converged", converged);
        failoverMillis.forEach(json.putArray("failoverMillis")::add);
        json.put("hungFailoverMillis", hungFailoverMillis);
        json.put("rejoinMillis", rejoinMillis);
        json.put("patchesPerSecond", (long) patchesPerSecond());
        json.put("p50Micros", p50Micros);
        json.put("p99Micros", p99Micros);
        json.put("revisionFiles", verdict.revisionFiles());
        json.put("revisionMatches", verdict.revisionMatches());
        return json;
    }

    String toText() {
        String outcome = switch (exitCode()) {
            case EXIT_GOOD -> "PASSED: every acknowledged patch is in the store, once, and all had the same value.";
            case EXIT_WRONG -> "FAILED: something is lost, doubled or different.";
            default -> "NOTHING SHOWN: fewer than " + LEAST_ACKNOWLEDGED + " patches were acknowledged.";
        };
        return String.format(
                Locale.ROOT,
                """
                acknowledged %,d  found %,d  lost %,d  doubled %,d  converged %s
                %,d patches/s  p50 %,.0f µs  p99 %,.0f µs
                %,d revision files, which lead to the same value: %s
                %s""",
                verdict.acknowledged(),
                verdict.found(),
                verdict.lost(),
                verdict.doubled(),
                converged ? "yes" : "no",
                (long) patchesPerSecond(),
                p50Micros,
                p99Micros,
                verdict.revisionFiles(),
                verdict.revisionMatches() ? "yes" : "no",
                outcome);
    }
}
