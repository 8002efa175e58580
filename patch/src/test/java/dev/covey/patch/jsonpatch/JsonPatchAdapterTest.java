package dev.covey.patch.jsonpatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.fge.jsonpatch.JsonPatch;
import com.github.fge.jsonpatch.mergepatch.JsonMergePatch;
import dev.covey.patch.FrozenTree;
import dev.covey.patch.Limits;
import dev.covey.patch.Resolution;
import org.junit.jupiter.api.Test;

final class JsonPatchAdapterTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @Test
    void patchesOfTheLibraryDoHereWhatTheyDoThere() throws Exception {
        JsonNode before = FrozenTree.freeze(MAPPER.readTree("{\"a\":[1,2],\"b\":\"x\"}"));
        JsonPatch patch = JsonPatch.fromJson(MAPPER.readTree(
                "[{\"op\":\"move\",\"from\":\"/a/0\",\"path\":\"/c\"},{\"op\":\"add\",\"path\":\"/a/-\",\"value\":\"y\"},"
                        + "{\"op\":\"copy\",\"from\":\"/b\",\"path\":\"/d\"},{\"op\":\"test\",\"path\":\"/c\",\"value\":1},"
                        + "{\"op\":\"remove\",\"path\":\"/b\"},{\"op\":\"replace\",\"path\":\"/c\",\"value\":null}]"));
        Resolution resolution = JsonPatchAdapter.of(patch).resolve(before, 0, Limits.DEFAULT);
        assertThat(resolution.after()).isEqualTo(patch.apply(before));
        assertThat(JsonPatchAdapter.toJsonPatch(resolution.operations()).apply(before))
                .isEqualTo(resolution.after());
        JsonMergePatch merge = JsonMergePatch.fromJson(MAPPER.readTree("{\"a\":null,\"b\":{\"c\":1,\"d\":null}}"));
        assertThat(JsonPatchAdapter.of(merge).resolve(before, 0, Limits.DEFAULT).after())
                .isEqualTo(merge.apply(before));
    }
}
