package dev.covey.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What calls look like on the wire. {@code -Dcovey.fuzz.frames=10000000} for a long look. */
class RpcMessageTest {
    private static final int FRAMES = Integer.getInteger("covey.fuzz.frames", 200_000);

    @Test
    void whatIsWrittenIsRead() {
        ByteArrayOutputStream call = RpcMessage.call(3, 77, 123_456_789L, "Pricing.total");
        call.writeBytes(new byte[] {'[', ']'});
        RpcMessage read = RpcMessage.read(call.toByteArray());
        assertThat(read.kind()).isEqualTo(RpcMessage.CALL);
        assertThat(read.depth()).isEqualTo(3);
        assertThat(read.id()).isEqualTo(77);
        assertThat(read.number()).isEqualTo(123_456_789L);
        assertThat(read.service()).isEqualTo("Pricing.total");
        assertThat(read.json().remaining()).isEqualTo(2);
        assertThat(RpcMessage.read(RpcMessage.more(5, 9)).number()).isEqualTo(9);
        assertThat(RpcMessage.read(RpcMessage.bare(RpcMessage.CANCEL, 5)).id()).isEqualTo(5);
        assertThat(RpcMessage.read(
                                RpcMessage.answer(RpcMessage.RESULT, 1 << 20, 5).toByteArray())
                        .busy())
                .isEqualTo(0xffff);
    }

    @Test
    void aCallThatGoesOutAgainSaysWhatIsLeftThen() {
        byte[] first = RpcMessage.call(3, 77, 5_000, "Pricing.total").toByteArray();
        RpcMessage again = RpcMessage.read(RpcMessage.again(first, 2_000));
        assertThat(again.number()).isEqualTo(2_000);
        assertThat(again.id()).isEqualTo(77);
        assertThat(RpcMessage.read(first).number()).isEqualTo(5_000);
        assertThat(Pending.leftNanos(7_000, 5_000)).isEqualTo(2_000);
        assertThat(Pending.leftNanos(7_000, 9_000)).isZero();
        assertThat(Pending.leftNanos(Long.MAX_VALUE, 5_000)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void bytesThatNobodyWroteAreRefusedOrMeanAMessage() {
        SplittableRandom random = new SplittableRandom(21);
        int refused = 0;
        for (int i = 0; i < FRAMES; i++) {
            byte[] bytes = new byte[random.nextInt(80)];
            random.nextBytes(bytes);
            if (bytes.length > 0 && random.nextBoolean()) {
                bytes[0] = (byte) random.nextInt(9);
            }
            if (bytes.length > 21 && random.nextBoolean()) {
                bytes[20] = (byte) random.nextInt(70);
                bytes[21] = 0;
            }
            try {
                RpcMessage message = RpcMessage.read(bytes);
                assertThat(message.kind()).isBetween(RpcMessage.CALL, RpcMessage.END);
                assertThat(message.service().length()).isLessThanOrEqualTo(RpcMessage.MAX_NAME_BYTES);
            } catch (IllegalArgumentException malformed) {
                refused++;
            }
        }
        assertThat(refused).isBetween(FRAMES / 10, FRAMES - FRAMES / 20);
    }
}
