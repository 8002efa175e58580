package dev.covey.patch.fuzz;

import static org.assertj.core.api.Assertions.assertThatCode;

import dev.covey.patch.FrozenTree;
import dev.covey.patch.Overwrites;
import dev.covey.patch.Patch;
import dev.covey.patch.Path;
import dev.covey.patch.Resolution;
import dev.covey.patch.Stamp;
import dev.covey.patch.ValueCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The targets with inputs made from good ones by changing a few bytes. */
final class FuzzTargetsTest {
    private static final int ROUNDS = Integer.getInteger("covey.fuzz.rounds", 20_000);

    /** The inputs the fuzzer starts from, too. */
    private static List<byte[]> seeds(String target) throws IOException {
        List<byte[]> seeds = new ArrayList<>();
        try (Stream<java.nio.file.Path> files = Files.list(java.nio.file.Path.of("src/test/resources/fuzz", target))) {
            for (java.nio.file.Path file : files.sorted().toList()) {
                seeds.add(Files.readAllBytes(file));
            }
        }
        return seeds;
    }

    private static String first(String target) throws IOException {
        return Fuzzed.text(seeds(target).get(0));
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
    void noTextBreaksTheReaderOfUpdates() throws IOException {
        fuzz(UpdateTarget::fuzzerTestOneInput, seeds("Update"));
    }

    @Test
    void noTextBreaksTheReaderOfJsonPatches() throws IOException {
        fuzz(JsonPatchTarget::fuzzerTestOneInput, seeds("JsonPatch"));
    }

    @Test
    void noTextBreaksTheReaderOfMergePatches() throws IOException {
        fuzz(MergePatchTarget::fuzzerTestOneInput, seeds("MergePatch"));
    }

    @Test
    void noBytesBreakTheReadersOfBinary() throws IOException {
        Patch patch = Patch.update(first("Update"))
                .and(Patch.jsonPatch(first("JsonPatch")))
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
