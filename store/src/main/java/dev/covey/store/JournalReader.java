package dev.covey.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Follows the journal record by record, usually from another process while the host appends. Belongs to one thread.
 *
 * <p>The directory is looked at only when the commit cell shows an epoch that this reader has no segment of, or when a
 * segment ended; a record that is there costs a few loads and its checksum, and allocates nothing.
 */
public final class JournalReader implements AutoCloseable {
    private final Disk disk;
    private final Path directory;
    private final SegmentList segments;
    private @Nullable SegmentCatalog catalog;
    /** Every segment that matters up to here is in the catalog: it was listed after the cell said so (rule C5). */
    private long listedUpTo;

    private @Nullable SegmentCursor segment;
    private long segmentSpeaksUpTo;
    private long position;

    JournalReader(Disk disk, Path directory, SegmentList segments, long afterPosition) {
        this.segments = segments;
        this.disk = disk;
        this.directory = directory;
        this.position = afterPosition;
    }

    /**
     * Moves to the next record, if it is committed. Read the commit cell first, then call this with what it said.
     *
     * @param committedEpoch the epoch in the cell, in full
     * @param committedPosition the position in the cell
     * @return false if the reader is there already
     * @throws StoreException SEGMENT_GONE if the record was removed after a snapshot: take the snapshot; CORRUPT, naming
     *     file and offset, if a committed record is missing or damaged
     */
    public boolean next(long committedEpoch, long committedPosition) {
        long wanted = position + 1;
        if (wanted > committedPosition) {
            return false;
        }
        try {
            SegmentCursor cursor = segmentFor(wanted, committedEpoch, committedPosition);
            while (cursor.peek() != SegmentCursor.Found.RECORD || cursor.nextPosition() != wanted) {
                cursor = onwards(cursor, wanted, committedPosition);
            }
            cursor.advance();
            position = wanted;
            return true;
        } catch (IOException e) {
            throw StoreException.of("journal " + directory, e);
        }
    }

    /** Whether {@link #next} with the same would find a record without touching the directory or opening a file. */
    public boolean isAtHand(long committedEpoch, long committedPosition) {
        long wanted = position + 1;
        SegmentCursor cursor = segment;
        return wanted <= committedPosition
                && cursor != null
                && wanted <= segmentSpeaksUpTo
                && !isUnlisted(wanted, committedEpoch)
                && cursor.peek() == SegmentCursor.Found.RECORD
                && cursor.nextPosition() == wanted;
    }

    private boolean isUnlisted(long wanted, long epoch) {
        return wanted > listedUpTo && (catalog == null || catalog.coverage().highestEpoch() < epoch);
    }

    private SegmentCursor segmentFor(long wanted, long epoch, long committed) throws IOException {
        if (isUnlisted(wanted, epoch)) {
            list(committed);
        }
        if (segment != null && wanted <= segmentSpeaksUpTo) {
            return segment;
        }
        return open(covering(wanted, committed));
    }

    private SegmentCatalog list(long committed) throws IOException {
        SegmentCatalog listed = segments.list();
        catalog = listed;
        listedUpTo = committed;
        if (segment != null) {
            segmentSpeaksUpTo = listed.coverage().lastCoveredBy(segment.header().epoch());
        }
        return listed;
    }

    private SegmentHeader covering(long wanted, long committed) throws IOException {
        Optional<SegmentHeader> known = catalog == null ? Optional.empty() : catalog.covering(wanted);
        return known.isPresent()
                ? known.get()
                : list(committed).covering(wanted).orElseThrow(() -> gone(wanted));
    }

    private StoreException gone(long wanted) {
        if (catalog != null && !catalog.torn().isEmpty()) {
            return headerDamaged(catalog.torn().get(0), wanted);
        }
        return new StoreException(
                StoreCode.SEGMENT_GONE,
                "journal " + directory + ": the segment with position " + wanted + " is gone; take a newer snapshot");
    }

    private SegmentCursor open(SegmentHeader header) throws IOException {
        if (segment != null) {
            segment.close();
            segment = null;
        }
        SegmentCursor opened;
        try {
            opened = SegmentCursor.open(disk, directory, header);
        } catch (IOException e) {
            if (!disk.exists(directory.resolve(JournalNames.segment(header.id())))) {
                throw gone(header.firstPosition());
            }
            throw e;
        }
        segment = opened;
        segmentSpeaksUpTo = catalog == null ? 0 : catalog.coverage().lastCoveredBy(header.epoch());
        return opened;
    }

    /** Past a record before the wanted one, or into the segment where the epoch goes on. */
    private SegmentCursor onwards(SegmentCursor cursor, long wanted, long committed) throws IOException {
        switch (cursor.peek()) {
            case RECORD -> {
                if (cursor.nextPosition() > wanted) {
                    throw missing(cursor, wanted, "position " + cursor.nextPosition() + " is there instead");
                }
                cursor.advance();
                return cursor;
            }
            case ROLL -> {
                SegmentHeader next = SegmentCatalog.readHeader(
                                disk, directory, cursor.header().id().next())
                        .orElseThrow(() -> gone(wanted));
                segments.learned(next);
                return open(next);
            }
            case NOTHING -> {
                return afterAnEndWithoutRoll(cursor, wanted, committed);
            }
            case INVALID -> throw missing(cursor, wanted, "the record there fails its checksum");
        }
        throw new IllegalStateException("unreachable");
    }

    /** A power loss can take the roll record and leave the segment after it; only the directory knows then. */
    private SegmentCursor afterAnEndWithoutRoll(SegmentCursor cursor, long wanted, long committed) throws IOException {
        SegmentHeader found = list(committed).covering(wanted).orElseThrow(() -> gone(wanted));
        if (found.id().equals(cursor.header().id())) {
            throw tornAbove(found.epoch(), wanted).orElseGet(() -> missing(cursor, wanted, "nothing is there"));
        }
        return open(found);
    }

    private Optional<StoreException> tornAbove(long epoch, long wanted) {
        List<SegmentId> torn = catalog == null ? List.of() : catalog.torn();
        return torn.stream().filter(id -> id.epoch() > epoch).findFirst().map(id -> headerDamaged(id, wanted));
    }

    private StoreException headerDamaged(SegmentId id, long wanted) {
        return StoreException.corrupt(
                directory.resolve(JournalNames.segment(id)),
                0,
                "the header is damaged, and committed record " + wanted + " is in no other segment");
    }

    private static StoreException missing(SegmentCursor cursor, long wanted, String found) {
        return StoreException.corrupt(
                cursor.file(), cursor.nextOffset(), "committed record " + wanted + " expected, " + found);
    }

    /** Where this reader is: of the record last read. */
    public long position() {
        return position;
    }

    public long epoch() {
        return current().header().epoch();
    }

    public long member() {
        return current().member();
    }

    public long sequence() {
        return current().sequence();
    }

    /** Microseconds since 1970. */
    public long timeMicros() {
        return current().timeMicros();
    }

    /** The committed position when this record was written. */
    public long committedThen() {
        return current().committed();
    }

    /**
     * The payload, from position to limit, big-endian, read-only: mapped memory that is valid until the next call of
     * {@link #next} or {@link #close} and must not be touched after it.
     */
    public ByteBuffer payload() {
        return current().payload();
    }

    private SegmentCursor current() {
        if (segment == null) {
            throw new StoreException(StoreCode.INVALID_ARGUMENT, "journal reader: next() has not returned true yet");
        }
        return segment;
    }

    @Override
    public void close() {
        if (segment != null) {
            segment.close();
            segment = null;
        }
    }
}
