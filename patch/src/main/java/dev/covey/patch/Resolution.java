package dev.covey.patch;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * What a patch does to one value.
 *
 * @param before the frozen value it was resolved against
 * @param after the frozen value it leads to; the same reference as before if nothing changes
 * @param operations the way from one to the other; empty if nothing changes
 * @param touches the paths its intents touch, also those that changed nothing
 */
public record Resolution(JsonNode before, JsonNode after, Operations operations, List<Touch> touches) {
    /** Whether the patch changes anything. */
    public boolean changed() {
        return !Sharing.same(before, after);
    }

    /** What changed where. Worked out anew at each call, at the cost of the paths that were touched. */
    public ChangeSet changes() {
        return ChangeSet.of(before, after, operations);
    }
}
