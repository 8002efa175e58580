package dev.covey.mesh.local;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A real process for a test: this JVM's java and class path, a main class of the tests, lines out and in. */
public final class ChildJvm implements AutoCloseable {
    private static final long LIMIT_SECONDS = 60;

    private final Process process;
    private final BufferedReader out;

    private ChildJvm(Process process) {
        this.process = process;
        this.out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    public static ChildJvm start(Class<?> main, String... arguments) {
        return start(List.of(JvmAccess.FLAG.split(" ")), main, arguments);
    }

    public static ChildJvm start(List<String> flags, Class<?> main, String... arguments) {
        return start(new ProcessBuilder(command(flags, main, arguments)));
    }

    /** The same in a process that makes its files with that umask. */
    public static ChildJvm startWithUmask(String umask, Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "umask " + umask + "; exec \"$@\"", "sh"));
        command.addAll(command(List.of(JvmAccess.FLAG.split(" ")), main, arguments));
        return start(new ProcessBuilder(command));
    }

    /** The same with another environment. */
    public static ChildJvm startWith(Map<String, String> environment, Class<?> main, String... arguments) {
        ProcessBuilder builder = new ProcessBuilder(command(List.of(JvmAccess.FLAG.split(" ")), main, arguments));
        builder.environment().putAll(environment);
        return start(builder);
    }

    private static List<String> command(List<String> flags, Class<?> main, String... arguments) {
        String java = ProcessHandle.current().info().command().orElseThrow();
        List<String> command = new ArrayList<>(List.of(java, "-Xmx64m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    private static ChildJvm start(ProcessBuilder builder) {
        try {
            return new ChildJvm(builder.redirectErrorStream(true).start());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** The next line the child prints. */
    public String line() {
        try {
            String line = out.readLine();
            return line == null ? "(the child ended)" : line;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Everything it still prints, once it has ended by itself. */
    public String rest() {
        StringBuilder all = new StringBuilder();
        out.lines().forEach(line -> all.append(line).append('\n'));
        awaitEnd();
        return all.toString();
    }

    public long pid() {
        return process.pid();
    }

    /** Kills it as {@code kill -9} does and does not wait for its end. */
    public void kill() {
        process.destroyForcibly();
    }

    /** Writes to a child that reads its standard input. */
    public void say(String text) {
        try {
            process.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Lets a child that reads its standard input go on. */
    public void closeInput() {
        try {
            process.getOutputStream().close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    public int awaitEnd() {
        try {
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("child " + pid() + " did not end in " + LIMIT_SECONDS + " s");
            }
            return process.exitValue();
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        awaitEnd();
    }
}
