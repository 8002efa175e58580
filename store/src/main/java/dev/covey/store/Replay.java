package dev.covey.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.covey.patch.Limits;
import dev.covey.patch.Patch;

/** Applies changes that were accepted once, so it bounds nothing but what one patch may hold in operations. */
final class Replay {
    private static final Limits LIMITS = Limits.DEFAULT
            .withDepth(Limits.DEEPEST)
            .withPatchBytes(Integer.MAX_VALUE)
            .withValueBytes(Long.MAX_VALUE)
            .withComparisons(Long.MAX_VALUE);

    private Replay() {}

    /** The state after a change written as RFC 6902. A long one goes in pieces: one splice can be many operations. */
    static JsonNode apply(JsonNode before, JsonNode change) {
        int most = LIMITS.operations();
        if (change.size() <= most) {
            return Patch.jsonPatch(change).resolve(before, 0, LIMITS).after();
        }
        JsonNode value = before;
        for (int from = 0; from < change.size(); from += most) {
            ArrayNode piece = JsonNodeFactory.instance.arrayNode();
            for (int i = from; i < Math.min(change.size(), from + most); i++) {
                piece.add(change.get(i));
            }
            value = Patch.jsonPatch(piece).resolve(value, 0, LIMITS).after();
        }
        return value;
    }
}
