package dev.covey.mesh.core;

import dev.covey.patch.Limits;
import dev.covey.patch.Patch;
import dev.covey.patch.Stamp;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a leaving member takes along: records that remove its places come right before the one that says that it left, in
 * the same batch, so that no successor sees the one without the others.
 */
final class Farewell {
    /** Places removed by one record. */
    static final int PLACES_PER_RECORD = 256;

    private final List<PlaceId> places;
    private int next;

    Farewell(State state, long member) {
        places = state.holdings().placesOf(member);
    }

    /** The next removal, decided on the state that the one before led to; null when there is none. */
    Decider.@Nullable Decision next(State state, long member, long recordMicros, Limits limits) {
        if (next == places.size()) {
            return null;
        }
        String object = places.get(next).object();
        Patch removal = Patch.unset(places.get(next).path().toString());
        int end = Math.min(next + PLACES_PER_RECORD, places.size());
        for (next++; next < end && places.get(next).object().equals(object); next++) {
            removal = removal.and(Patch.unset(places.get(next).path().toString()));
        }
        return Decider.patch(state, state.object(object), removal, new Stamp(recordMicros, member), limits);
    }
}
