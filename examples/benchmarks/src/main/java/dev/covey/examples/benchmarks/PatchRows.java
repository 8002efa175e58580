package dev.covey.examples.benchmarks;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** {@link PatchBenchmark} by JMH: time and bytes allocated per operation. */
final class PatchRows implements Rows {
    @Override
    public String name() {
        return "patch";
    }

    @Override
    public List<Row> measure(boolean quick) throws RunnerException {
        List<Row> rows = new ArrayList<>();
        rows.addAll(run("leafResolve|leafApply", quick, "1", "100", "1000", "100000"));
        rows.addAll(run("leafJsonPatch", quick, "1", "100", "1000"));
        rows.addAll(run("wide", quick));
        return rows;
    }

    private static List<Row> run(String benchmarks, boolean quick, String... kilobytes) throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("PatchBenchmark\\.(" + benchmarks + ").*")
                .forks(1)
                .warmupIterations(quick ? 2 : 5)
                .measurementIterations(quick ? 2 : 5)
                .warmupTime(quick ? TimeValue.milliseconds(300) : TimeValue.seconds(1))
                .measurementTime(quick ? TimeValue.milliseconds(300) : TimeValue.seconds(1))
                .jvmArgs("-Xmx3g")
                .verbosity(VerboseMode.SILENT)
                .addProfiler(GCProfiler.class);
        if (kilobytes.length > 0) {
            options = options.param("kilobytes", kilobytes);
        }
        Collection<RunResult> results = new Runner(options.build()).run();
        return results.stream().map(PatchRows::row).toList();
    }

    private static Row row(RunResult result) {
        String label = result.getPrimaryResult().getLabel();
        String kilobytes = result.getParams().getParam("kilobytes");
        String members = result.getParams().getParam("members");
        String name = kilobytes != null
                ? "replace one leaf in " + kilobytes + " KB"
                : (label.equals("widePut") ? "put into " : "inc in ") + "an object of " + members;
        String contender = switch (label) {
            case "leafJsonPatch" -> "json-patch 1.13";
            case "leafApply" -> "covey, applying";
            default -> "covey, resolving";
        };
        double bytes = Double.NaN;
        for (String key : result.getSecondaryResults().keySet()) {
            if (key.endsWith("gc.alloc.rate.norm")) {
                bytes = result.getSecondaryResults().get(key).getScore();
            }
        }
        return new Row(
                name,
                contender,
                List.of(
                        new Row.Figure("time", result.getPrimaryResult().getScore(), "ns"),
                        new Row.Figure("allocated", bytes, "B")));
    }
}
