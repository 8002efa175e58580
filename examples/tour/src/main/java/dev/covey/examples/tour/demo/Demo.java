package dev.covey.examples.tour.demo;

import dev.covey.examples.tour.measure.Figures;
import dev.covey.examples.tour.process.ChildFailedException;
import dev.covey.examples.tour.process.ChildJvm;
import dev.covey.examples.tour.process.UnconfirmedException;
import dev.covey.examples.tour.process.Workspace;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/** Four processes that share one object, and what happens to them. {@link DemoOptions#USAGE} tells the whole story. */
public final class Demo {
    /** Small heaps, and only the quick compiler: four JVMs warm up at once, on two cores maybe. */
    static final List<String> WORKER_FLAGS = List.of(
            "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED",
            "-Xmx192m",
            "-Xmn96m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1");

    private static final int WORKERS = 4;
    /** A run of this many seconds has its acts at these. */
    private static final double SCALE = 12;

    /** Twice the time after which a silent host is deposed. */
    private static final Duration FREEZE = Duration.ofSeconds(4);

    private static final double HOST_KILLED = 3;
    private static final double HOST_FROZEN = 4.5;
    private static final double ALL_KILLED = 5.5;
    private static final double NEW_WORKER = 8;
    private static final double HOST_LEAVES = 10;

    private final DemoOptions options;
    private final PrintStream out;
    private final Crew crew;
    private final ArrayDeque<ChildJvm> joining = new ArrayDeque<>();
    private final List<Double> failoverMillis = new ArrayList<>();
    private double hungFailoverMillis;
    private double rejoinMillis;
    private long lastTickNanos;

    private Demo(DemoOptions options, PrintStream out, Crew crew) {
        this.options = options;
        this.out = out;
        this.crew = crew;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (List.of(arguments).contains("--help")) {
            System.out.print(DemoOptions.USAGE);
            return;
        }
        System.exit(run(arguments));
    }

    private static int run(String[] arguments) throws IOException, InterruptedException {
        DemoOptions options;
        try {
            options = DemoOptions.parse(List.of(arguments));
        } catch (IllegalArgumentException wrong) {
            System.err.println(wrong.getMessage());
            System.err.print(DemoOptions.USAGE);
            return Report.EXIT_NOTHING_SHOWN;
        }
        PrintStream out = options.json() ? System.err : new PrintStream(System.out, true, StandardCharsets.UTF_8);
        try (Workspace workspace = Workspace.open("demo", options.keep())) {
            if (options.keep()) {
                out.println("store, acknowledgements and logs stay in " + workspace.files());
            }
            Report report = new Demo(options, out, new Crew(workspace, WORKER_FLAGS)).play();
            out.println(report.toText());
            if (options.json()) {
                System.out.println(report.toJson());
            }
            return report.exitCode();
        } catch (ChildFailedException failed) {
            out.println("FAILED: " + failed.getMessage());
            return Report.EXIT_WRONG;
        } catch (UnconfirmedException unconfirmed) {
            out.println("NOTHING SHOWN: " + unconfirmed.getMessage());
            return Report.EXIT_NOTHING_SHOWN;
        }
    }

    private Report play() throws InterruptedException {
        out.println("starting " + WORKERS + " workers");
        startWorkers();
        admitAll();
        out.println("joined after " + crew.joinMillis() + " ms");
        crew.go();
        long started = System.nanoTime();
        lastTickNanos = started;
        timeline().play();
        admitAll();
        List<Crew.Final> finals = crew.stop();
        double seconds = secondsSince(started);
        boolean converged = finals.stream().distinct().count() == 1;
        finals.stream()
                .distinct()
                .forEach(
                        last -> out.println("at the end: revision " + last.revision() + ", value hash " + last.hash()));
        crew.leave();
        out.println("all have left; a JVM that was never a member compares");
        Verdict verdict = crew.judge(finals.get(0));
        Histogram all = crew.latencies();
        return new Report(
                List.copyOf(crew.joinMillis()),
                verdict,
                converged,
                List.copyOf(failoverMillis),
                hungFailoverMillis,
                rejoinMillis,
                seconds,
                Figures.micros(all, 50),
                Figures.micros(all, 99));
    }

    private Timeline timeline() {
        double scale = options.seconds() / SCALE;
        Timeline timeline = new Timeline();
        for (int second = 1; second <= options.seconds(); second++) {
            timeline.at(second, this::tick);
        }
        timeline.at(HOST_KILLED * scale, this::killHost);
        timeline.stoppingTheClockAt(HOST_FROZEN * scale, this::freezeHost);
        if (options.all()) {
            timeline.stoppingTheClockAt(ALL_KILLED * scale, this::killAll);
        }
        return timeline.at(NEW_WORKER * scale, this::startOne)
                .at(HOST_LEAVES * scale, this::hostLeaves)
                .at(options.seconds(), () -> {});
    }

    private void startWorkers() {
        Stream.generate(crew::start).limit(WORKERS).forEach(joining::add);
    }

    private void admitAll() {
        for (ChildJvm next = joining.poll(); next != null; next = joining.poll()) {
            crew.admit(next);
        }
    }

    private void startOne() {
        out.println("a new worker joins");
        ChildJvm late = crew.start();
        late.send("go");
        joining.add(late);
    }

    private void killHost() {
        double millis = crew.killHost();
        failoverMillis.add(millis);
        out.printf(
                Locale.ROOT, "host killed with kill -9, pid gone; the next patch was answered after %.1f ms%n", millis);
    }

    private void freezeHost() {
        out.println("host frozen with SIGSTOP for " + FREEZE.toSeconds() + " s");
        try {
            Crew.Hung hung = crew.freezeHost(FREEZE);
            hungFailoverMillis = hung.failoverMillis();
            rejoinMillis = hung.rejoinMillis();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new UnconfirmedException("interrupted while the host was frozen");
        }
        out.printf(
                Locale.ROOT,
                "the next patch was answered after %.0f ms by another host; thawed, it was answered as a member after %.0f ms%n",
                hungFailoverMillis,
                rejoinMillis);
    }

    private void hostLeaves() {
        admitAll();
        double millis = crew.hostLeaves();
        failoverMillis.add(millis);
        out.printf(Locale.ROOT, "host closed politely; the next patch was answered after %.1f ms%n", millis);
    }

    private void killAll() {
        int killed = crew.size();
        crew.killAll();
        out.println("all " + killed + " workers killed with kill -9, pids gone; as many are started on the same store");
        Stream.generate(crew::start).limit(killed).forEach(joining::add);
        admitAll();
        crew.go();
    }

    private void tick() {
        Crew.Tick tick = crew.tick();
        double seconds = secondsSince(lastTickNanos);
        lastTickNanos = System.nanoTime();
        out.printf(
                Locale.ROOT,
                "host %-3s epoch %d  %,9.0f patches/s  p50 %,8.0f µs  p99 %,8.0f µs%n",
                crew.nameOf(tick.hostPid()),
                tick.epoch(),
                tick.answered() / seconds,
                Figures.micros(tick.latencies(), 50),
                Figures.micros(tick.latencies(), 99));
    }

    private static double secondsSince(long nanos) {
        return (System.nanoTime() - nanos) / (double) TimeUnit.SECONDS.toNanos(1);
    }
}
