package dev.covey.patch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.github.fge.jsonpatch.JsonPatch;
import com.github.fge.jsonpatch.JsonPatchException;
import com.github.fge.jsonpatch.diff.JsonDiff;
import com.github.fge.jsonpatch.mergepatch.JsonMergePatch;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The json-patch library is asked the same questions, on {@code -Dcovey.oracle.documents} random documents (20,000 unless
 * told otherwise) from {@code -Dcovey.oracle.seed} on.
 */
final class JsonPatchOracleTest {
    private static final long DOCUMENTS = Long.getLong("covey.oracle.documents", 20_000);
    private static final long SEED = Long.getLong("covey.oracle.seed", 1);
    private static final List<String> OPS = List.of("add", "remove", "replace", "move", "copy", "test");

    /** The library reads 3.0 as the integer 3. */
    private static final Comparator<JsonNode> NUMBERS = (left, right) -> left.equals(right)
                    || (left.isNumber()
                            && right.isNumber()
                            && left.decimalValue().compareTo(right.decimalValue()) == 0)
            ? 0
            : 1;

    private final Map<String, Integer> counts = new TreeMap<>();

    private void count(String what) {
        counts.merge(what, 1, Integer::sum);
    }

    private long counted(String what) {
        return counts.getOrDefault(what, 0);
    }

    @Test
    void aJsonPatchDoesWhatTheOtherLibrarySays() throws IOException {
        for (long seed = SEED; seed < SEED + DOCUMENTS; seed++) {
            RandomJson json = new RandomJson(seed);
            JsonNode doc = json.value(4);
            ArrayNode patch = JsonNodeFactory.instance.arrayNode();
            int size = 1 + json.random.nextInt(json.random.nextInt(3) == 0 ? 4 : 1);
            for (int i = 0; i < size; i++) {
                String op = json.oneOf(OPS);
                count(op);
                patch.add(json.operation(op, doc));
            }
            JsonNode ours = ours(Patch.jsonPatch(patch), doc);
            JsonNode theirs = theirs(doc, patch);
            if (ours == null && theirs != null && movesIntoItself(patch)) {
                count("excluded");
            } else {
                assertThat(same(ours, theirs))
                        .withFailMessage("seed %d: %s of %s: %s, the oracle %s", seed, patch, doc, ours, theirs)
                        .isTrue();
            }
            count(ours == null ? "refused" : "accepted");
        }
        System.out.println("JSON Patch against json-patch: " + DOCUMENTS + " documents " + counts);
        assertThat(counted("refused")).isGreaterThan(DOCUMENTS * 3 / 10);
        assertThat(counted("accepted")).isGreaterThan(DOCUMENTS * 3 / 10);
        if (DOCUMENTS >= 20_000) {
            assertThat(OPS).allSatisfy(op -> assertThat(counted(op)).isGreaterThan(1000));
        }
    }

    @Test
    void aMergePatchDoesWhatTheOtherLibrarySays() throws Exception {
        for (long seed = SEED; seed < SEED + DOCUMENTS; seed++) {
            RandomJson json = new RandomJson(seed);
            JsonNode doc = json.value(4);
            JsonNode patch = json.mergePatch(doc, 3);
            JsonNode ours = ours(Patch.mergePatch(patch), doc);
            JsonNode theirs = JsonMergePatch.fromJson(patch).apply(doc);
            assertThat(same(ours, theirs))
                    .withFailMessage("seed %d: %s of %s: %s, the oracle %s", seed, patch, doc, ours, theirs)
                    .isTrue();
        }
    }

    @Test
    void eachLibraryAppliesTheDifferencesOfTheOther() throws Exception {
        int wrong = 0;
        for (long seed = SEED; seed < SEED + DOCUMENTS; seed++) {
            RandomJson json = new RandomJson(seed);
            JsonNode before = json.value(4);
            JsonNode after = json.changed(before, 4);
            Operations difference = Diff.between(before, after);
            JsonNode ours = JsonPatch.fromJson(difference.toJsonPatch()).apply(before);
            assertThat(same(ours, after))
                    .withFailMessage("seed %d: %s to %s by %s gave %s", seed, before, after, difference, ours)
                    .isTrue();
            JsonNode theirs = JsonDiff.asJson(before, after);
            if (!same(after, theirs(before, theirs))) {
                wrong++;
                continue;
            }
            JsonNode applied = ours(Patch.jsonPatch(theirs), before);
            assertThat(same(applied, after))
                    .withFailMessage("seed %d: %s to %s by %s gave %s", seed, before, after, theirs, applied)
                    .isTrue();
        }
        System.out.println("Differences both ways: " + DOCUMENTS + " documents, " + wrong
                + " of json-patch's own fail its own round trip");
        assertThat(wrong).isLessThan((int) Math.max(10, DOCUMENTS / 100));
    }

    private static @Nullable JsonNode ours(Patch patch, JsonNode doc) {
        try {
            return patch.resolve(FrozenTree.freeze(doc), ResolveOptions.DEFAULT).after();
        } catch (PatchException refused) {
            return null;
        }
    }

    private static @Nullable JsonNode theirs(JsonNode doc, JsonNode patch) throws IOException {
        try {
            return JsonPatch.fromJson(patch).apply(doc);
        } catch (JsonPatchException refused) {
            return null;
        }
    }

    private static boolean same(@Nullable JsonNode ours, @Nullable JsonNode theirs) {
        return ours == null ? theirs == null : theirs != null && ours.equals(NUMBERS, theirs);
    }

    /**
     * A known fault of the library: it moves a value into itself, and a missing value to its own place. RFC 6902 refuses both
     * (4.4), and the conformance cases ask for it.
     */
    private static boolean movesIntoItself(ArrayNode patch) {
        for (JsonNode operation : patch) {
            boolean move = operation.get("op").textValue().equals("move");
            if (move
                    && Path.parse(operation.get("from").textValue())
                            .contains(Path.parse(operation.get("path").textValue()))) {
                return true;
            }
        }
        return false;
    }
}
