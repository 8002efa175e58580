package dev.covey.store;

import dev.covey.store.ProcessIdentity.Fate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who lives on a store: one file for each process that has members of a mesh on it. It is there before the process counts as
 * one of them, and goes when it leaves; a process that was killed leaves it behind, and its process tells (rule C6). So all
 * members are known without their mesh directory, and without locks, which go when somebody in the process reads the locked
 * file (rule C7).
 *
 * <pre>
 *  .members/LIFE.STORE.PID.START.NAMESPACE.BOOT.BELL       says for people what it is
 *  .members/BELL                                           a socket on which that process listens and never answers
 * </pre>
 *
 * The name says it all, so a file that was truncated or damaged still counts, and none is ever half there. STORE is device and
 * inode of the store directory: in a copy of a store nobody lives. The bell is for who asks from another PID namespace, where
 * the process cannot be looked up: a bell that refuses a connection has lost its process. One that is missing proves nothing;
 * a process has none where the store's path is too long for a socket.
 *
 * <p><b>One life at a time.</b> Whoever enters makes its file first and looks then ({@link #enter}, {@link #living}): of two
 * that come at the same time at least one sees the other. That needs no lock.
 */
public final class StoreMembers {
    static final String DIRECTORY = ".members";

    private static final int TOKEN_BYTES = 4;
    private static final String TEXT =
            "A process with members of a mesh on this store. It removes this file when it leaves; "
                    + "when it is gone, whoever comes next does.\n";
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Pattern NAME = Pattern.compile(
            "([0-9a-f]{32})\\.([0-9a-f]+x[0-9a-f]+)\\.(\\d{1,18})\\.(\\d{1,18})\\.(\\d{1,18})\\.([0-9a-f-]{36})\\.(b[0-9a-f]{8})");

    private final Disk disk;
    private final Supplier<? extends ProcessTable> processes;
    private final Path store;
    private final Path directory;

    StoreMembers(Disk disk, Supplier<? extends ProcessTable> processes, Path store) {
        this.disk = disk;
        this.processes = processes;
        this.store = store;
        this.directory = store.resolve(DIRECTORY);
    }

    /** Of a store directory, which need not be there. */
    public static StoreMembers of(Path store) {
        return of(LocalDisk.INSTANCE, store);
    }

    /** Processes are looked up only once somebody is named: lone writers work also where there is no /proc. */
    static StoreMembers of(Disk disk, Path store) {
        return new StoreMembers(disk, () -> LocalProcesses.PROC, store);
    }

    /**
     * One process on the store.
     *
     * @param life of the mesh that its members are of, 32 hex digits
     * @param store identity of the store directory
     * @param process that has them
     * @param bell name of its socket
     */
    public record Member(String life, String store, ProcessIdentity process, String bell) {
        private static final Pattern NAMESPACE = Pattern.compile("pid:\\[(\\d{1,18})]");

        String name() {
            Matcher namespace = NAMESPACE.matcher(process.pidNamespace());
            String number = namespace.matches() ? namespace.group(1) : "0";
            return String.join(
                    ".",
                    life,
                    store,
                    Long.toString(process.pid()),
                    Long.toString(process.startTicks()),
                    number,
                    process.bootId(),
                    bell);
        }

        static Optional<Member> parse(String name) {
            Matcher parts = NAME.matcher(name);
            return parts.matches()
                    ? Optional.of(new Member(
                            parts.group(1),
                            parts.group(2),
                            new ProcessIdentity(
                                    Long.parseLong(parts.group(3)),
                                    Long.parseLong(parts.group(4)),
                                    "pid:[" + parts.group(5) + "]",
                                    parts.group(6)),
                            parts.group(7)))
                    : Optional.empty();
        }

        /** For people, who look for it with ps. */
        @Override
        public String toString() {
            return "process " + process.pid()
                    + (process.isInOurNamespace() ? "" : " of PID namespace " + process.pidNamespace());
        }
    }

    /** Which directory the store is, whatever it is called; a copy is another one. Empty if it is not there. */
    public String identity() {
        return ObjectStore.reading("store " + store, () -> disk.identity(store));
    }

    /** Makes this process known as one with members of that life. The store directory must be there. */
    public Place enter(String life) {
        return ObjectStore.reading("store " + store, () -> new Place(life));
    }

    /**
     * All that are not proven dead, in the order of their names. What the dead left goes.
     *
     * @param but is passed over; null if nobody is
     */
    public List<Member> living(@Nullable Place but) {
        return ObjectStore.reading("store " + store, () -> {
            List<Member> found = new ArrayList<>();
            for (Member member : named()) {
                if (but != null && member.equals(but.member)) {
                    continue;
                }
                if (lives(member)) {
                    found.add(member);
                } else {
                    disk.delete(directory.resolve(member.name()));
                    disk.delete(directory.resolve(member.bell()));
                }
            }
            return found;
        });
    }

    /** Whether there is anybody; for lone writers, who change nothing. A microsecond or two where no mesh ever was. */
    Optional<Member> anybody() throws IOException {
        if (!disk.isThere(directory)) {
            return Optional.empty();
        }
        for (Member member : named()) {
            if (lives(member)) {
                return Optional.of(member);
            }
        }
        return Optional.empty();
    }

    private List<Member> named() throws IOException {
        List<Member> found = new ArrayList<>();
        for (String name : disk.list(directory)) {
            Member.parse(name).ifPresent(found::add);
        }
        found.sort((one, other) -> one.name().compareTo(other.name()));
        return found;
    }

    private boolean lives(Member member) throws IOException {
        Fate fate = member.process().fate(processes.get());
        if (fate == Fate.GONE || !member.store().equals(disk.identity(store))) {
            return false;
        }
        return fate == Fate.ALIVE || !disk.refuses(directory.resolve(member.bell()));
    }

    /** The file and the bell of this process. One thread at a time. */
    public final class Place implements AutoCloseable {
        private final Member member;
        private final Path file;
        private final Path bell;
        private Disk.@Nullable Held listening;

        private Place(String life) throws IOException {
            byte[] token = new byte[TOKEN_BYTES];
            RANDOM.nextBytes(token);
            this.member = new Member(
                    life,
                    disk.identity(store),
                    processes.get().self(),
                    "b" + HexFormat.of().formatHex(token));
            this.file = directory.resolve(member.name());
            this.bell = directory.resolve(member.bell());
            make();
        }

        /** Makes the file and the bell where they are missing. */
        public void make() {
            ObjectStore.reading("store " + store, () -> {
                disk.openDirectory(directory);
                if (listening == null || !disk.exists(bell)) {
                    silence();
                    listening = disk.listen(bell);
                }
                if (!disk.exists(file)) {
                    disk.create(
                            file,
                            List.of(TEXT.getBytes(StandardCharsets.US_ASCII)).iterator());
                }
                return true;
            });
        }

        /** Whether nobody removed file or bell. A few µs. */
        public boolean isWhole() {
            return ObjectStore.reading(
                    "store " + store, () -> disk.exists(file) && (listening == null || disk.exists(bell)));
        }

        private void silence() throws IOException {
            Disk.Held before = listening;
            listening = null;
            if (before != null) {
                before.close();
            }
        }

        /** Leaves. The bell goes before it falls silent: one that refuses a connection says that its process is dead. */
        @Override
        public void close() {
            ObjectStore.reading("store " + store, () -> {
                disk.delete(file);
                disk.delete(bell);
                silence();
                return true;
            });
        }
    }
}
