package dev.covey.mesh.core;

import dev.covey.mesh.protocol.FactDecoder;
import dev.covey.mesh.protocol.FactEncoder;
import dev.covey.mesh.protocol.LogRecord;
import dev.covey.mesh.protocol.WireWriter;
import dev.covey.patch.Limits;
import dev.covey.store.Coverage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The journal of a simulated machine: one segment for each epoch that began, and the snapshots beside them. Everybody may
 * write to the segment of an epoch, also who lost it long ago; what counts is for the reader to say. Facts are kept as
 * bytes, so that every replica decodes its own copy.
 *
 * <p>It knows what of it is on the device and what only in memory, so that the power can fail.
 */
final class SimulatedJournal {
    private record Entry(LogRecord record, ByteBuffer fact, long claim) {}

    private static final FactDecoder FACTS = new FactDecoder(Limits.DEFAULT);

    private static final class Segment {
        private final long firstPosition;
        private final List<@Nullable Entry> entries = new ArrayList<>();
        /** Written, and after a failed force neither on the device nor to be written again. */
        private final BitSet neverWritten = new BitSet();

        private boolean headerForced;
        private int forced;

        /** The epoch that spoke for the position before the first. */
        private final long previous;

        private Segment(long firstPosition, long previous, boolean headerForced) {
            this.firstPosition = firstPosition;
            this.previous = previous;
            this.headerForced = headerForced;
        }

        @Nullable
        Entry at(long position) {
            long index = position - firstPosition;
            return index >= 0 && index < entries.size() ? entries.get((int) index) : null;
        }

        void force() {
            headerForced = true;
            forced = entries.size();
        }

        /** What is in memory only may be lost, page by page and in any order. */
        void losePages(SplittableRandom random) {
            int kept = random.nextInt(forced, entries.size() + 1);
            for (int i = 0; i < entries.size(); i++) {
                boolean inMemory = i >= forced;
                if (neverWritten.get(i) || (inMemory && i >= kept && random.nextBoolean())) {
                    entries.set(i, null);
                }
            }
            neverWritten.clear();
            force();
        }
    }

    private final boolean forces;
    private final SortedMap<Long, Segment> segments = new TreeMap<>();
    private final NavigableMap<Long, byte[]> snapshots = new TreeMap<>();
    /** Whoever still writes to these writes to a file without a name. */
    private final Set<Long> removed = new TreeSet<>();

    private long highestTorn;
    private boolean forceFails;

    SimulatedJournal() {
        this(false);
    }

    /** A journal that promises to survive the loss of power, or one that does not. */
    SimulatedJournal(boolean forces) {
        this.forces = forces;
    }

    boolean forces() {
        return forces;
    }

    /** Publishes the header of an epoch's segment; false if there is one already. */
    boolean publish(long epoch, long firstPosition) {
        return publish(epoch, firstPosition, forces);
    }

    boolean publish(long epoch, long firstPosition, boolean headerForced) {
        long previous = list().epochFor(firstPosition - 1);
        return epoch != highestTorn
                && segments.putIfAbsent(epoch, new Segment(firstPosition, previous, headerForced)) == null;
    }

    boolean hasBegun(long epoch) {
        return segments.containsKey(epoch);
    }

    /** Whether what an epoch wrote follows what another one wrote, as its header says. */
    boolean follows(long epoch, long before) {
        Segment segment = segments.get(epoch);
        return epoch == before || (segment != null && segment.previous == before);
    }

    /** How many records the epoch has written. */
    int written(long epoch) {
        Segment segment = segments.get(epoch);
        return segment == null ? 0 : segment.entries.size();
    }

    /** Writes behind the last record of the epoch's segment. */
    void append(LogRecord record, long claim) {
        Segment segment = segments.get(record.epoch());
        if (segment == null && removed.contains(record.epoch())) {
            return;
        }
        if (segment == null) {
            throw new Violation("epoch " + record.epoch() + " has no segment for " + record);
        }
        long next = segment.firstPosition + segment.entries.size();
        if (record.position() != next) {
            throw new Violation(
                    "the segment of epoch " + record.epoch() + " goes on at " + next + ", not at " + record);
        }
        WireWriter out = new WireWriter();
        FactEncoder.encode(record.fact(), out);
        segment.entries.add(new Entry(record, ByteBuffer.wrap(out.toBytes()), claim));
    }

    void failNextForce() {
        forceFails = true;
    }

    /** Whether all records of the epoch are on the device now, not its name; a journal that promises nothing says yes. */
    boolean force(long epoch) {
        Segment segment = segments.get(epoch);
        if (!forces || segment == null) {
            return true;
        }
        if (forceFails) {
            forceFails = false;
            segment.neverWritten.set(segment.forced, segment.entries.size());
            segment.forced = segment.entries.size();
            return false;
        }
        segment.forced = segment.entries.size();
        return true;
    }

    /** Rule J2: what a recovery believed is there for the next one too. */
    void forceAll() {
        segments.values().forEach(Segment::force);
    }

    /** The power fails. Snapshots were forced before they got their names. */
    void losePages(SplittableRandom random) {
        forceFails = false;
        removed.clear();
        for (var segment : List.copyOf(segments.entrySet())) {
            int luck = segment.getValue().headerForced ? 7 : random.nextInt(8);
            if (luck < 2) {
                segments.remove(segment.getKey());
                highestTorn = luck == 0 ? Math.max(highestTorn, segment.getKey()) : highestTorn;
            } else {
                segment.getValue().losePages(random);
            }
        }
    }

    /** The highest epoch that was ever used, as far as a directory can tell: a torn header counts. */
    long highestEpochUsed() {
        return Math.max(highestTorn, segments.isEmpty() ? 0 : segments.lastKey());
    }

    /** The listing of segments, as a reader finds it now. */
    Coverage list() {
        Coverage coverage = Coverage.NONE;
        for (var segment : segments.entrySet()) {
            coverage = coverage.with(segment.getKey(), segment.getValue().firstPosition);
        }
        return coverage;
    }

    /** The highest position that any record says was committed, as far as its epoch may speak. */
    long highestClaim(Coverage coverage) {
        long highest = 0;
        for (var segment : segments.entrySet()) {
            long sealed = coverage.lastCoveredBy(segment.getKey());
            for (Entry entry : segment.getValue().entries) {
                highest = entry == null ? highest : Math.max(highest, Math.min(entry.claim, sealed));
            }
        }
        return highest;
    }

    /** Whether a record that its epoch speaks for lies beyond that position. */
    boolean hasRecordBeyond(Coverage coverage, long position) {
        for (Segment segment : segments.values()) {
            for (Entry entry : segment.entries) {
                if (entry != null
                        && entry.record.position() > position
                        && coverage.epochFor(entry.record.position()) == entry.record.epoch()) {
                    return true;
                }
            }
        }
        return false;
    }

    boolean hasTornHeader() {
        return highestTorn > 0;
    }

    /** The record an epoch wrote at a position, whether it counts or not. */
    @Nullable
    LogRecord written(long epoch, long position) {
        Segment segment = segments.get(epoch);
        Entry entry = segment == null ? null : segment.at(position);
        return entry == null ? null : entry.record();
    }

    /** A reader's own copy of the record at a position, of the epoch that the listing believes; null if it is not there. */
    @Nullable
    LogRecord read(Coverage listing, long position) {
        return copy(listing.epochFor(position), position);
    }

    /** What a reader without rule R2 takes: the lowest epoch that has anything to say. */
    @Nullable
    LogRecord readLowest(long position) {
        for (long epoch : segments.keySet()) {
            if (written(epoch, position) != null) {
                return copy(epoch, position);
            }
        }
        return null;
    }

    /** Whether a deposed host left a record at this position that must not be believed. */
    boolean hasZombie(Coverage listing, long position) {
        long believed = listing.epochFor(position);
        for (var segment : segments.entrySet()) {
            if (segment.getKey() != believed && segment.getValue().at(position) != null) {
                return true;
            }
        }
        return false;
    }

    void publishSnapshot(State state) {
        snapshots.put(state.position(), StateEncoder.encode(state));
    }

    /** The newest state on disk that is not above a position, decoded anew for each who asks. */
    State newestState(long position) {
        var newest = snapshots.floorEntry(position);
        return newest == null ? State.EMPTY : StateDecoder.decode(ByteBuffer.wrap(newest.getValue()), Limits.DEFAULT);
    }

    /** Rule J4: removes segments that speak only for what lies below a position. Returns how many. */
    int removeBelow(long position, long epoch) {
        Coverage coverage = list();
        int before = segments.size();
        for (long key : List.copyOf(segments.keySet())) {
            if (key <= epoch && coverage.lastCoveredBy(key) < position) {
                segments.remove(key);
                removed.add(key);
            }
        }
        return before - segments.size();
    }

    private @Nullable LogRecord copy(long epoch, long position) {
        Segment segment = segments.get(epoch);
        Entry entry = segment == null ? null : segment.at(position);
        if (entry == null) {
            return null;
        }
        LogRecord record = entry.record();
        return new LogRecord(
                record.epoch(),
                record.position(),
                record.timeMicros(),
                record.member(),
                record.sequence(),
                FACTS.decode(entry.fact()));
    }
}
