package dev.covey.mesh.core;

import com.fasterxml.jackson.databind.JsonNode;
import dev.covey.mesh.protocol.Fact;
import dev.covey.mesh.protocol.LogRecord;
import java.util.ArrayList;
import java.util.List;

/** Whether members have what is theirs as long as they are members, and no longer. Watches every committed record. */
final class Belongings {
    /** Something somebody put somewhere; its value is told from all others by the ticket. */
    private record Put(long member, PlaceId place, JsonNode value) {}

    private final List<Put> puts = new ArrayList<>();

    void check(State before, LogRecord record, State after) {
        if (record.fact() instanceof Fact.Patched patched && patched.held() != null) {
            PlaceId place = new PlaceId(patched.object(), patched.held());
            puts.add(new Put(record.member(), place, at(after, place)));
        }
        after.holdings().places().forEach((place, hold) -> {
            Violation.unless(
                    after.sessions().containsKey(hold.member()),
                    () -> place + " is held by nobody at " + Words.of(record));
            Violation.unless(!at(after, place).isMissingNode(), () -> place + " is held and not there");
        });
        if (record.fact() instanceof Fact.Left left) {
            for (Put put : puts) {
                boolean outlives =
                        put.member() == left.number() && at(after, put.place()).equals(put.value());
                Violation.unless(!outlives, () -> put.place() + " outlives its member at " + Words.of(record));
            }
        }
    }

    private static JsonNode at(State state, PlaceId place) {
        return state.object(place.object()).value().at(place.path().toString());
    }
}
