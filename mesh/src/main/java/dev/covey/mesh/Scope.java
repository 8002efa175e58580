package dev.covey.mesh;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.covey.mesh.core.ObjectState;
import dev.covey.patch.Diff;
import dev.covey.patch.FrozenTree;
import dev.covey.patch.Patch;
import dev.covey.patch.Path;

/**
 * The part of an object that a read-modify-write is about, and the patch that writes it back on condition that nobody wrote
 * there meanwhile.
 *
 * <p>The condition on a whole object is its revision. The condition on a part is a JSON Patch {@code test} of its value,
 * so that writers of other parts are not in the way; where that would be longer than {@link #MAX_TEST_BYTES} it is the
 * revision again.
 */
record Scope(Path path) {
    /** The longest value that is sent along to be compared. */
    static final int MAX_TEST_BYTES = 16_384;

    /** A patch, and the revision that the object must have. */
    record Conditional(Patch patch, long ifRevision) {}

    JsonNode in(ObjectState state) {
        return Places.at(state.value(), path);
    }

    /**
     * What makes the scope's value of that state into another.
     *
     * @param after a missing node to take it away
     */
    Conditional write(ObjectState met, JsonNode after) {
        JsonNode before = in(met);
        Patch change = change(before, after);
        if (path.size() > 0) {
            Patch tested = unchanged(before).and(change);
            if (tested.toBytes().length - change.toBytes().length <= MAX_TEST_BYTES) {
                return new Conditional(tested, PatchOptions.ANY);
            }
        }
        return new Conditional(change, met.revision());
    }

    /**
     * No test of RFC 6902 holds where there is nothing. {@code $max} with null makes a null there and leaves anything else
     * alone, and as it is one patch with the test and the change, that null is never seen.
     */
    private Patch unchanged(JsonNode before) {
        ArrayNode test = JsonNodeFactory.instance.arrayNode();
        ObjectNode step = test.addObject().put("op", "test").put("path", path.toString());
        step.set("value", before.isMissingNode() ? JsonNodeFactory.instance.nullNode() : before);
        Patch patch = Patch.jsonPatch(test);
        return before.isMissingNode() ? Patch.max(path.toString(), null).and(patch) : patch;
    }

    private Patch change(JsonNode before, JsonNode after) {
        if (after.isMissingNode()) {
            return Patch.unset(path.toString());
        }
        if (before.isMissingNode()) {
            return Patch.set(path.toString(), after);
        }
        ArrayNode steps = Diff.between(before, FrozenTree.freeze(after)).toJsonPatch();
        for (JsonNode step : steps) {
            ((ObjectNode) step).put("path", path + step.get("path").asText());
        }
        return Patch.jsonPatch(steps);
    }
}
