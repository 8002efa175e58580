package dev.covey.examples.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Calls from one JVM to another and back, and events to others, in one run. */
final class RpcRows implements Rows {
    private static final String BUSY = "call round trip, back to back";
    private static final String IDLE = "call round trip, one in 5 ms";
    private static final String TEXT = "x".repeat(100);
    private static final long PAUSE_MILLIS = 5;
    /** Less shows the compiler at work, which on few cores is most of it. */
    private static final long QUICK_WARM_UP_MILLIS = 5_000;

    private static final double AT_MOST_TWICE = 0.5;
    private static final Map<String, Double> ASKED = Map.of(GrpcEcho.NAME, 5.0, JgroupsEcho.NAME, 10.0);

    @Override
    public String name() {
        return "rpc";
    }

    /** Makes the calling end of a contender. */
    private interface Connect {
        EchoLine call(Path directory) throws Exception;
    }

    @Override
    public List<Row> measure(boolean quick) throws Exception {
        Map<String, Connect> contenders = new LinkedHashMap<>();
        contenders.put(RawEcho.NAME, directory -> RawEcho.call(directory, false));
        contenders.put(CoveyEcho.NAME, directory -> CoveyEcho.call(directory, false));
        contenders.put(RawEcho.SPINNING, directory -> RawEcho.call(directory, true));
        contenders.put(CoveyEcho.SPINNING, directory -> CoveyEcho.call(directory, true));
        contenders.put(CoveyEcho.HANDED_OVER, directory -> CoveyEcho.call(directory, true));
        contenders.put(GrpcEcho.NAME, GrpcEcho::call);
        contenders.put(JgroupsEcho.NAME, JgroupsEcho::call);
        List<Row> rows = new ArrayList<>();
        Map<String, Double> busy = new LinkedHashMap<>();
        Map<String, Double> idle = new LinkedHashMap<>();
        for (Map.Entry<String, Connect> each : contenders.entrySet()) {
            measure(each.getKey(), each.getValue(), quick, rows, busy, idle);
        }
        compare(BUSY, busy, rows);
        compare(IDLE, idle, rows);
        rows.addAll(EventRows.measure(quick));
        return rows;
    }

    /** Covey beside the others, at default idle and spinning; beside Aeron each with its like. */
    private static void compare(String name, Map<String, Double> micros, List<Row> rows) {
        compare(name, RawEcho.NAME, CoveyEcho.NAME, AT_MOST_TWICE, micros, rows);
        compare(name, RawEcho.SPINNING, CoveyEcho.SPINNING, AT_MOST_TWICE, micros, rows);
        compare(name, RawEcho.SPINNING, CoveyEcho.HANDED_OVER, AT_MOST_TWICE, micros, rows);
        for (String covey : List.of(CoveyEcho.NAME, CoveyEcho.SPINNING)) {
            for (String other : List.of(GrpcEcho.NAME, JgroupsEcho.NAME)) {
                compare(name, other, covey, ASKED.getOrDefault(other, 1.0), micros, rows);
            }
        }
    }

    private static void compare(
            String name, String other, String covey, double asked, Map<String, Double> micros, List<Row> rows) {
        double others = micros.getOrDefault(other, Double.NaN);
        double ours = micros.getOrDefault(covey, Double.NaN);
        rows.add(Row.ratio(name + ", p50", other + " / " + covey, others, ours, asked));
    }

    private static void measure(
            String contender,
            Connect connect,
            boolean quick,
            List<Row> rows,
            Map<String, Double> busy,
            Map<String, Double> idle)
            throws Exception {
        Path directory = scratch();
        Process server = start(EchoServer.class, contender, directory.toString());
        try (BufferedReader said = server.inputReader(StandardCharsets.US_ASCII)) {
            await(contender, said);
            try (EchoLine line = connect.call(directory)) {
                Stopwatch.repeat(quick ? QUICK_WARM_UP_MILLIS : 10_000, Integer.MAX_VALUE, n -> line.echo(TEXT));
                Stopwatch often = Stopwatch.repeat(quick ? 1_000 : 10_000, Integer.MAX_VALUE, n -> line.echo(TEXT));
                rows.add(often.row(BUSY, contender));
                System.err.println(BUSY + ", " + contender + ": p50 " + Math.round(often.micros(50)) + " us");
                busy.put(contender, often.micros(50));
                Stopwatch seldom =
                        Stopwatch.repeatWithPauses(PAUSE_MILLIS, quick ? 1_000 : 10_000, n -> line.echo(TEXT));
                rows.add(seldom.row(IDLE, contender));
                idle.put(contender, seldom.micros(50));
                System.err.println(IDLE + ", " + contender + ": p50 " + Math.round(seldom.micros(50)) + " us");
            }
        } finally {
            server.destroyForcibly().waitFor();
        }
    }

    /** In shared memory, where there is one: that is where members meet. */
    static Path scratch() throws IOException {
        Path shared = Path.of("/dev/shm");
        Path made = Files.isDirectory(shared)
                ? Files.createTempDirectory(shared, "covey-bench")
                : Files.createTempDirectory("covey-bench");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(made)));
        return made;
    }

    private static void remove(Path directory) {
        try {
            new WorkDirectory(directory).close();
        } catch (IOException left) {
            System.err.println("left behind: " + left);
        }
    }

    static void await(String contender, BufferedReader said) throws IOException {
        for (String line = said.readLine(); !"up".equals(line); line = said.readLine()) {
            if (line == null) {
                throw new IOException("the other JVM of " + contender + " ended early; what it said is above");
            }
        }
    }

    static Process start(Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
