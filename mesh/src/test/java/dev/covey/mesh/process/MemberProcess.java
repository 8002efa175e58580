package dev.covey.mesh.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The test's end of a {@link Puppet}: a child JVM that is a member, told what to do, and killed if the test wants. */
final class MemberProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String name;
    private final Process process;
    private final Thread reader;
    private final BufferedWriter in;
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private final List<String> events = new CopyOnWriteArrayList<>();

    private MemberProcess(String name, Process process) {
        this.name = name;
        this.process = process;
        this.in = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
        this.reader = new Thread(this::read, "reads-" + name);
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts a JVM of the test's own kind; it joins nothing before it is told. */
    static MemberProcess start(String mesh, String name, Path directory, @Nullable Path store, String... options) {
        return start(List.of(), mesh, name, directory, store, options);
    }

    /** The same with more flags for its JVM. */
    static MemberProcess start(
            List<String> flags, String mesh, String name, Path directory, @Nullable Path store, String... options) {
        return start(Puppet.class, flags, mesh, name, directory, store, options);
    }

    /** The same with another main class, which becomes a {@link Puppet} sooner or later. */
    static MemberProcess start(
            Class<?> main,
            List<String> flags,
            String mesh,
            String name,
            Path directory,
            @Nullable Path store,
            String... options) {
        List<String> command = FastStart.command();
        command.addAll(flags);
        command.addAll(
                List.of(main.getName(), mesh, name, directory.toString(), store == null ? "-" : store.toString()));
        command.addAll(List.of(options));
        return start(name, command);
    }

    /** The same behind words that the command of its JVM begins with. */
    static MemberProcess startIn(List<String> place, String mesh, String name, Path directory) {
        List<String> command = new ArrayList<>(place);
        command.addAll(FastStart.command());
        command.addAll(List.of(Puppet.class.getName(), mesh, name, directory.toString(), "-"));
        return start(name, command);
    }

    private static MemberProcess start(String name, List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            MemberProcess member = new MemberProcess(name, process);
            assertThat(member.answer()).isEqualTo("up");
            return member;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    String name() {
        return name;
    }

    long pid() {
        return process.pid();
    }

    private void read() {
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (line.startsWith("! ")) {
                    events.add(line.substring(2));
                } else {
                    answers.add(line);
                }
            }
        } catch (IOException gone) {
            // Killed while it wrote: there is nothing more to read.
        }
    }

    /** Says something and returns the answer. */
    String ask(String command) {
        tell(command);
        return answer();
    }

    void tell(String command) {
        try {
            in.write(command);
            in.newLine();
            in.flush();
        } catch (IOException failed) {
            throw new UncheckedIOException(name + " does not listen", failed);
        }
    }

    String answer() {
        try {
            String answer = answers.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            assertThat(answer)
                    .as("an answer of " + name + ", events so far " + events)
                    .isNotNull();
            return String.valueOf(answer);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    void join() {
        assertThat(ask("join")).startsWith("joined");
    }

    /**
     * Asks until that is the answer: what another member was told is acknowledged is on its way to this one.
     */
    void awaitAnswer(String command, String expected) {
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(ask(command)).as(command + " at " + name).isEqualTo(expected));
    }

    void awaitEvent(String event) {
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(events).as("events of " + name).anyMatch(seen -> seen.startsWith(event)));
    }

    /** How many patches the flood has told of, a floor of what was acknowledged to it. */
    long flooded() {
        return events.stream()
                .filter(event -> event.startsWith("flood "))
                .filter(event -> !event.startsWith("flood ended"))
                .mapToLong(event -> Long.parseLong(event.substring("flood ".length())))
                .max()
                .orElse(0);
    }

    List<String> events() {
        return events;
    }

    /** {@code kill -9}, seen through to the end: what it had said before is heard, which destroying the process would cut short. */
    void kill() {
        if (process.isAlive()) {
            process.toHandle().destroyForcibly();
        }
        await().atMost(PATIENCE).until(() -> !process.isAlive() && !reader.isAlive());
    }

    /** SIGSTOP, and it stands still when this returns; or SIGCONT. */
    void signal(String signal) {
        try {
            int exit = new ProcessBuilder("sh", "-c", "kill -" + signal + " " + process.pid())
                    .start()
                    .waitFor();
            assertThat(exit).isZero();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        if (signal.equals("STOP")) {
            await().atMost(PATIENCE)
                    .pollInterval(1, TimeUnit.MILLISECONDS)
                    .ignoreException(NoSuchFileException.class)
                    .until(this::standsStill);
        }
    }

    /** Each thread stops by itself, some time after the signal was sent. */
    private boolean standsStill() throws IOException {
        try (Stream<Path> threads = Files.list(Path.of("/proc/" + process.pid() + "/task"))) {
            for (Path thread : threads.toList()) {
                String stat = Files.readString(thread.resolve("stat"));
                if (stat.charAt(stat.lastIndexOf(')') + 2) != 'T') {
                    return false;
                }
            }
            return true;
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
