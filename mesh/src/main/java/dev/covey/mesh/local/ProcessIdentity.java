package dev.covey.mesh.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A process for good: the number alone comes back for another process, the number with its start time, namespace and
 * boot does not.
 *
 * @param pid its number in its own PID namespace
 * @param startTicks when it started, in clock ticks after boot, as in field 22 of /proc/PID/stat
 * @param pidNamespace which namespace the number belongs to; /proc says nothing about numbers of another one
 * @param bootId which run of the machine
 */
public record ProcessIdentity(long pid, long startTicks, String pidNamespace, String bootId) {
    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");
    private static final Path NAMESPACE = Path.of("/proc/self/ns/pid");
    private static final Pattern TEXT =
            Pattern.compile("covey-process (\\d{1,18}) (\\d{1,18}) (\\S{1,64}) ([0-9a-f-]{36})\n?");

    private static final ProcessIdentity SELF = readSelf();

    /** This process. */
    public static ProcessIdentity self() {
        return SELF;
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

    /** Whether /proc of this process can speak of that one. */
    boolean isInOurNamespace() {
        return pidNamespace.equals(SELF.pidNamespace) && isOfThisBoot();
    }

    boolean isOfThisBoot() {
        return bootId.equals(SELF.bootId);
    }

    private static ProcessIdentity readSelf() {
        try {
            long pid = ProcessHandle.current().pid();
            byte[] stat = Files.readAllBytes(Path.of("/proc/self/stat"));
            return new ProcessIdentity(
                    pid,
                    ProcessStat.startTicks(stat, stat.length),
                    Files.readSymbolicLink(NAMESPACE).toString(),
                    Files.readString(BOOT, StandardCharsets.US_ASCII).trim());
        } catch (IOException failed) {
            throw MeshDirectory.failed(Path.of("/proc"), "does not tell who this process is", failed);
        }
    }
}
