package dev.covey.examples.tour.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo as a user starts it, in a JVM of its own. */
class DemoIT {
    private static final int LIMIT_SECONDS = 120;
    private static final List<String> FIELDS = List.of(
            "members",
            "joinMillis",
            "acknowledged",
            "found",
            "lost",
            "doubled",
            "converged",
            "failoverMillis",
            "hungFailoverMillis",
            "rejoinMillis",
            "patchesPerSecond",
            "p50Micros",
            "p99Micros",
            "revisionFiles",
            "revisionMatches");

    /** The demo's temporary directories are made in here, so that the test sees what stays. */
    @TempDir
    Path temporary;

    private Process demo(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("java.class.path"),
                Demo.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectError(temporary.resolve("stderr").toFile())
                .start();
    }

    private String errors() throws IOException {
        return Files.readString(temporary.resolve("stderr"));
    }

    private static Path meshBase(Process demo) {
        return Path.of("/dev/shm/covey-demo-" + demo.pid());
    }

    private void assertNothingStays(Process demo) throws IOException {
        assertThat(meshBase(demo)).doesNotExist();
        try (Stream<Path> left = Files.list(temporary)) {
            assertThat(left.map(Path::getFileName).map(String::valueOf).filter(name -> name.startsWith("covey-demo")))
                    .isEmpty();
        }
    }

    @Test
    void everythingAcknowledgedSurvivesTheHostAndThenAllOfThem() throws Exception {
        Process demo = demo("--seconds", "4", "--all", "--json");
        String out = new String(demo.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(demo.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(demo.exitValue()).as(errors()).isZero();
        JsonNode result = new ObjectMapper().readTree(out);
        assertThat(out.lines()).hasSize(1);
        assertThat(result.fieldNames()).toIterable().containsExactlyElementsOf(FIELDS);
        assertThat(result.path("members").asInt()).isEqualTo(4 + 3 + 1);
        assertThat(result.path("failoverMillis")).hasSize(2);
        assertThat(result.path("hungFailoverMillis").asDouble()).isBetween(1_900.0, 10_000.0);
        assertThat(result.path("rejoinMillis").asDouble()).isBetween(0.0, 10_000.0);
        assertThat(result.path("acknowledged").asLong()).isGreaterThanOrEqualTo(Report.LEAST_ACKNOWLEDGED);
        assertThat(result.path("found").asLong())
                .isEqualTo(result.path("acknowledged").asLong());
        assertThat(result.path("converged").asBoolean()).isTrue();
        assertThat(result.path("revisionMatches").asBoolean()).isTrue();
        assertNothingStays(demo);
    }

    @Test
    void ctrlCLeavesNoProcessAndNoDirectory() throws Exception {
        Process demo = demo("--seconds", "60");
        BufferedReader out = demo.inputReader(StandardCharsets.UTF_8);
        awaitLine(out, "joined after");
        List<ProcessHandle> workers = demo.children().toList();
        assertThat(workers).hasSize(4);
        assertThat(meshBase(demo)).isDirectory();

        demo.destroy();

        assertThat(demo.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(workers).noneMatch(ProcessHandle::isAlive);
        assertNothingStays(demo);
    }

    @Test
    void workersWhoseDemoWasKilledEndByThemselves() throws Exception {
        Process demo = demo("--seconds", "60");
        awaitLine(demo.inputReader(StandardCharsets.UTF_8), "joined after");
        List<ProcessHandle> workers = demo.children().toList();
        assertThat(workers).hasSize(4);

        demo.destroyForcibly();

        await().atMost(LIMIT_SECONDS, TimeUnit.SECONDS)
                .until(() -> workers.stream().noneMatch(ProcessHandle::isAlive));
        await().atMost(LIMIT_SECONDS, TimeUnit.SECONDS).until(() -> !Files.exists(meshBase(demo)));
    }

    @Test
    void anOptionThatIsNoneEndsWithTheUsageAndTwo() throws Exception {
        Process demo = demo("--secunds", "4");

        assertThat(demo.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(demo.exitValue()).isEqualTo(Report.EXIT_NOTHING_SHOWN);
        assertThat(errors()).contains("no such option: --secunds").contains("usage: examples/demo");
    }

    private static void awaitLine(BufferedReader out, String beginning) throws IOException {
        String line = out.readLine();
        while (line != null && !line.startsWith(beginning)) {
            line = out.readLine();
        }
        assertThat(line).as("the demo ended before it said: " + beginning).isNotNull();
    }
}
