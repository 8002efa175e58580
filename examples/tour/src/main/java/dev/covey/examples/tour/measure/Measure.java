package dev.covey.examples.tour.measure;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.covey.examples.tour.process.ChildFailedException;
import dev.covey.examples.tour.process.ChildJvm;
import dev.covey.examples.tour.process.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/** Measures real members in JVMs of their own, with default options. */
public final class Measure {
    private static final String USAGE = """
            usage: examples/measure latency|size|join|idle|journal|failover [--store] [--seconds N] [--json]

              latency   an acknowledged patch, one in flight, warmed up: two members in two JVMs, first asked by the one
                        that is not host, then by the host
              size      replacing a text in an object of 1 kB and in one of 1 MB, likewise, asked by the one that is not host
              join      from the first line of main to being a member, for four JVMs, each started two seconds after the
                        last one had joined
              idle      what three members cost when nearly nothing happens: one patches once in 100 ms, one is host, one only
                        follows; processor time of each process over 10 s, and how long the patches took; warmed up as for
                        latency
              journal   100,000 patches a second for 10 s: how long the journal gets while it is cut behind its snapshots
              failover  from kill -9 of the host to the next answered patch of a survivor, 20 times, under load;
                        "failover --help" tells more

              --store   with a store directory, so at durability OS; without it the journal is in shared memory
              --seconds of idle and journal
              --json    one JSON line instead of sentences
            """;

    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final int WARM = 60_000;
    private static final int COUNT = 100_000;
    private static final int WARM_TEXTS = 30_000;
    private static final int COUNT_TEXTS = 30_000;
    private static final int SMALL_BYTES = 1_000;
    private static final int LARGE_BYTES = 1_000_000;
    private static final int JOINERS = 4;
    private static final int SECONDS = 10;
    private static final int PACE_MILLIS = 100;
    private static final int PACE_WARM = 1_000;
    /** Until the successor has prepared what it needs. */
    private static final long PREPARE_SECONDS = 4;

    private static final int STREAM_RATE = 100_000;
    private static final long LOOK_MILLIS = 20;
    private static final long SETTLE_SECONDS = 2;
    private static final double MICROS_PER_MILLI = 1_000;
    private static final int EXIT_USAGE = 2;

    private final Workspace workspace;
    private final boolean store;
    private final int seconds;
    private final ObjectNode result = JsonNodeFactory.instance.objectNode();
    private final List<ChildJvm> members = new ArrayList<>();

    private Measure(Workspace workspace, boolean store, int seconds) {
        this.seconds = seconds;
        this.workspace = workspace;
        this.store = store;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        List<String> all = List.of(arguments);
        if (all.isEmpty() || all.contains("--help")) {
            System.out.print(USAGE);
            System.exit(all.isEmpty() ? EXIT_USAGE : 0);
        }
        try (Workspace workspace = Workspace.open("measure", false)) {
            Measure measure = new Measure(workspace, all.contains("--store"), seconds(all));
            measure.run(all.get(0));
            System.out.println(all.contains("--json") ? measure.result : measure.result.toPrettyString());
        } catch (IllegalArgumentException | ChildFailedException wrong) {
            System.err.println(wrong.getMessage());
            System.exit(EXIT_USAGE);
        }
    }

    private static int seconds(List<String> arguments) {
        int at = arguments.indexOf("--seconds");
        if (at < 0) {
            return SECONDS;
        }
        String text = at + 1 < arguments.size() ? arguments.get(at + 1) : "missing";
        if (!text.matches("[1-9][0-9]{0,4}")) {
            throw new IllegalArgumentException("--seconds is " + text + ", a number from 1 to 99999 is needed");
        }
        return Integer.parseInt(text);
    }

    private void run(String what) throws InterruptedException {
        result.put("measured", what).put("durability", store ? "OS" : "MEMORY");
        switch (what) {
            case "latency" -> latency();
            case "size" -> size();
            case "join" -> join();
            case "idle" -> idle();
            case "journal" -> journal();
            default -> throw new IllegalArgumentException("no such figure: " + what + "\n" + USAGE);
        }
        members.forEach(member -> member.send("leave"));
        members.forEach(member -> member.await("left", LIMIT));
    }

    /** Starts a member and waits until it has joined; the first one is host. */
    private ChildJvm member() {
        List<String> arguments = new ArrayList<>(List.of(workspace.meshBase().toString()));
        if (store) {
            arguments.add(workspace.files().resolve("store").toString());
        }
        List<String> flags = List.of("--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED");
        ChildJvm child = ChildJvm.start(workspace, "m" + (members.size() + 1), Patcher.class, flags, arguments);
        members.add(child);
        return child;
    }

    private static double joinedMillis(ChildJvm member) {
        return Long.parseLong(member.await("joined", LIMIT).get(1)) / MICROS_PER_MILLI;
    }

    /** A new member warms up in the background for a while, which is not what the next one's joining takes. */
    private void join() throws InterruptedException {
        ArrayNode millis = result.putArray("joinMillis");
        for (int i = 0; i < JOINERS; i++) {
            millis.add(joinedMillis(member()));
            TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
        }
    }

    private void latency() {
        ChildJvm host = member();
        joinedMillis(host);
        ChildJvm other = member();
        joinedMillis(other);
        put("member", measured(other, "count " + WARM + " " + COUNT));
        put("host", measured(host, "count " + WARM + " " + COUNT));
    }

    private void size() {
        joinedMillis(member());
        ChildJvm other = member();
        joinedMillis(other);
        measured(other, "count " + WARM + " 1");
        Histogram small = measured(other, "replace " + SMALL_BYTES + " " + WARM_TEXTS + " " + COUNT_TEXTS);
        Histogram large = measured(other, "replace " + LARGE_BYTES + " " + WARM_TEXTS + " " + COUNT_TEXTS);
        put("kilobyte", small);
        put("megabyte", large);
        double ratio = Figures.micros(large, 50) / Figures.micros(small, 50);
        result.put("ratioOfP50", Double.parseDouble(String.format(Locale.ROOT, "%.2f", ratio)));
    }

    private void idle() throws InterruptedException {
        ChildJvm host = member();
        joinedMillis(host);
        ChildJvm patching = member();
        joinedMillis(patching);
        ChildJvm following = member();
        joinedMillis(following);
        measured(patching, "count " + WARM + " 1");
        TimeUnit.SECONDS.sleep(PREPARE_SECONDS);
        measured(patching, "pace " + PACE_WARM + " " + PACE_MILLIS / 10);
        long begun = System.nanoTime();
        long[] before = {host.cpuNanos(), patching.cpuNanos(), following.cpuNanos()};
        long count = TimeUnit.SECONDS.toMillis(seconds) / PACE_MILLIS;
        put("patches", measured(patching, "pace " + count + " " + PACE_MILLIS));
        double passed = System.nanoTime() - begun;
        result.put("hostPercentOfACore", percent((host.cpuNanos() - before[0]) / passed));
        result.put("patchingPercentOfACore", percent((patching.cpuNanos() - before[1]) / passed));
        result.put("followingPercentOfACore", percent((following.cpuNanos() - before[2]) / passed));
    }

    private static double percent(double part) {
        return Math.rint(part * 10_000) / 100;
    }

    private void journal() throws InterruptedException {
        ChildJvm host = member();
        joinedMillis(host);
        joinedMillis(member());
        Path journal = store
                ? workspace.files().resolve("store/journal")
                : workspace.meshBase().resolve("measure/journal");
        host.send("stream " + seconds + " " + STREAM_RATE);
        long longest = 0;
        List<String> streamed = host.take("streamed");
        while (streamed == null) {
            longest = Math.max(longest, bytesIn(journal));
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            streamed = host.take("streamed");
        }
        long patches = Long.parseLong(streamed.get(1));
        result.put("seconds", seconds).put("patches", patches);
        result.put("patchesPerSecond", patches / seconds);
        result.put("longestJournalBytes", longest);
    }

    private static long bytesIn(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.mapToLong(Measure::sizeIfThere).sum();
        } catch (IOException gone) {
            throw new ChildFailedException(directory + " cannot be read: " + gone);
        }
    }

    private static long sizeIfThere(Path file) {
        try {
            return Files.size(file);
        } catch (IOException removedMeanwhile) {
            return 0;
        }
    }

    private static Histogram measured(ChildJvm member, String order) {
        member.send(order);
        return Figures.fromText(member.await("measured", LIMIT).get(1));
    }

    private void put(String name, Histogram histogram) {
        result.putObject(name)
                .put("p50Micros", Figures.micros(histogram, 50))
                .put("p99Micros", Figures.micros(histogram, 99))
                .put("patches", histogram.getTotalCount());
    }
}
