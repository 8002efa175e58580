package dev.covey.store;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names of the files in a journal directory, and nowhere else. Numbers are padded so that {@code ls} sorts them. */
final class JournalNames {
    /** Hard links to segments whose end was cut off by a power loss, kept for a human to look at. */
    static final String ASIDE_DIRECTORY = "aside";

    /** Where a store has its journal. */
    static final String DIRECTORY = "journal";

    private static final Pattern SEGMENT = Pattern.compile("(\\d{10,18})-(\\d{6,9})\\.segment");
    private static final Pattern SNAPSHOT = Pattern.compile("(\\d{15,18})-(\\d{10,18})\\.snapshot");
    private static final Pattern TEMPORARY = Pattern.compile("\\.(?:spare|snapshot)-.*");
    private static final AtomicLong TOKENS = new AtomicLong(System.nanoTime());

    private JournalNames() {}

    static String segment(SegmentId id) {
        return String.format("%010d-%06d.segment", id.epoch(), id.index());
    }

    static Optional<SegmentId> asSegment(String name) {
        Matcher match = SEGMENT.matcher(name);
        return match.matches()
                ? Optional.of(new SegmentId(Long.parseLong(match.group(1)), Integer.parseInt(match.group(2))))
                : Optional.empty();
    }

    static String snapshot(SnapshotId id) {
        return String.format("%015d-%010d.snapshot", id.position(), id.epoch());
    }

    static Optional<SnapshotId> asSnapshot(String name) {
        Matcher match = SNAPSHOT.matcher(name);
        return match.matches()
                ? Optional.of(new SnapshotId(Long.parseLong(match.group(1)), Long.parseLong(match.group(2))))
                : Optional.empty();
    }

    static String spare() {
        return ".spare-" + token();
    }

    /** Where a whole journal is put by {@link ObjectStore#repair}, beside it. */
    static String directoryAside() {
        return DIRECTORY + "-aside-" + token();
    }

    static String unpublishedSnapshot() {
        return ".snapshot-" + token();
    }

    static boolean isTemporary(String name) {
        return TEMPORARY.matcher(name).matches();
    }

    /** Unlike any other token on this machine: process id and a counter. */
    private static String token() {
        return ProcessHandle.current().pid() + "-" + Long.toHexString(TOKENS.getAndIncrement());
    }
}
