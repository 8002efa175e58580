package dev.covey.examples.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.fge.jsonpatch.JsonPatch;
import com.github.fge.jsonpatch.JsonPatchException;
import dev.covey.patch.FrozenTree;
import dev.covey.patch.Limits;
import dev.covey.patch.Operations;
import dev.covey.patch.Patch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One patch of one value, over and over: resolving it, and applying what it resolved to as a replica does. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PatchBenchmark {
    private static final Limits LIMITS = Limits.DEFAULT.withValueBytes(1L << 30);
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** A list of records of 1 KB each, one leaf of which is replaced. */
    @State(Scope.Benchmark)
    public static class Leaf {
        /** Size of the document in KB. */
        @Param({"1", "100", "1000", "100000"})
        public int kilobytes;

        JsonNode frozen = FrozenTree.EMPTY_OBJECT;
        JsonNode plain = NODES.objectNode();
        Patch set = Patch.set("", 0);
        byte[] operations = {};
        JsonPatch replace = new JsonPatch(java.util.List.of());

        /** Builds the document and the patch. */
        @Setup
        public void prepare() throws IOException {
            ObjectNode document = NODES.objectNode();
            ArrayNode list = document.putArray("list");
            for (int i = 0; i < kilobytes; i++) {
                list.add(record(i));
            }
            String pointer = "/list/" + kilobytes / 2 + "/item/price";
            frozen = FrozenTree.freeze(document, LIMITS);
            set = Patch.set(pointer, 4711);
            operations = set.resolve(frozen, 0, LIMITS).operations().toBytes();
            if (kilobytes <= 1000) {
                plain = document;
            }
            ObjectNode operation = NODES.objectNode();
            operation.put("op", "replace").put("path", pointer).put("value", 4711);
            replace = JsonPatch.fromJson(NODES.arrayNode().add(operation));
        }

        private static ObjectNode record(int id) {
            ObjectNode record = NODES.objectNode();
            record.put("id", id).put("note", "x".repeat(80));
            ObjectNode item = record.putObject("item");
            item.put("price", 12).put("name", "a thing of number " + id);
            ArrayNode lines = record.putArray("lines");
            for (int i = 0; i < 14; i++) {
                lines.addObject().put("product", "product " + i).put("count", i).put("text", "a line of text");
            }
            return record;
        }
    }

    /** An object of many members that gets one more. */
    @State(Scope.Benchmark)
    public static class Wide {
        /** How many. */
        @Param({"10", "100000"})
        public int members;

        JsonNode frozen = FrozenTree.EMPTY_OBJECT;
        Patch put = Patch.set("/another", 1);
        Patch inc = Patch.inc("/member5", 1);

        /** Builds the object. */
        @Setup
        public void prepare() {
            ObjectNode document = NODES.objectNode();
            for (int i = 0; i < members; i++) {
                document.put("member" + i, i);
            }
            frozen = FrozenTree.freeze(document, LIMITS);
        }
    }

    /** Covey: intent to new value. */
    @Benchmark
    public JsonNode leafResolve(Leaf leaf) {
        return leaf.set.resolve(leaf.frozen, 0, LIMITS).after();
    }

    /** Covey: bytes of operations to new value, what every replica does. */
    @Benchmark
    public JsonNode leafApply(Leaf leaf) {
        return Operations.fromBytes(ByteBuffer.wrap(leaf.operations), LIMITS).applyTo(leaf.frozen);
    }

    /** The json-patch library. */
    @Benchmark
    public JsonNode leafJsonPatch(Leaf leaf) throws JsonPatchException {
        return leaf.replace.apply(leaf.plain);
    }

    /** Covey: one more member. */
    @Benchmark
    public JsonNode widePut(Wide wide) {
        return wide.put.resolve(wide.frozen, 0, LIMITS).after();
    }

    /** Covey: a counter. */
    @Benchmark
    public JsonNode wideInc(Wide wide) {
        return wide.inc.resolve(wide.frozen, 0, LIMITS).after();
    }
}
