package dev.covey.examples.tour.demo;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.covey.examples.tour.process.ChildFailedException;
import dev.covey.examples.tour.process.ChildJvm;
import dev.covey.examples.tour.process.UnconfirmedException;
import dev.covey.examples.tour.process.Workspace;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Kills the host of a busy mesh again and again, and measures how long nobody was answered. */
public final class Failover {
    private static final String USAGE = """
            usage: examples/measure failover [--kills N] [--heap SIZE] [--json]

              --kills N    how many hosts are killed, 20 if not given
              --heap SIZE  of each worker, 192m if not given; all of it is touched before the worker joins

            Three workers patch one object, 64 patches in flight each. The host is killed with kill -9; the time runs until
            the first patch that the next epoch accepted is answered to a survivor. Another worker takes the place of the
            dead one, all warm up for two seconds, and the next host is killed. At the end the acknowledgements are compared
            with the store. The timeline has the medians of when each step was done, in milliseconds after the kill.

            exit 0  nothing was lost
            exit 1  something is lost, doubled or different
            exit 2  a kill could not be confirmed
            """;

    private static final int WORKERS = 3;
    /** What the new host does, in this order, after the kill. */
    static final List<String> STEPS = List.of(
            "noticed",
            "cellTaken",
            "drained",
            "segmentPublished",
            "transportUp",
            "firstCommit",
            "firstAcknowledgement");

    private static final long WARM_SECONDS = 2;

    private final PrintStream out;
    private final Crew crew;
    private final FailoverOptions options;
    private final List<List<Double>> steps = new ArrayList<>();
    private final List<Double> millis = new ArrayList<>();

    private Failover(PrintStream out, Crew crew, FailoverOptions options) {
        this.out = out;
        this.crew = crew;
        this.options = options;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (List.of(arguments).contains("--help")) {
            System.out.print(USAGE);
            return;
        }
        System.exit(run(arguments));
    }

    private static int run(String[] arguments) throws IOException, InterruptedException {
        FailoverOptions options;
        try {
            options = FailoverOptions.parse(List.of(arguments));
        } catch (IllegalArgumentException wrong) {
            System.err.println(wrong.getMessage());
            System.err.print(USAGE);
            return Report.EXIT_NOTHING_SHOWN;
        }
        PrintStream out = options.json() ? System.err : new PrintStream(System.out, true, StandardCharsets.UTF_8);
        try (Workspace workspace = Workspace.open("failover", options.keep())) {
            Failover failover = new Failover(out, new Crew(workspace, options.workerFlags()), options);
            Verdict verdict = failover.run();
            ObjectNode result = failover.result(verdict);
            System.out.println(options.json() ? result : result.toPrettyString());
            return verdict.isGood() ? Report.EXIT_GOOD : Report.EXIT_WRONG;
        } catch (ChildFailedException failed) {
            out.println("FAILED: " + failed.getMessage());
            return Report.EXIT_WRONG;
        } catch (UnconfirmedException unconfirmed) {
            out.println("NOTHING SHOWN: " + unconfirmed.getMessage());
            return Report.EXIT_NOTHING_SHOWN;
        }
    }

    private Verdict run() throws InterruptedException {
        List<ChildJvm> first = Stream.generate(crew::start).limit(WORKERS).toList();
        first.forEach(crew::admit);
        crew.go();
        for (int kill = 1; kill <= options.kills(); kill++) {
            TimeUnit.SECONDS.sleep(WARM_SECONDS);
            double gap = crew.killHost();
            millis.add(gap);
            List<Double> taken = new ArrayList<>(crew.stepsOfTakeOver());
            taken.add(gap);
            steps.add(taken);
            out.printf(Locale.ROOT, "host %2d killed: %.1f ms%n", kill, gap);
            ChildJvm next = crew.start();
            crew.admit(next);
            next.send("go");
        }
        List<Crew.Final> finals = crew.stop();
        crew.leave();
        return crew.judge(finals.get(0));
    }

    private ObjectNode result(Verdict verdict) {
        List<Double> sorted = millis.stream().sorted().toList();
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        result.put("measured", "failover").put("durability", "OS");
        result.put("heap", options.heap().isEmpty() ? "192m" : options.heap());
        millis.forEach(result.putArray("failoverMillis")::add);
        result.put("medianMillis", rounded(quantile(sorted, 0.5)));
        result.put("p99Millis", rounded(quantile(sorted, 0.99)));
        result.put("slowestMillis", sorted.get(sorted.size() - 1));
        ObjectNode timeline = result.putObject("timelineMillis");
        for (int step = 0; step < STEPS.size(); step++) {
            int at = step;
            List<Double> times =
                    steps.stream().map(each -> each.get(at)).sorted().toList();
            timeline.put(STEPS.get(step), rounded(quantile(times, 0.5)));
        }
        return result.put("acknowledged", verdict.acknowledged())
                .put("found", verdict.found())
                .put("lost", verdict.lost())
                .put("doubled", verdict.doubled());
    }

    /** Nearest rank, so a time that was measured. */
    private static double quantile(List<Double> sorted, double quantile) {
        return sorted.get((int) Math.ceil(quantile * sorted.size()) - 1);
    }

    private static double rounded(double millis) {
        return Math.rint(millis * 100) / 100;
    }
}
