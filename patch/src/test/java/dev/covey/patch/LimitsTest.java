package dev.covey.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

final class LimitsTest {
    private static final Limits DEFAULT = Limits.DEFAULT;

    private static JsonNode json(String text) {
        return Json.parse(text, DEFAULT);
    }

    private static Resolution resolve(String update, String before, Limits limits) {
        return Patch.update(update).resolve(json(before), 0, limits);
    }

    private static void refused(String limit, ThrowingCallable what) {
        assertThatThrownBy(what).isInstanceOfSatisfying(PatchException.class, refusal -> {
            assertThat(refusal.code()).isEqualTo(PatchCode.LIMIT_EXCEEDED);
            assertThat(refusal.getMessage()).contains(limit);
        });
    }

    private static void invalid(String part, ThrowingCallable what) {
        assertThatThrownBy(what).isInstanceOfSatisfying(PatchException.class, refusal -> {
            assertThat(refusal.code()).isEqualTo(PatchCode.INVALID_PATCH);
            assertThat(refusal.getMessage()).contains(part);
        });
    }

    @Test
    void anElementFarBeyondTheEndIsRefusedBeforeMemoryIsTaken() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Patch patch = Patch.update("{\"$set\":{\"a.2000000000\":1}}");
        JsonNode before = json("{\"a\":[]}");
        refused("1024 nulls", () -> patch.resolve(before, 0, DEFAULT));
        long allocated = threads.getCurrentThreadAllocatedBytes();
        refused("1024 nulls", () -> patch.resolve(before, 0, DEFAULT));
        assertThat(threads.getCurrentThreadAllocatedBytes() - allocated).isLessThan(1 << 20);
        assertThat(resolve("{\"$set\":{\"a.1024\":1}}", "{\"a\":[]}", DEFAULT)
                        .after()
                        .get("a"))
                .hasSize(1025);
        refused("1024 nulls", () -> resolve("{\"$set\":{\"a.1025\":1}}", "{\"a\":[]}", DEFAULT));
    }

    @Test
    void whatIsTooDeepIsRefusedHoweverItComes() {
        String deep = "[".repeat(101) + "]".repeat(101);
        refused("depth", () -> json(deep));
        refused("", () -> json("[".repeat(100_000)));
        JsonNode fits = json("[".repeat(60) + "]".repeat(60));
        refused("depth", () -> Patch.set("/a" + "/b".repeat(50), fits).resolve(json("{}"), 0, DEFAULT));
        refused("depth", () -> Patch.update("{\"$set\":{\"a" + ".b".repeat(100) + "\":1}}"));
        ArrayNode circle = JsonNodeFactory.instance.arrayNode();
        circle.add(circle);
        refused("depth", () -> FrozenTree.freeze(circle));
        Patch copies = Patch.jsonPatch("[{\"op\":\"copy\",\"from\":\"\",\"path\":\"/a/x\"}]");
        JsonNode before =
                FrozenTree.freeze(JsonNodeFactory.instance.objectNode().set("a", json("{}")));
        refused("depth", () -> {
            JsonNode value = before;
            for (int i = 0; i < 200; i++) {
                value = copies.resolve(value, 0, DEFAULT).after();
            }
        });
    }

    @Test
    void everySizeHasItsLimit() {
        Limits small = DEFAULT.withArrayLength(3)
                .withObjectMembers(2)
                .withKeyBytes(4)
                .withStringBytes(10)
                .withOperations(3)
                .withPatchBytes(400)
                .withValueBytes(300);
        refused("arrayLength", () -> resolve("{\"$push\":{\"a\":4}}", "{\"a\":[1,2,3]}", small));
        refused("arrayLength", () -> resolve("{\"$push\":{\"a\":{\"$each\":[1,2,3,4]}}}", "{}", small));
        refused("objectMembers", () -> resolve("{\"$set\":{\"c\":4}}", "{\"a\":1,\"b\":2}", small));
        refused("keyBytes", () -> Patch.set("/ééé", 1).resolve(json("{}"), 0, small));
        refused("stringBytes", () -> FrozenTree.freeze(json("\"ééé éééé\""), small.withStringBytes(9)));
        refused(
                "operations",
                () -> Patch.set("/a", 1)
                        .and(Patch.set("/a", 2))
                        .and(Patch.set("/a", 3))
                        .and(Patch.set("/a", 4))
                        .resolve(json("{}"), 0, small));
        refused("patchBytes", () -> Patch.fromBytes(ByteBuffer.allocate(401), small));
        refused("patchBytes", () -> Patch.jsonPatch("[" + " ".repeat(1 << 20) + "]"));
        refused("valueBytes", () -> Patch.set("/a", Collections.nCopies(100, 1)).resolve(json("{}"), 0, small));
        refused(
                "operations",
                () -> Patch.jsonPatch("[" + "{\"op\":\"remove\",\"path\":\"/a\"},".repeat(10_000)
                        + "{\"op\":\"remove\",\"path\":\"/a\"}]"));
    }

    @Test
    void comparingTooMuchIsRefusedInTime() {
        JsonNode numbers = FrozenTree.of(Collections.nCopies(10_000, 1), Json.MAPPER);
        JsonNode others = FrozenTree.of(Collections.nCopies(5_000, 2), Json.MAPPER);
        JsonNode before = FrozenTree.of(Map.of("a", numbers), Json.MAPPER);
        Patch patch = Patch.update(FrozenTree.of(Map.of("$pullAll", Map.of("a", others)), Json.MAPPER));
        refused("comparisons", () -> patch.resolve(before, 0, DEFAULT));
    }

    @Test
    void binaryThatPromisesMoreThanItHoldsIsRefusedBeforeMemoryIsTaken() {
        byte[] arrays = {1, ByteSink.ARRAY, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x7F};
        invalid("count within", () -> ValueCodec.fromBytes(ByteBuffer.wrap(arrays), DEFAULT));
        byte[] text = {1, ByteSink.TEXT, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x7F};
        invalid("count within", () -> ValueCodec.fromBytes(ByteBuffer.wrap(text), DEFAULT));
        byte[] nested = new byte[1000];
        java.util.Arrays.fill(nested, (byte) ByteSink.ARRAY);
        for (int i = 1; i < nested.length; i++) {
            nested[i] = i % 2 == 1 ? (byte) ByteSink.ARRAY : 1;
        }
        nested[0] = 1;
        refused("depth", () -> ValueCodec.fromBytes(ByteBuffer.wrap(nested), DEFAULT));
        byte[] newer = {9, 0};
        invalid("format version 1", () -> ValueCodec.fromBytes(ByteBuffer.wrap(newer), DEFAULT));
        byte[] more = {1, 0, 0};
        invalid("nothing more", () -> ValueCodec.fromBytes(ByteBuffer.wrap(more), DEFAULT));
        byte[] malformed = {1, ByteSink.SHORT_TEXT + 1, (byte) 0xC3};
        invalid("UTF-8", () -> ValueCodec.fromBytes(ByteBuffer.wrap(malformed), DEFAULT));
        byte[] twice = {1, ByteSink.OBJECT, 2, 2, 'a', 0, 1, 0};
        invalid("different member names", () -> ValueCodec.fromBytes(ByteBuffer.wrap(twice), DEFAULT));
    }

    @Test
    void onlyWhatJsonCanSayBecomesAValue() {
        invalid("fits into 64 bits", () -> json("9223372036854775808"));
        invalid("finite", () -> json("1e400"));
        invalid("half a surrogate pair", () -> json("\"\\ud800\""));
        invalid("JSON", () -> json("{\"a\":1,\"a\":2}"));
        invalid("JSON", () -> json("1 2"));
        invalid("JSON", () -> json(""));
        invalid("JSON", () -> json("{"));
        invalid("ObjectMapper", () -> Patch.set("/a", new Object()));
        assertThat(json("-0.0").doubleValue()).isEqualTo(-0.0);
    }

    @Test
    void everyOperatorRefusesWhatItCannotTakeByNameAndPlace() {
        List<String> updates = List.of(
                "{\"$inc\":{\"t\":\"1\"}}",
                "{\"$mul\":{\"t\":null}}",
                "{\"$bit\":{\"t\":{\"nand\":1}}}",
                "{\"$push\":{\"t\":{\"$each\":1}}}",
                "{\"$addToSet\":{\"t\":{\"$each\":1}}}",
                "{\"$pullAll\":{\"t\":1}}",
                "{\"$pop\":{\"t\":2}}",
                "{\"$rename\":{\"t\":1}}",
                "{\"$currentDate\":{\"t\":1}}",
                "{\"$pull\":{\"t\":{\"$foo\":1}}}",
                "{\"$foo\":{}}",
                "{}",
                "[]",
                "5",
                "{\"$set\":1}",
                "{\"$set\":{\"a..b\":1}}",
                "{\"$set\":{\"$a\":1}}",
                "{\"$set\":{\"a.$[x]\":1}}",
                "{\"$set\":{\"a\":1,\"a.b\":1}}",
                "{\"a\":1}");
        for (String update : updates) {
            invalid(" needs ", () -> Patch.update(update));
        }
        for (String operator : List.of("$regex", "$where", "$expr", "$text", "$jsonSchema")) {
            invalid(operator, () -> Patch.update("{\"$pull\":{\"t\":{\"" + operator + "\":1}}}"));
        }
    }

    @Test
    void aMessageShowsLongValuesCutShort() {
        ObjectNode before = JsonNodeFactory.instance.objectNode().put("t", "x".repeat(5_000));
        assertThatThrownBy(() -> Patch.inc("/t", 1).resolve(FrozenTree.freeze(before), 0, DEFAULT))
                .isInstanceOfSatisfying(PatchException.class, refusal -> {
                    assertThat(refusal.getMessage()).hasSizeLessThan(250);
                    assertThat(refusal.operator()).isEqualTo("$inc");
                    assertThat(refusal.pointer()).isEqualTo("/t");
                    assertThat(refusal.expected()).isEqualTo("a number");
                    assertThat(refusal.found()).startsWith("text \"xxx").hasSizeLessThan(100);
                });
    }
}
