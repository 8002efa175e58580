package dev.covey.patch;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/** An RFC 7396 merge patch. */
record MergePart(JsonNode document) implements Part {
    @Override
    public int size() {
        return 1;
    }

    @Override
    public void resolve(Draft draft) {
        if (document instanceof FrozenObject object && draft.root() instanceof FrozenObject) {
            merge(object, Path.ROOT, draft);
        } else {
            draft.touch(Path.ROOT, true);
            draft.put(Path.ROOT, draft.root(), merged(document), true);
        }
    }

    /** The object at the path takes the members; null takes them out. */
    private static void merge(FrozenObject members, Path path, Draft draft) {
        for (Map.Entry<String, JsonNode> member : members.properties()) {
            Path at = path.child(member.getKey());
            JsonNode value = member.getValue();
            JsonNode old = draft.find(at);
            if (value instanceof FrozenObject inner && old instanceof FrozenObject) {
                merge(inner, at, draft);
                continue;
            }
            draft.touch(at, true);
            if (!value.isNull()) {
                draft.add(at, (FrozenObject) draft.existing(path), merged(value));
            } else if (old != null) {
                draft.remove(at);
            }
        }
    }

    /** What a merge patch makes of something that is no object: itself without the null members. */
    private static JsonNode merged(JsonNode value) {
        if (!(value instanceof FrozenObject object)) {
            return value;
        }
        FrozenObject kept = object;
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            if (member.getValue().isNull()) {
                kept = kept.minus(member.getKey());
            } else {
                JsonNode inner = merged(member.getValue());
                kept = Sharing.same(inner, member.getValue()) ? kept : kept.plus(member.getKey(), inner);
            }
        }
        return kept;
    }
}
