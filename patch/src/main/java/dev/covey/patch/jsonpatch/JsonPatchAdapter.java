package dev.covey.patch.jsonpatch;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.fge.jsonpatch.JsonPatch;
import com.github.fge.jsonpatch.mergepatch.JsonMergePatch;
import dev.covey.patch.Operations;
import dev.covey.patch.Patch;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Takes patches of the json-patch library, and gives resolved operations to it. */
public final class JsonPatchAdapter {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private JsonPatchAdapter() {}

    /** The same JSON Patch. */
    public static Patch of(JsonPatch patch) {
        return Patch.jsonPatch(MAPPER.valueToTree(patch));
    }

    /** The same merge patch. */
    public static Patch of(JsonMergePatch patch) {
        return Patch.mergePatch(MAPPER.valueToTree(patch));
    }

    /** The same operations for the value they were resolved against. */
    public static JsonPatch toJsonPatch(Operations operations) {
        try {
            return JsonPatch.fromJson(operations.toJsonPatch());
        } catch (IOException impossible) {
            throw new UncheckedIOException("json-patch refuses add, replace and remove", impossible);
        }
    }
}
