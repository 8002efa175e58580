package dev.covey.examples.tour.readme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.covey.examples.tour.readme.Readme.Step;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README says is so. */
class ReadmeTest {
    private static final int LIMIT_SECONDS = 60;
    /** "Step 7 of the street", "Steps 3, 5 and 8 of the street", also where a line of Javadoc ends between the words. */
    private static final Pattern STEPS = Pattern.compile("Steps? ([0-9, and]+) of the street");

    /** A name of its own, so that no other mesh of this machine is met. */
    private final String mesh = "readme-" + ProcessHandle.current().pid();

    @TempDir
    Path directory;

    @Test
    void theProgramInTheReadmeHasTwelveLinesCompilesAndRunsWithoutAFlag() throws Exception {
        String program = Readme.javaBlocks().get(0);
        assertThat(program.lines().filter(line -> !line.isBlank())).hasSize(12);
        assertThat(program).contains("Mesh.join(\"hello\")");
        compile(program.replace("\"hello\"", "\"" + mesh + "\""));

        String output = run("Hello");

        assertThat(output).contains("accepted as revision 1\n").contains(" made it 1\n");
    }

    private void compile(String program) throws IOException {
        Path source = Files.writeString(directory.resolve("Hello.java"), program);
        JavaCompiler compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler(), "a JDK runs the tests");
        StringWriter complaints = new StringWriter();
        try (var files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            List<String> options = List.of(
                    "--release", "17", "-d", directory.toString(), "-cp", System.getProperty("java.class.path"));
            boolean compiled = compiler.getTask(
                            complaints, files, null, options, null, files.getJavaFileObjects(source))
                    .call();
            assertThat(compiled).as(complaints.toString()).isTrue();
        }
    }

    private String run(String main) throws Exception {
        List<String> command = List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                directory + ":" + System.getProperty("java.class.path"),
                main);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        assertThat(Path.of("/dev/shm/covey-" + System.getProperty("user.name"), mesh))
                .doesNotExist();
        return output;
    }

    @Test
    void everyExampleIsAPieceOfAProgramThatATestRuns() throws IOException {
        List<String> examples = Readme.javaBlocks();
        Path folder = Readme.root().resolve("examples/tour/src/main/java/dev/covey/examples/tour/byexample");
        StringBuilder programs = new StringBuilder();
        for (String name : List.of("Visits", "Counter", "Ledger", "Presence")) {
            programs.append(Files.readString(folder.resolve(name + ".java")));
        }
        assertThat(examples).hasSize(5);
        for (String example : examples.subList(1, examples.size())) {
            assertThat(programs.toString()).contains(example);
        }
    }

    @Test
    void everyClassOnTheStreetOpensItsJavadocWithItsNumber() throws IOException {
        List<Step> street = Readme.street();
        assertThat(street)
                .extracting(Step::number)
                .isEqualTo(IntStream.rangeClosed(1, 11).boxed().toList());
        for (Step step : street) {
            assertThat(step.classes()).as("step " + step.number()).isNotEmpty();
            for (String name : step.classes()) {
                assertThat(stepsIn(source(name))).as(name).contains(step.number());
            }
        }
    }

    @Test
    void everyStepThatAClassClaimsIsInTheReadme() throws IOException {
        List<Step> street = Readme.street();
        try (Stream<Path> sources = Files.walk(Readme.root().resolve("mesh/src/main"))) {
            for (Path file : sources.filter(Files::isRegularFile).toList()) {
                String name = String.valueOf(file.getFileName()).replace(".java", "");
                for (int number : stepsIn(Files.readString(file))) {
                    assertThat(street.get(number - 1).classes())
                            .as("step " + number)
                            .contains(name);
                }
            }
        }
    }

    private static String source(String name) throws IOException {
        try (Stream<Path> sources = Files.walk(Readme.root().resolve("mesh/src/main"))) {
            Path file = sources.filter(each -> each.endsWith(name + ".java"))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("README names " + name + ", which mesh does not have"));
            return Files.readString(file);
        }
    }

    private static List<Integer> stepsIn(String source) {
        Matcher matcher = STEPS.matcher(source.replaceAll("\\s*\\n \\* ?", " "));
        List<Integer> steps = new ArrayList<>();
        while (matcher.find()) {
            Stream.of(matcher.group(1).split("[^0-9]+", -1))
                    .filter(digits -> !digits.isEmpty())
                    .map(Integer::valueOf)
                    .forEach(steps::add);
        }
        return steps;
    }

    @Test
    void everyFileTheReadmePointsToIsThere() throws IOException {
        Matcher links = Pattern.compile("\\]\\(([^)#]+)\\)").matcher(Readme.text());
        int checked = 0;
        while (links.find()) {
            if (!links.group(1).startsWith("http")) {
                assertThat(Readme.root().resolve(links.group(1))).exists();
                checked++;
            }
        }
        assertThat(checked).isPositive();
    }

    @Test
    void theContinuousBuildRunsTheTestCommandOfTheReadmeVerbatim() throws IOException {
        assertThat(Readme.text()).contains("\nmvn verify\n");
        assertThat(Files.readString(Readme.root().resolve(".ci/run"))).contains("\nmvn verify\n");
    }
}
