package dev.covey.mesh.core;

import dev.covey.mesh.protocol.FactDecoder;
import dev.covey.mesh.protocol.FactEncoder;
import dev.covey.mesh.protocol.LogRecord;
import dev.covey.mesh.protocol.WireWriter;
import dev.covey.patch.Limits;
import dev.covey.store.Coverage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The journal of a simulated machine: one segment for each epoch that began. Everybody may write to the segment of an
 * epoch, also who lost it long ago; what counts is for the reader to say. Facts are kept as bytes, so that every replica
 * decodes its own copy.
 */
final class SimulatedJournal {
    private record Entry(LogRecord record, ByteBuffer fact) {}

    private record Segment(long firstPosition, List<Entry> entries) {
        @Nullable
        Entry at(long position) {
            long index = position - firstPosition;
            return index >= 0 && index < entries.size() ? entries.get((int) index) : null;
        }
    }

    private final SortedMap<Long, Segment> segments = new TreeMap<>();

    /** Publishes the header of an epoch's segment; false if there is one already. */
    boolean publish(long epoch, long firstPosition) {
        return segments.putIfAbsent(epoch, new Segment(firstPosition, new ArrayList<>())) == null;
    }

    boolean hasBegun(long epoch) {
        return segments.containsKey(epoch);
    }

    /** Writes behind the last record of the epoch's segment. */
    void append(LogRecord record) {
        Segment segment = segments.get(record.epoch());
        if (segment == null) {
            throw new Violation("epoch " + record.epoch() + " has no segment for " + record);
        }
        long next = segment.firstPosition() + segment.entries().size();
        if (record.position() != next) {
            throw new Violation(
                    "the segment of epoch " + record.epoch() + " goes on at " + next + ", not at " + record);
        }
        WireWriter out = new WireWriter();
        FactEncoder.encode(record.fact(), out);
        segment.entries().add(new Entry(record, ByteBuffer.wrap(out.toBytes())));
    }

    /** The listing of segments, as a reader finds it now. */
    Coverage list() {
        Coverage coverage = Coverage.NONE;
        for (var segment : segments.entrySet()) {
            coverage = coverage.with(segment.getKey(), segment.getValue().firstPosition());
        }
        return coverage;
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
        return segments.keySet().stream().anyMatch(epoch -> epoch != believed && written(epoch, position) != null);
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
                FactDecoder.decode(entry.fact(), Limits.DEFAULT));
    }
}
