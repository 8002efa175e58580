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
            usage: examples/measure failover [--json]

            Three workers patch one object, 64 patches in flight each. The host is killed with kill -9; the time runs until
            the first patch that the next epoch accepted is answered to a survivor. Another worker takes the place of the
            dead one, all warm up for two seconds, and the next host is killed: 20 times. At the end the acknowledgements
            are compared with the store.

            exit 0  nothing was lost
            exit 1  something is lost, doubled or different
            exit 2  a kill could not be confirmed
            """;

    private static final int WORKERS = 3;
    private static final int KILLS = 20;
    private static final long WARM_SECONDS = 2;

    private final PrintStream out;
    private final Crew crew;
    private final List<Double> millis = new ArrayList<>();

    private Failover(PrintStream out, Crew crew) {
        this.out = out;
        this.crew = crew;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        List<String> all = List.of(arguments);
        if (all.contains("--help")) {
            System.out.print(USAGE);
            return;
        }
        boolean json = all.contains("--json");
        PrintStream out = json ? System.err : new PrintStream(System.out, true, StandardCharsets.UTF_8);
        int exit;
        try (Workspace workspace = Workspace.open("failover", all.contains("--keep"))) {
            Failover failover = new Failover(out, new Crew(workspace, Demo.WORKER_FLAGS));
            Verdict verdict = failover.run();
            ObjectNode result = failover.result(verdict);
            if (json) {
                System.out.println(result);
            } else {
                out.println(result.toPrettyString());
            }
            exit = verdict.isGood() ? Report.EXIT_GOOD : Report.EXIT_WRONG;
        } catch (ChildFailedException failed) {
            out.println("FAILED: " + failed.getMessage());
            exit = Report.EXIT_WRONG;
        } catch (UnconfirmedException unconfirmed) {
            out.println("NOTHING SHOWN: " + unconfirmed.getMessage());
            exit = Report.EXIT_NOTHING_SHOWN;
        }
        System.exit(exit);
    }

    private Verdict run() throws InterruptedException {
        List<ChildJvm> first = Stream.generate(crew::start).limit(WORKERS).toList();
        first.forEach(crew::admit);
        crew.go();
        for (int kill = 1; kill <= KILLS; kill++) {
            TimeUnit.SECONDS.sleep(WARM_SECONDS);
            double gap = crew.killHost();
            millis.add(gap);
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
        millis.forEach(result.putArray("failoverMillis")::add);
        result.put("medianMillis", (sorted.get(KILLS / 2 - 1) + sorted.get(KILLS / 2)) / 2);
        result.put("slowestMillis", sorted.get(KILLS - 1));
        return result.put("acknowledged", verdict.acknowledged())
                .put("found", verdict.found())
                .put("lost", verdict.lost())
                .put("doubled", verdict.doubled());
    }
}
