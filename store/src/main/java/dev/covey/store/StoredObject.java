package dev.covey.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * One object at one revision.
 *
 * @param id the object's id
 * @param value its frozen state, without {@code _id} and {@code _rev}
 * @param revision the number of the revision, 1 for the first
 * @param rev its {@code _rev}
 * @param author who wrote it
 * @param timeMicros microseconds since 1970 when it was accepted
 * @param deleted whether this is the tombstone of a deleted object
 */
public record StoredObject(
        String id, JsonNode value, long revision, String rev, String author, long timeMicros, boolean deleted) {
    /** A private copy of the state that carries {@code _id} and {@code _rev} first, if the state is a JSON object. */
    public JsonNode document() {
        if (!value.isObject()) {
            return value;
        }
        ObjectNode copy = com.fasterxml.jackson.databind.node.JsonNodeFactory.instance.objectNode();
        copy.put("_id", id).put("_rev", rev);
        value.properties()
                .forEach(member -> copy.set(member.getKey(), member.getValue().deepCopy()));
        return copy;
    }
}
