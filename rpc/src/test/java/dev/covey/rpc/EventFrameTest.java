package dev.covey.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What comes over the wire may be anything. */
class EventFrameTest {
    private static final long RUNS = Long.getLong("covey.events.frames", 100_000);

    @Test
    void aFrameIsReadAsItWasWritten() {
        byte[] json = "{\"ü\":1}".getBytes(StandardCharsets.UTF_8);
        EventFrame read = EventFrame.read(new EventFrame(EventFrame.GROUP, 17, "a.ü", "workers", json).toBytes());
        assertThat(read.kind()).isEqualTo(EventFrame.GROUP);
        assertThat(read.number()).isEqualTo(17);
        assertThat(read.topic()).isEqualTo("a.ü");
        assertThat(read.group()).isEqualTo("workers");
        assertThat(read.json()).isEqualTo(json);
    }

    /** {@code -Dcovey.events.frames=10000000} for the long run. */
    @Test
    void bytesThatNobodyWroteAreRefusedAndNothingElseHappens() {
        long seed = Long.getLong("covey.events.seed", System.nanoTime());
        SplittableRandom random = new SplittableRandom(seed);
        byte[] valid = new EventFrame(EventFrame.EVENT, 3, "a.b", "", new byte[] {'1'}).toBytes();
        long refused = 0;
        for (long run = 0; run < RUNS; run++) {
            byte[] bytes = random.nextBoolean() ? mutated(valid, random) : random(random);
            try {
                EventFrame.read(bytes);
            } catch (IllegalArgumentException expected) {
                refused++;
            } catch (RuntimeException | Error wrong) {
                fail("seed " + seed + ", run " + run, wrong);
            }
        }
        assertThat(refused).as("seed %s", seed).isGreaterThan(RUNS / 10);
    }

    private static byte[] mutated(byte[] valid, SplittableRandom random) {
        byte[] bytes = java.util.Arrays.copyOf(valid, random.nextInt(valid.length + 4));
        for (int i = random.nextInt(4); i > 0 && bytes.length > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        return bytes;
    }

    private static byte[] random(SplittableRandom random) {
        byte[] bytes = new byte[random.nextInt(64)];
        random.nextBytes(bytes);
        return bytes;
    }
}
