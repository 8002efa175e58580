package dev.covey.patch.fuzz;

import static org.assertj.core.api.Assertions.assertThatCode;

import dev.covey.patch.FrozenTree;
import dev.covey.patch.Overwrites;
import dev.covey.patch.Patch;
import dev.covey.patch.Path;
import dev.covey.patch.Resolution;
import dev.covey.patch.Stamp;
import dev.covey.patch.ValueCodec;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The targets with inputs made from good ones by changing a few bytes. */
final class FuzzTargetsTest {
    private static final int ROUNDS = Integer.getInteger("covey.fuzz.rounds", 20_000);

    private static final List<String> UPDATES = List.of(
            "{\"$set\":{\"a.0\":1,\"b.c.d\":[1]},\"$unset\":{\"c\":1}}",
            "{\"$push\":{\"a\":{\"$each\":[3,1],\"$sort\":-1,\"$slice\":3,\"$position\":0}}}",
            "{\"$pull\":{\"a\":{\"$gt\":1,\"$not\":{\"$mod\":[2,0]}}},\"$inc\":{\"c\":-9223372036854775808}}",
            "{\"$pull\":{\"a\":{\"b\":{\"$elemMatch\":{\"$in\":[0,null]}}}},\"$bit\":{\"c\":{\"or\":1}}}",
            "{\"$rename\":{\"b.d\":\"e.f\"},\"$min\":{\"c\":1e308},\"$currentDate\":{\"d\":true}}",
            "{\"$mul\":{\"c\":1.5},\"$addToSet\":{\"a\":{\"$each\":[1,2]}},\"$pop\":{\"0\":1}}",
            "{\"$set\":{\"a.$[]\":1},\"$pullAll\":{\"\\u0000\":[1]},\"$setOnInsert\":{\"x\":1}}");
    private static final List<String> JSON_PATCHES = List.of(
            "[{\"op\":\"add\",\"path\":\"/a/-\",\"value\":{\"x\":[]}},{\"op\":\"move\",\"from\":\"/b/a\",\"path\":\"/a/0\"}]",
            "[{\"op\":\"test\",\"path\":\"/c\",\"value\":7.0},{\"op\":\"remove\",\"path\":\"/a/2/b/0\"}]",
            "[{\"op\":\"copy\",\"from\":\"\",\"path\":\"/b/a\"},{\"op\":\"replace\",\"path\":\"/~0~1\",\"value\":null}]");
    private static final List<String> MERGES =
            List.of("{\"a\":null,\"b\":{\"c\":{\"x\":null},\"d\":[null]}}", "[1,{\"a\":null}]", "{\"\":{\"0\":1e-7}}");

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void fuzz(Consumer<byte[]> target, List<byte[]> seeds) {
        seeds.forEach(target);
        for (int seed = 0; seed < ROUNDS; seed++) {
            byte[] input = mutated(new SplittableRandom(seed), seeds);
            int number = seed;
            assertThatCode(() -> target.accept(input))
                    .withFailMessage(() -> "seed " + number + ": " + Arrays.toString(input) + " = "
                            + new String(input, StandardCharsets.UTF_8))
                    .doesNotThrowAnyException();
        }
    }

    private static byte[] mutated(SplittableRandom random, List<byte[]> seeds) {
        byte[] input = seeds.get(random.nextInt(seeds.size())).clone();
        int changes = 1 + random.nextInt(4);
        for (int i = 0; i < changes && input.length > 0; i++) {
            int at = random.nextInt(input.length);
            switch (random.nextInt(5)) {
                case 0 -> input[at] = (byte) random.nextInt(256);
                case 1 -> input[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> input = Arrays.copyOf(input, at);
                case 3 -> input = spliced(input, at, seeds.get(random.nextInt(seeds.size())), random);
                default -> input[at] = input[random.nextInt(input.length)];
            }
        }
        return input;
    }

    private static byte[] spliced(byte[] input, int at, byte[] other, SplittableRandom random) {
        int from = random.nextInt(other.length + 1);
        byte[] both = Arrays.copyOf(input, at + other.length - from);
        System.arraycopy(other, from, both, at, other.length - from);
        return both;
    }

    @Test
    void noTextBreaksTheReaderOfUpdates() {
        fuzz(
                UpdateTarget::fuzzerTestOneInput,
                UPDATES.stream().map(FuzzTargetsTest::utf8).toList());
    }

    @Test
    void noTextBreaksTheReaderOfJsonPatches() {
        fuzz(
                JsonPatchTarget::fuzzerTestOneInput,
                JSON_PATCHES.stream().map(FuzzTargetsTest::utf8).toList());
    }

    @Test
    void noTextBreaksTheReaderOfMergePatches() {
        fuzz(
                MergePatchTarget::fuzzerTestOneInput,
                MERGES.stream().map(FuzzTargetsTest::utf8).toList());
    }

    @Test
    void noBytesBreakTheReadersOfBinary() {
        Patch patch = Patch.update(UPDATES.get(0))
                .and(Patch.jsonPatch(JSON_PATCHES.get(0)))
                .and(Patch.inc("/c", 2));
        Patch some =
                Patch.set("/x/y", "z").and(Patch.push("/l", 1, 2.5, "t", -7)).and(Patch.unset("/x/y"));
        Resolution resolution = some.resolve(FrozenTree.EMPTY_OBJECT, 0, Fuzzed.LIMITS);
        Overwrites overwrites =
                Overwrites.NONE.with(new Stamp(5, 1), resolution.operations()).prune(new Stamp(4, 1));
        fuzz(
                CodecTarget::fuzzerTestOneInput,
                List.of(
                        tagged(0, patch.toBytes()),
                        tagged(0, some.toBytes()),
                        tagged(1, resolution.operations().toBytes()),
                        tagged(2, ValueCodec.toBytes(resolution.after())),
                        tagged(3, overwrites.toBytes())));
        assertThatCode(() -> Path.parse("/~2")).hasMessageContaining("INVALID_PATCH");
    }

    private static byte[] tagged(int tag, byte[] bytes) {
        byte[] tagged = new byte[bytes.length + 1];
        tagged[0] = (byte) tag;
        System.arraycopy(bytes, 0, tagged, 1, bytes.length);
        return tagged;
    }
}
