package dev.covey.patch;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * What an update document may refer to.
 *
 * @param query a MongoDB query the value must match, else the patch is refused with TEST_FAILED; the positional {@code $} is
 *     the array element that matched it. Not asked where the patch inserts
 * @param arrayFilters an array of filters, one for each identifier in {@code $[identifier]}
 */
public record UpdateOptions(
        @Nullable JsonNode query, @Nullable JsonNode arrayFilters) {
    /** Neither query nor filters. */
    public static final UpdateOptions NONE = new UpdateOptions(null, null);

    /** The same options with this query. */
    public UpdateOptions withQuery(JsonNode query) {
        return new UpdateOptions(query, arrayFilters);
    }

    /** The same options with a query given as JSON. */
    public UpdateOptions withQuery(String json) {
        return withQuery(Json.parse(json, Limits.DEFAULT));
    }

    /** The same options with these array filters. */
    public UpdateOptions withArrayFilters(JsonNode arrayFilters) {
        return new UpdateOptions(query, arrayFilters);
    }

    /** The same options with array filters given as JSON. */
    public UpdateOptions withArrayFilters(String json) {
        return withArrayFilters(Json.parse(json, Limits.DEFAULT));
    }
}
