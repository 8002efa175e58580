package dev.covey.examples.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Four JVMs that update objects in one store at once. */
final class ProcessRows {
    private static final int PROCESSES = 4;
    private static final String NAME = "update, 4 processes at once";

    private ProcessRows() {}

    static List<Row> measure(WorkDirectory directory, boolean quick) throws Exception {
        List<Row> rows = new ArrayList<>();
        double covey = together("covey OS", directory.fresh("processes"), quick, rows);
        double off = together("sqlite OFF", directory.fresh("processes"), quick, rows);
        double normal = together("sqlite NORMAL", directory.fresh("processes"), quick, rows);
        double forced = together("covey FSYNC", directory.fresh("processes"), quick, rows);
        double full = together("sqlite FULL", directory.fresh("processes"), quick, rows);
        rows.add(Row.ratio(NAME, "covey OS / sqlite OFF", covey, off, 1));
        rows.add(Row.ratio(NAME, "covey OS / sqlite NORMAL", covey, normal, 1));
        rows.add(Row.ratio(NAME, "covey FSYNC / sqlite FULL", forced, full, 1));
        return rows;
    }

    private static double together(String contender, Path directory, boolean quick, List<Row> rows) throws Exception {
        KeptObjects.open(contender, directory).close();
        List<Process> workers = new ArrayList<>();
        List<BufferedReader> said = new ArrayList<>();
        try {
            for (int i = 0; i < PROCESSES; i++) {
                Process worker = start(contender, directory, i, quick);
                workers.add(worker);
                said.add(worker.inputReader(StandardCharsets.US_ASCII));
            }
            return race(contender, workers, said, rows);
        } finally {
            workers.forEach(Process::destroyForcibly);
        }
    }

    private static double race(String contender, List<Process> workers, List<BufferedReader> said, List<Row> rows)
            throws IOException {
        for (BufferedReader each : said) {
            line(contender, each);
        }
        for (Process worker : workers) {
            worker.getOutputStream().write('\n');
            worker.getOutputStream().flush();
        }
        double sum = 0;
        double p50 = 0;
        double p99 = 0;
        for (BufferedReader each : said) {
            String[] figures = line(contender, each).split(" ", -1);
            sum += Double.parseDouble(figures[0]);
            p50 += Double.parseDouble(figures[1]) / PROCESSES;
            p99 = Math.max(p99, Double.parseDouble(figures[2]));
        }
        rows.add(new Row(
                NAME,
                contender,
                List.of(
                        new Row.Figure("rate", sum, "/s"),
                        new Row.Figure("p50, mean", p50, "us"),
                        new Row.Figure("p99, slowest", p99, "us"))));
        return sum;
    }

    private static String line(String contender, BufferedReader from) throws IOException {
        String line = from.readLine();
        if (line == null) {
            throw new IOException("a worker of " + contender + " ended early; what it said is above");
        }
        return line;
    }

    private static Process start(String contender, Path directory, int number, boolean quick) throws IOException {
        return new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ObjectWorker.class.getName(),
                        contender,
                        directory.toString(),
                        String.valueOf(number),
                        quick ? "500" : "3000",
                        quick ? "500" : "4000")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
