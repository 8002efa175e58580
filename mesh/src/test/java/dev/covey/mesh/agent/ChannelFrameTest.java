package dev.covey.mesh.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.covey.mesh.protocol.MalformedMessageException;
import dev.covey.mesh.protocol.Token;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The header of what members say to each other. {@code -Dcovey.fuzz.frames=10000000} for a long look. */
class ChannelFrameTest {
    private static final int FRAMES = Integer.getInteger("covey.fuzz.frames", 200_000);

    @Test
    void whatIsWrittenIsRead() {
        SplittableRandom random = new SplittableRandom(11);
        for (int i = 0; i < 10_000; i++) {
            ChannelFrame frame = random(random);
            byte[] bytes = new byte[ChannelFrame.HEADER];
            frame.writeTo(bytes);
            assertThat(ChannelFrame.read(ByteBuffer.wrap(bytes))).isEqualTo(frame);
        }
    }

    private static ChannelFrame random(SplittableRandom random) {
        int kind = random.nextInt(ChannelFrame.DATA, ChannelFrame.MISSING + 1);
        return new ChannelFrame(
                kind,
                new Token(random.nextLong(), random.nextLong()),
                random.nextLong(),
                random.nextLong(1, Long.MAX_VALUE),
                random.nextLong(1, Long.MAX_VALUE),
                random.nextLong(),
                random.nextLong(1, Long.MAX_VALUE),
                random.nextLong(Long.MAX_VALUE),
                random.nextLong(Long.MAX_VALUE),
                random.nextLong(Long.MAX_VALUE));
    }

    @Test
    void bytesThatNobodyWroteAreRefusedOrMeanAFrame() {
        SplittableRandom random = new SplittableRandom(12);
        int refused = 0;
        for (int i = 0; i < FRAMES; i++) {
            byte[] bytes = new byte[random.nextInt(2 * ChannelFrame.HEADER)];
            random.nextBytes(bytes);
            if (bytes.length >= ChannelFrame.HEADER && random.nextBoolean()) {
                random(random).writeTo(bytes);
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            }
            try {
                ChannelFrame frame = ChannelFrame.read(ByteBuffer.wrap(bytes));
                assertThat(frame.kind()).isBetween(ChannelFrame.DATA, ChannelFrame.MISSING);
                assertThat(frame.from()).isPositive();
            } catch (MalformedMessageException malformed) {
                refused++;
            }
        }
        assertThat(refused).isBetween(FRAMES / 10, FRAMES - FRAMES / 20);
    }

    @Test
    void aShortFrameSaysWhatIsMissing() {
        assertThatThrownBy(() -> ChannelFrame.read(ByteBuffer.allocate(10)))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessageContaining("has 10 bytes, its header alone 88");
    }
}
