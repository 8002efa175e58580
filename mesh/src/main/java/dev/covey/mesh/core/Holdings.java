package dev.covey.mesh.core;

import dev.covey.mesh.protocol.Fact;
import dev.covey.mesh.protocol.LineId;
import dev.covey.mesh.protocol.LogRecord;
import dev.covey.patch.Operation;
import dev.covey.patch.Operations;
import dev.covey.patch.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.pcollections.PSortedMap;
import org.pcollections.TreePMap;

/**
 * What members have only as long as they are members. Part of the replicated state; immutable.
 *
 * @param places that go with the member who put them there. A place is not held any more once somebody overwrote or removed
 *     it, or a place above it; what is below it may be changed
 * @param lines in which members have or wait for a permit. That of a scope is there while somebody is in it; that of an
 *     object's writers stays
 */
public record Holdings(PSortedMap<PlaceId, Hold> places, PSortedMap<LineId, Line> lines) {
    /** Nobody has anything. */
    static final Holdings NONE = new Holdings(TreePMap.empty(), TreePMap.empty());

    /** What there is after that record. */
    Holdings after(LogRecord record) {
        Fact fact = record.fact();
        if (fact instanceof Fact.Patched patched) {
            Holdings left = overwritten(patched.object(), patched.operations());
            return patched.held() == null
                    ? left
                    : left.with(
                            new PlaceId(patched.object(), patched.held()),
                            new Hold(record.member(), record.position()));
        } else if (fact instanceof Fact.QueuedUp queued) {
            return with(queued.line(), line(queued.line()).queuedUp(record.position(), record.member()));
        } else if (fact instanceof Fact.SteppedOut out) {
            return with(out.line(), line(out.line()).steppedOut(out.request(), record.position()));
        } else if (fact instanceof Fact.Left left) {
            return without(left.number(), record.position());
        } else if (fact instanceof Fact.Guarded guarded) {
            return with(LineId.writers(guarded.object()), Line.guarding(guarded.writers(), guarded.expiryMillis()));
        }
        return this;
    }

    private Holdings overwritten(String object, Operations operations) {
        if (places.isEmpty()) {
            return this;
        }
        PSortedMap<PlaceId, Hold> left = places;
        for (Operation operation : operations.list()) {
            left = without(left, object, operation.path());
        }
        return new Holdings(left, lines);
    }

    private static PSortedMap<PlaceId, Hold> without(PSortedMap<PlaceId, Hold> places, String object, Path path) {
        PSortedMap<PlaceId, Hold> left = places;
        for (PlaceId place : places.tailMap(new PlaceId(object, path), true).keySet()) {
            if (!place.object().equals(object) || !path.contains(place.path())) {
                break;
            }
            left = left.minus(place);
        }
        return left;
    }

    private Holdings with(PlaceId place, Hold hold) {
        return new Holdings(places.plus(place, hold), lines);
    }

    /** The places of that member, in order. */
    List<PlaceId> placesOf(long member) {
        List<PlaceId> found = new ArrayList<>();
        for (Map.Entry<PlaceId, Hold> held : places.entrySet()) {
            if (held.getValue().member() == member) {
                found.add(held.getKey());
            }
        }
        return found;
    }

    /** The line of an object's writers, or null if everybody may patch it. */
    public @Nullable Line writers(String object) {
        return lines.isEmpty() ? null : lines.get(LineId.writers(object));
    }

    /** The line of that name; one in which nobody is if it is not there. */
    Line line(LineId id) {
        Line line = lines.get(id);
        return line == null ? Line.OF_ONE : line;
    }

    private Holdings with(LineId id, Line line) {
        boolean over = !id.writers() && line.isEmpty();
        return new Holdings(places, over ? lines.minus(id) : lines.plus(id, line));
    }

    /** That member has nothing any more, by the record at that position. */
    @SuppressWarnings("ReferenceEquality") // lines that the member is not in are the same reference
    private Holdings without(long member, long position) {
        PSortedMap<PlaceId, Hold> left = places;
        for (PlaceId place : placesOf(member)) {
            left = left.minus(place);
        }
        Holdings after = new Holdings(left, lines);
        for (Map.Entry<LineId, Line> entry : lines.entrySet()) {
            Line line = entry.getValue().without(member, position);
            if (line != entry.getValue()) {
                after = after.with(entry.getKey(), line);
            }
        }
        return after;
    }
}
