package dev.covey.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The processes of this machine, as /proc shows them. Only reads. */
final class LocalProcesses implements ProcessTable {
    private static final Path ROOT = Path.of("/proc");
    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");
    private static final Path NAMESPACE = Path.of("/proc/self/ns/pid");

    static final LocalProcesses PROC = new LocalProcesses();

    private final ProcessIdentity self = readSelf();

    private LocalProcesses() {}

    @Override
    public ProcessIdentity self() {
        return self;
    }

    @Override
    public byte[] stat(long pid) throws IOException {
        return Files.readAllBytes(Path.of("/proc", Long.toString(pid), "stat"));
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
            throw new StoreException(
                    StoreCode.STORE_FAILED,
                    ROOT + ": does not tell who this process is, the system says: " + failed.getMessage()
                            + "; mount proc there",
                    failed);
        }
    }
}
