package dev.covey.store;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A process for good: the number alone comes back for another process, the number with its start time, namespace and
 * boot does not.
 *
 * @param pid its number in its own PID namespace
 * @param startTicks when it started, in clock ticks after boot by the machine's own clock: field 22 of /proc/PID/stat, less
 *     what the time namespace of the one who reads adds to it
 * @param pidNamespace which namespace the number belongs to; /proc says nothing about numbers of another one
 * @param bootId which run of the machine
 */
public record ProcessIdentity(long pid, long startTicks, String pidNamespace, String bootId) {
    private static final Pattern TEXT =
            Pattern.compile("covey-process (\\d{1,18}) (\\d{1,18}) (\\S{1,64}) ([0-9a-f-]{36})\n?");

    /** How often /proc is asked when it fails: a process that ends between opening and reading is gone at the next time. */
    private static final int TRIES = 3;

    /** What /proc says about a process (rule C6). */
    public enum Fate {
        /** It is there and may run. */
        ALIVE,
        /** It will never run again: no such number with that start time, a zombie, ending, or of another boot. */
        GONE,
        /** /proc here does not know: the number belongs to another PID namespace, or /proc cannot be read. */
        UNKNOWN
    }

    /** This process. */
    public static ProcessIdentity self() {
        return LocalProcesses.PROC.self();
    }

    /** One line; what {@link #parse} reads. */
    public String text() {
        return "covey-process " + pid + " " + startTicks + " " + pidNamespace + " " + bootId + "\n";
    }

    /** Empty for anything that is not one whole identity. */
    public static Optional<ProcessIdentity> parse(String text) {
        Matcher parts = TEXT.matcher(text);
        return parts.matches()
                ? Optional.of(new ProcessIdentity(
                        Long.parseLong(parts.group(1)), Long.parseLong(parts.group(2)), parts.group(3), parts.group(4)))
                : Optional.empty();
    }

    /** Whether the process is gone. A file of /proc is read, some 20 µs; GONE stays GONE. */
    public Fate fate() {
        return fate(LocalProcesses.PROC);
    }

    Fate fate(ProcessTable processes) {
        ProcessIdentity self = processes.self();
        if (!bootId.equals(self.bootId)) {
            return Fate.GONE;
        }
        if (!pidNamespace.equals(self.pidNamespace)) {
            return Fate.UNKNOWN;
        }
        return equals(self) ? Fate.ALIVE : read(processes);
    }

    private Fate read(ProcessTable processes) {
        for (int tried = 0; tried < TRIES; tried++) {
            try {
                byte[] line = processes.stat(pid);
                if (line.length > 0) {
                    return ProcessStat.isEnding(line, line.length)
                                    || !startedThen(ProcessStat.startTicks(line, line.length) - processes.ticksAhead())
                            ? Fate.GONE
                            : Fate.ALIVE;
                }
            } catch (NoSuchFileException nobodyHasThatNumber) {
                return Fate.GONE;
            } catch (IOException endedJustNowOrNoDescriptorLeft) {
                // Which of the two, the next try tells.
            }
        }
        return Fate.UNKNOWN;
    }

    /**
     * A time namespace may add parts of a tick, and what is left after rounding differs by one tick then. A number comes back
     * only after all others were given, which takes longer than two.
     */
    private boolean startedThen(long ticks) {
        return Math.abs(ticks - startTicks) <= 1;
    }

    /** Whether /proc of this process can speak of that one. */
    public boolean isInOurNamespace() {
        return pidNamespace.equals(self().pidNamespace) && isOfThisBoot();
    }

    /** Whether it ran since the machine was started. */
    public boolean isOfThisBoot() {
        return bootId.equals(self().bootId);
    }
}
