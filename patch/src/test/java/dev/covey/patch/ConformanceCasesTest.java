package dev.covey.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every {@code *.json} of cases in the folder that the system property {@code covey.cases} names (else
 * {@code ../shared/cases} beside the checkout, if there is one), and the cases of our own among the test resources.
 *
 * <p>A case is {@code {name, doc, update|patch|pointer, query?, arrayFilters?, insert?, expect | error, ordered?,
 * optional?, disabled?}}. What it is about shows in its members; a {@code patch} is a JSON Patch unless the file's name or the
 * case's source speaks of RFC 7396.
 */
final class ConformanceCasesTest {
    /** Any time will do; cases that ask for it get it back from the marker. */
    private static final long NOW = 1_795_215_815_375L;

    private static final String NOW_DATE = "2026-11-20T23:03:35.375Z";
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TestFactory
    Stream<DynamicTest> everyCaseOfEveryFilePasses() throws IOException {
        List<Path> files = new ArrayList<>(jsonIn(Path.of("src/test/resources/cases")));
        String folder = System.getProperty("covey.cases", "");
        if (!folder.isEmpty()) {
            // Maven runs this in the module; who says a relative path may mean from the root of the checkout.
            Path given = Path.of(folder);
            files.addAll(jsonIn(Files.isDirectory(given) ? given : Path.of("..").resolve(given)));
        } else if (Files.isDirectory(Path.of("../../shared/cases"))) {
            files.addAll(jsonIn(Path.of("../../shared/cases")));
        }
        return files.stream().map(file -> dynamicTest(file.getFileName().toString(), () -> runAll(file)));
    }

    private static List<Path> jsonIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        }
    }

    private static void runAll(Path file) throws IOException {
        JsonNode cases = MAPPER.readTree(file.toFile());
        List<String> failures = new ArrayList<>();
        int passed = 0;
        for (JsonNode one : cases.isArray() ? cases : cases.path("cases")) {
            String failure = failureOf(one, file);
            if (failure.isEmpty()) {
                passed++;
            } else if (one.path("disabled").asBoolean()) {
                // Its point, an operation with two "op" members, was lost when the case was written down as data.
                System.out.println("  disabled: " + one.path("name").asText() + ": " + failure);
            } else if (one.path("optional").asBoolean()) {
                System.out.println("  ruled otherwise: " + one.path("name").asText() + ": " + failure);
            } else {
                failures.add(one.path("name").asText() + ": " + failure);
            }
        }
        System.out.println(file.getFileName() + ": " + passed + " passed, " + failures.size() + " failed");
        failures.forEach(failure -> System.out.println("  " + failure));
        assertThat(failures).isEmpty();
        assertThat(passed).isPositive();
    }

    /** Empty if the case passes. */
    private static String failureOf(JsonNode one, Path file) {
        if (!one.has("doc") || (!one.has("expect") && !one.path("error").asBoolean() && !one.has("applies"))) {
            return "not a case that can be told: " + one;
        }
        JsonNode doc = one.get("doc");
        JsonNode untouched = doc.deepCopy();
        JsonNode frozen = FrozenTree.freeze(doc);
        long hash = FrozenTree.hash(frozen);
        JsonNode result;
        try {
            result = outcome(one, frozen, file);
        } catch (PatchException refused) {
            return one.path("error").asBoolean() ? "" : "refused: " + refused.getMessage();
        }
        if (!doc.equals(untouched) || FrozenTree.hash(FrozenTree.freeze(frozen.deepCopy())) != hash) {
            return "the input document was changed";
        }
        if (one.path("error").asBoolean()) {
            return "should be refused, gave " + result;
        }
        boolean ordered = one.path("ordered").asBoolean();
        return !one.has("expect") || same(result, one.get("expect"), ordered)
                ? ""
                : "expected " + one.get("expect") + ", gave " + result;
    }

    private static JsonNode outcome(JsonNode one, JsonNode doc, Path file) {
        if (one.has("pointer")) {
            return dev.covey.patch.Path.parse(one.get("pointer").textValue()).resolve(doc);
        }
        ResolveOptions options = ResolveOptions.DEFAULT
                .withNowMillis(NOW)
                .withInserts(one.path("insert").asBoolean());
        Resolution resolution = patch(one, file).resolve(doc, options);
        // Nothing passes here that replicas, or readers of revision files, would see differently.
        assertThat(resolution.operations().applyTo(doc)).isEqualTo(resolution.after());
        JsonNode jsonPatch = resolution.operations().toJsonPatch();
        assertThat(Patch.jsonPatch(jsonPatch).resolve(doc, options).after()).isEqualTo(resolution.after());
        return resolution.after();
    }

    private static Patch patch(JsonNode one, Path file) {
        if (!one.has("update")) {
            String said = file.getFileName() + " " + one.path("source").asText();
            boolean merge = said.contains("7396") || said.contains("merge");
            return merge ? Patch.mergePatch(one.get("patch")) : Patch.jsonPatch(one.get("patch"));
        }
        UpdateOptions options = UpdateOptions.NONE;
        if (one.has("query")) {
            options = options.withQuery(one.get("query"));
        }
        if (one.has("arrayFilters")) {
            options = options.withArrayFilters(one.get("arrayFilters"));
        }
        return Patch.update(one.get("update"), options);
    }

    /** Numbers by value, both whole or both not; members in any order unless it matters. */
    private static boolean same(JsonNode found, JsonNode expected, boolean ordered) {
        if (expected.isObject() && expected.size() == 1 && expected.has("$$currentDate")) {
            return expected.get("$$currentDate").asText().equals("date")
                    ? found.asText().equals(NOW_DATE)
                    : found.isIntegralNumber() && found.longValue() == NOW;
        }
        if (found.isNumber() && expected.isNumber()) {
            return found.isIntegralNumber() == expected.isIntegralNumber()
                    && (found.isIntegralNumber()
                            ? found.longValue() == expected.longValue()
                            : found.doubleValue() == expected.doubleValue());
        }
        if (found.getNodeType() != expected.getNodeType() || found.size() != expected.size()) {
            return false;
        }
        return expected instanceof ObjectNode
                ? sameMembers(found, expected, ordered)
                : expected.isArray() ? sameElements(found, expected, ordered) : found.equals(expected);
    }

    private static boolean sameMembers(JsonNode found, JsonNode expected, boolean ordered) {
        Iterator<String> names = found.fieldNames();
        for (Map.Entry<String, JsonNode> member : expected.properties()) {
            if (ordered && !names.next().equals(member.getKey())) {
                return false;
            }
            JsonNode value = found.get(member.getKey());
            if (value == null || !same(value, member.getValue(), ordered)) {
                return false;
            }
        }
        return true;
    }

    private static boolean sameElements(JsonNode found, JsonNode expected, boolean ordered) {
        for (int i = 0; i < expected.size(); i++) {
            if (!same(found.get(i), expected.get(i), ordered)) {
                return false;
            }
        }
        return true;
    }
}
