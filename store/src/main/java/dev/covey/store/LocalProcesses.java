package dev.covey.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The processes of this machine, as /proc shows them. Only reads. */
final class LocalProcesses implements ProcessTable {
    private static final Path ROOT = Path.of("/proc");
    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");
    private static final Path TIME = Path.of("/proc/self/ns/time");
    private static final Path CHILDREN_TIME = Path.of("/proc/self/ns/time_for_children");
    private static final Path TIME_OFFSETS = Path.of("/proc/self/timens_offsets");
    private static final Pattern BOOT_OFFSET = Pattern.compile("boottime\\s+(-?\\d{1,12})\\s+(\\d{1,9})");

    /** USER_HZ, 100 on every architecture that runs Java. */
    private static final long TICKS_PER_SECOND = 100;

    private static final long NANOS_PER_TICK = 1_000_000_000 / TICKS_PER_SECOND;

    private static final Path NAMESPACE = Path.of("/proc/self/ns/pid");

    static final LocalProcesses PROC = new LocalProcesses();

    private final long ticksAhead = readTicksAhead();
    private final ProcessIdentity self = readSelf(ticksAhead);

    private LocalProcesses() {}

    @Override
    public ProcessIdentity self() {
        return self;
    }

    @Override
    public long ticksAhead() {
        return ticksAhead;
    }

    @Override
    public byte[] stat(long pid) throws IOException {
        return Files.readAllBytes(Path.of("/proc", Long.toString(pid), "stat"));
    }

    /** The file tells of the namespace of this process's children, which is its own unless somebody is just making one. */
    private static long readTicksAhead() {
        try {
            if (!Files.readSymbolicLink(TIME).equals(Files.readSymbolicLink(CHILDREN_TIME))) {
                return 0;
            }
            Matcher offset = BOOT_OFFSET.matcher(Files.readString(TIME_OFFSETS, StandardCharsets.US_ASCII));
            return offset.find()
                    ? Long.parseLong(offset.group(1)) * TICKS_PER_SECOND
                            + Long.parseLong(offset.group(2)) / NANOS_PER_TICK
                    : 0;
        } catch (IOException noTimeNamespacesHere) {
            return 0;
        }
    }

    private static ProcessIdentity readSelf(long ticksAhead) {
        try {
            long pid = ProcessHandle.current().pid();
            byte[] stat = Files.readAllBytes(Path.of("/proc/self/stat"));
            return new ProcessIdentity(
                    pid,
                    ProcessStat.startTicks(stat, stat.length) - ticksAhead,
                    Files.readSymbolicLink(NAMESPACE).toString(),
                    Files.readString(BOOT, StandardCharsets.US_ASCII).trim());
        } catch (IOException failed) {
            throw new StoreException(
                    StoreCode.STORE_FAILED,
                    ROOT + ": does not tell who this process is, the system says: " + failed.getMessage()
                            + "; mount proc there",
                    failed);
        }
    }
}
