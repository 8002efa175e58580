package dev.covey.patch;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** Random patches of every kind and operator. */
final class RandomUpdate {
    static final List<String> OPERATORS = List.of(
            "$set",
            "$unset",
            "$inc",
            "$mul",
            "$min",
            "$max",
            "$bit",
            "$rename",
            "$currentDate",
            "$setOnInsert",
            "$push",
            "$addToSet",
            "$pull",
            "$pullAll",
            "$pop");
    private static final List<String> OPS = List.of("add", "remove", "replace", "move", "copy", "test");

    private final RandomJson json;

    RandomUpdate(RandomJson json) {
        this.json = json;
    }

    /** One operator at a path of the value, or, for names the builder has no operator for, a document of another language. */
    Patch patch(String kind, JsonNode value) {
        String at = json.path(value).toString();
        JsonNode some = json.value(2);
        return switch (kind) {
            case "$set" -> Patch.set(at, some);
            case "$unset" -> Patch.unset(at);
            case "$inc" -> Patch.inc(at, json.random.nextInt(-2, 3));
            case "$mul" -> Patch.mul(at, json.random.nextInt(4) / 2.0);
            case "$min" -> Patch.min(at, some);
            case "$max" -> Patch.max(at, some);
            case "$bit" -> Patch.bitXor(at, json.random.nextInt(3));
            case "$rename" -> Patch.rename(at, json.path(value).toString());
            case "$currentDate" -> Patch.currentTimestamp(at);
            case "$setOnInsert" -> Patch.setOnInsert(at, some);
            case "$push" -> push(at, some);
            case "$addToSet" -> Patch.addToSet(at, some, json.scalar());
            case "$pull" -> json.random.nextBoolean() ? Patch.pull(at, json.scalar()) : pullLess(at);
            case "$pullAll" -> Patch.pullAll(at, json.scalar(), json.scalar(), some);
            case "$pop" -> json.random.nextBoolean() ? Patch.popFirst(at) : Patch.popLast(at);
            case "merge" -> Patch.mergePatch(json.mergePatch(value, 3));
            case "update" ->
                Patch.update(
                        "{\"$inc\":{\"a.$[i]\":1},\"$set\":{\"b.c\":2},\"$push\":{\"c.0\":3}}",
                        UpdateOptions.NONE.withArrayFilters("[{\"i\":{\"$gt\":0}}]"));
            default ->
                Patch.jsonPatch(
                        json.random.nextBoolean() ? one(value) : one(value).addAll(one(value)));
        };
    }

    private com.fasterxml.jackson.databind.node.ArrayNode one(JsonNode value) {
        return com.fasterxml.jackson.databind.node.JsonNodeFactory.instance
                .arrayNode()
                .add(json.operation(json.oneOf(OPS), value));
    }

    private Patch pullLess(String at) {
        return Patch.pull(at, Json.parse("{\"$lt\":" + json.random.nextInt(4) + "}", Limits.DEFAULT));
    }

    private Patch push(String at, JsonNode some) {
        PushOptions options = PushOptions.NONE;
        if (json.random.nextBoolean()) {
            options = options.withPosition(json.random.nextInt(-3, 4));
        }
        if (json.random.nextInt(3) == 0) {
            options = options.withSort(json.random.nextBoolean() ? 1 : -1);
        }
        if (json.random.nextInt(3) == 0) {
            options = options.withSlice(json.random.nextInt(-5, 6));
        }
        return Patch.push(at, List.of(some, json.scalar()), options);
    }

    static List<String> kinds() {
        List<String> kinds = new java.util.ArrayList<>(OPERATORS);
        kinds.addAll(List.of("merge", "update", "json", "json"));
        return kinds;
    }
}
