package dev.covey.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a listing of the journal directory said. Immutable; a newer one reads only the headers that are new. */
final class SegmentCatalog {
    private static final ToldOnce LOG = new ToldOnce(System.getLogger(SegmentCatalog.class.getName()));

    private final NavigableMap<SegmentId, SegmentHeader> headers;
    private final Coverage coverage;
    private final long highestEpochUsed;
    private final List<SegmentId> torn;

    private SegmentCatalog(
            NavigableMap<SegmentId, SegmentHeader> headers, long highestEpochUsed, List<SegmentId> torn) {
        this.torn = torn;
        this.headers = headers;
        this.highestEpochUsed = highestEpochUsed;
        Coverage sum = Coverage.NONE;
        for (SegmentHeader header : headers.values()) {
            sum = sum.with(header.epoch(), header.epochFirstPosition());
        }
        this.coverage = sum;
    }

    static SegmentCatalog read(Disk disk, Path directory, @Nullable SegmentCatalog known) throws IOException {
        NavigableMap<SegmentId, SegmentHeader> headers = new TreeMap<>();
        long highest = 0;
        List<SegmentId> torn = new ArrayList<>();
        for (String name : disk.list(directory)) {
            Optional<SegmentId> id = JournalNames.asSegment(name);
            if (id.isPresent()) {
                SegmentHeader header = known == null ? null : known.headers.get(id.get());
                Optional<SegmentHeader> found =
                        header != null ? Optional.of(header) : readHeader(disk, directory, id.get());
                found.ifPresentOrElse(whole -> headers.put(whole.id(), whole), () -> torn.add(id.get()));
                highest = found.isPresent() || isFile(disk, directory, id.get())
                        ? Math.max(highest, id.get().epoch())
                        : highest;
            }
        }
        torn.removeIf(id -> isGone(disk, directory, id));
        return new SegmentCatalog(headers, highest, List.copyOf(torn));
    }

    /** What is none was made by no host, so it has used no epoch. */
    private static boolean isFile(Disk disk, Path directory, SegmentId id) throws IOException {
        return disk.kind(directory.resolve(JournalNames.segment(id))) == Disk.Kind.FILE;
    }

    /** With one more segment. */
    SegmentCatalog with(SegmentHeader header) {
        NavigableMap<SegmentId, SegmentHeader> more = new TreeMap<>(headers);
        more.put(header.id(), header);
        return new SegmentCatalog(more, Math.max(highestEpochUsed, header.epoch()), torn);
    }

    private static boolean isGone(Disk disk, Path directory, SegmentId id) {
        try {
            return !disk.exists(directory.resolve(JournalNames.segment(id)));
        } catch (IOException unknown) {
            return false;
        }
    }

    /** Empty if torn, or removed since it was listed. */
    static Optional<SegmentHeader> readHeader(Disk disk, Path directory, SegmentId id) throws IOException {
        Path file = directory.resolve(JournalNames.segment(id));
        try {
            return SegmentHeader.decode(id, disk.read(file, 0, SegmentHeader.BLOCK_BYTES));
        } catch (NotRegularFileException noSegment) {
            LOG.warn("passed over: " + noSegment.getMessage());
            return Optional.empty();
        } catch (IOException e) {
            if (!disk.exists(file)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    Coverage coverage() {
        return coverage;
    }

    Collection<SegmentHeader> segments() {
        return headers.values();
    }

    /** The last segment of the highest epoch; nobody removes it, whatever snapshots there are. Empty if there is none. */
    Optional<SegmentId> newest() {
        return headers.isEmpty() ? Optional.empty() : Optional.of(headers.lastKey());
    }

    /** Whether that segment is there, or a newer one. */
    boolean reaches(SegmentId id) {
        return headers.ceilingKey(id) != null;
    }

    /** Segments that are there and whose header is not whole. */
    List<SegmentId> torn() {
        return torn;
    }

    /** Torn headers count: their epoch may have been seen by somebody. */
    long highestEpochUsed() {
        return highestEpochUsed;
    }

    Optional<SegmentHeader> firstOf(long epoch) {
        return Optional.ofNullable(headers.ceilingEntry(new SegmentId(epoch, 0)))
                .map(entry -> entry.getValue())
                .filter(header -> header.epoch() == epoch);
    }

    /** Rule R2: first the epoch, then the segment within that epoch. Empty if it was removed or never there. */
    Optional<SegmentHeader> covering(long position) {
        long epoch = coverage.epochFor(position);
        NavigableMap<SegmentId, SegmentHeader> ofEpoch =
                headers.subMap(new SegmentId(epoch, 0), true, new SegmentId(epoch, Integer.MAX_VALUE), true);
        SegmentHeader best = null;
        for (SegmentHeader header : ofEpoch.values()) {
            if (header.firstPosition() <= position) {
                best = header;
            }
        }
        return Optional.ofNullable(best);
    }

    /** The last position this segment speaks for; below its first position if a higher epoch took all of it. */
    long lastPositionOf(SegmentHeader header) {
        long sealed = coverage.lastCoveredBy(header.epoch());
        SegmentHeader next = headers.get(header.id().next());
        return next == null ? sealed : Math.min(sealed, next.firstPosition() - 1);
    }

    /** The lowest position that can be read; 0 if there is no segment. */
    long firstPosition() {
        long first = Long.MAX_VALUE;
        for (SegmentHeader header : headers.values()) {
            if (header.firstPosition() <= lastPositionOf(header)) {
                first = Math.min(first, header.firstPosition());
            }
        }
        return first == Long.MAX_VALUE ? 0 : first;
    }
}
