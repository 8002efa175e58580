package dev.covey.examples.tour.process;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A child JVM and the lines that go to it and come from it. A line is a word and what belongs to it, with spaces between.
 * What the child writes to its standard error goes to a log file of its own. Safe for any number of threads.
 */
public final class ChildJvm {
    private static final int KILLED_BY_SIGKILL = 128 + 9;
    private static final Duration GONE_LIMIT = Duration.ofSeconds(10);
    /** Lines kept until somebody asks for them. */
    private static final int MAX_LINES = 10_000;

    private final String name;
    private final Process process;
    private final BufferedWriter toChild;
    private final Path log;
    private final List<String> lines = new ArrayList<>();
    private boolean silent;

    private ChildJvm(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
        this.toChild = process.outputWriter(StandardCharsets.UTF_8);
        Thread reader = new Thread(this::read, "reads-" + name);
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts a class with a main method from this JVM's own class path, on this JVM's own java. */
    public static ChildJvm start(
            Workspace workspace, String name, Class<?> main, List<String> flags, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(arguments);
        Path log = workspace.files().resolve(name + ".log");
        return workspace.adopt(() -> {
            try {
                Process process =
                        new ProcessBuilder(command).redirectError(log.toFile()).start();
                return new ChildJvm(name, process, log);
            } catch (IOException notStarted) {
                throw new UncheckedIOException(name + " could not be started", notStarted);
            }
        });
    }

    public String name() {
        return name;
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    private void read() {
        try (BufferedReader fromChild = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = fromChild.readLine(); line != null; line = fromChild.readLine()) {
                add(line);
            }
        } catch (IOException closed) {
            // The child is gone, or going; whoever waits is told below.
        }
        synchronized (lines) {
            silent = true;
            lines.notifyAll();
        }
    }

    private void add(String line) {
        synchronized (lines) {
            if (lines.size() >= MAX_LINES) {
                lines.remove(0);
            }
            lines.add(line);
            lines.notifyAll();
        }
    }

    /** Sends a line; a child that is gone does not hear it. */
    public synchronized void send(String line) {
        try {
            toChild.write(line);
            toChild.newLine();
            toChild.flush();
        } catch (IOException gone) {
            // Whoever awaits an answer finds out.
        }
    }

    /**
     * Takes the oldest line that begins with that word, waiting for it.
     *
     * @return the words of the line, the first one too
     * @throws ChildFailedException if the child ended, or the time did
     */
    public List<String> await(String word, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        synchronized (lines) {
            while (true) {
                List<String> found = take(word);
                if (found != null) {
                    return found;
                }
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (silent || left <= 0) {
                    throw new ChildFailedException(
                            name + (silent ? " ended" : " was silent for " + limit.toMillis() + " ms")
                                    + " before it said " + word + "; its log: " + lastOfLog());
                }
                pause(left);
            }
        }
    }

    private void pause(long millis) {
        try {
            lines.wait(millis);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new UnconfirmedException("interrupted while waiting for " + name);
        }
    }

    /** Takes the oldest line that begins with that word, if there is one. */
    public @Nullable List<String> take(String word) {
        synchronized (lines) {
            for (Iterator<String> each = lines.iterator(); each.hasNext(); ) {
                String line = each.next();
                if (line.equals(word) || line.startsWith(word + " ")) {
                    each.remove();
                    return List.of(line.split(" ", -1));
                }
            }
            return null;
        }
    }

    /**
     * Kills it with SIGKILL and makes sure of it.
     *
     * @return {@link System#nanoTime} just before the signal; comparable between the processes of one machine
     * @throws UnconfirmedException if it was gone already, is still there, or ended in another way
     */
    public long kill() {
        if (!process.isAlive()) {
            throw new UnconfirmedException(name + " had ended before it could be killed; its log: " + lastOfLog());
        }
        long killedAt = System.nanoTime();
        process.destroyForcibly();
        confirmKilled();
        return killedAt;
    }

    /**
     * Stops it with SIGSTOP, as a debugger or a paused container would, and makes sure of it.
     *
     * @return {@link System#nanoTime} just before the signal
     */
    public long freeze() {
        long frozenAt = System.nanoTime();
        signal("STOP");
        long deadline = frozenAt + GONE_LIMIT.toNanos();
        while (state() != 'T') {
            if (System.nanoTime() - deadline > 0) {
                throw new UnconfirmedException(name + " runs on after SIGSTOP, pid " + pid());
            }
            Thread.onSpinWait();
        }
        return frozenAt;
    }

    /** Has it go on; {@link System#nanoTime} just before the signal. */
    public long thaw() {
        long thawedAt = System.nanoTime();
        signal("CONT");
        return thawedAt;
    }

    private void signal(String signal) {
        try {
            int exit = new ProcessBuilder("kill", "-" + signal, Long.toString(pid()))
                    .start()
                    .waitFor();
            if (exit != 0) {
                throw new UnconfirmedException("kill -" + signal + " of " + name + " ended with " + exit);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException("there is no kill command", failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new UnconfirmedException("interrupted while signalling " + name);
        }
    }

    /** Processor time of all its threads since it started, nanoseconds in steps of a hundredth of a second. */
    public long cpuNanos() {
        return process.info()
                .totalCpuDuration()
                .orElseThrow(() -> new UnconfirmedException(name + " is gone, pid " + pid()))
                .toNanos();
    }

    /** As /proc tells it: R, S, T for stopped. */
    private char state() {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid() + "/stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2);
        } catch (IOException gone) {
            throw new UnconfirmedException(name + " is gone, pid " + pid());
        }
    }

    private void confirmKilled() {
        if (!awaitEnd(GONE_LIMIT)) {
            throw new UnconfirmedException(
                    name + " is still there " + GONE_LIMIT.toSeconds() + " s after kill -9, pid " + pid());
        }
        if (process.exitValue() != KILLED_BY_SIGKILL || Files.exists(Path.of("/proc/" + pid()))) {
            throw new UnconfirmedException(
                    name + ", pid " + pid() + ", ended with " + process.exitValue() + " instead of by kill -9");
        }
    }

    /**
     * Waits for the child to end by itself, with 0.
     *
     * @throws ChildFailedException if it does not
     */
    public void awaitGoodEnd(Duration limit) {
        if (!awaitEnd(limit)) {
            throw new ChildFailedException(name + " did not end within " + limit.toMillis() + " ms");
        }
        if (process.exitValue() != 0) {
            throw new ChildFailedException(name + " ended with " + process.exitValue() + "; its log: " + lastOfLog());
        }
    }

    boolean awaitEnd(Duration limit) {
        try {
            return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return !process.isAlive();
        }
    }

    void destroy() {
        process.destroyForcibly();
    }

    private String lastOfLog() {
        try {
            List<String> all = Files.readAllLines(log);
            return all.isEmpty() ? "empty" : String.join("\n  ", all.subList(Math.max(0, all.size() - 20), all.size()));
        } catch (IOException unreadable) {
            return "unreadable: " + unreadable;
        }
    }
}
