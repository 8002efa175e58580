package dev.covey.mesh.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.covey.mesh.MeshException;
import dev.covey.mesh.protocol.Token;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Two ends of a link over a wire that loses, doubles and refuses, as a driver that dies does. */
class ChannelLinkTest {
    private static final Token LIFE = new Token(1, 2);
    private static final int SEEDS = 200;
    private static final int MESSAGES = 300;

    /** One end: what it sends lies in {@code wire} until the test moves it. */
    private static final class End implements ChannelLink.Carrier, ChannelPort.Sink, ChannelPort.Outbox {
        private final long number;
        private final SplittableRandom random;
        private final ChannelCount count = new ChannelCount();
        private final ArrayDeque<byte[]> wire = new ArrayDeque<>();
        private final List<Integer> heard = new ArrayList<>();
        private final ChannelPort port;
        private final ChannelLink link;
        private long position = Long.MAX_VALUE;
        private boolean open = true;

        private End(long number, long peer, SplittableRandom random) {
            this.number = number;
            this.random = random;
            this.port = new ChannelPort(this, this, 7);
            this.port.deliverTo(this);
            this.link = port.link(peer);
        }

        @Override
        public long number() {
            return number;
        }

        @Override
        public void tellHandled(ChannelLink told) {
            told.ackHandled();
        }

        @Override
        public boolean carry(ChannelLink from, int kind, long sequence, long stamp, byte[] frame) {
            if (!open || random.nextInt(10) == 0) {
                return false;
            }
            new ChannelFrame(kind, LIFE, 1, number, from.peer, 7, sequence, from.received(), from.handled(), stamp)
                    .writeTo(frame);
            wire.add(Arrays.copyOf(frame, frame.length));
            return true;
        }

        @Override
        public boolean hasReached(long stamp) {
            return position >= stamp;
        }

        @Override
        public ChannelCount count() {
            return count;
        }

        @Override
        public void message(long from, byte[] message) {
            heard.add(ByteBuffer.wrap(message).getInt());
            port.handled(from);
        }

        @Override
        public void requireOpen() {}

        @Override
        public void send(ChannelLink to, byte[] message) {
            throw new IllegalStateException("these tests send through the link itself");
        }

        @Override
        public void lost(long member) {}

        @Override
        public void ended(MeshException why) {}

        private void send(int number, long stamp) {
            byte[] message = ByteBuffer.allocate(4).putInt(number).array();
            link.send(ChannelFrame.around(message), stamp);
        }

        private void hear(byte[] frame) {
            ByteBuffer bytes = ByteBuffer.wrap(frame);
            link.arrived(ChannelFrame.read(bytes), Arrays.copyOfRange(frame, ChannelFrame.HEADER, frame.length));
        }
    }

    @Test
    void whateverIsLostOrDoubledEveryMessageArrivesOnceAndInOrder() {
        for (int seed = 0; seed < SEEDS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            End one = new End(1, 2, random);
            End two = new End(2, 1, random);
            long now = System.nanoTime();
            int sent = 0;
            int rounds = 0;
            while (one.heard.size() < MESSAGES || two.heard.size() < MESSAGES) {
                assertThat(rounds++).as("rounds of seed " + seed).isLessThan(100_000);
                now += TimeUnit.MILLISECONDS.toNanos(random.nextInt(30));
                if (sent < MESSAGES && random.nextInt(3) > 0) {
                    one.send(sent, 0);
                    two.send(sent++, 0);
                }
                if (random.nextInt(50) == 0) {
                    one.wire.clear();
                    two.wire.clear();
                    one.link.rewind();
                    two.link.rewind();
                }
                one.link.work(now);
                two.link.work(now);
                move(one, two, random);
                move(two, one, random);
            }
            for (int i = 0; i < MESSAGES; i++) {
                assertThat(one.heard.get(i)).as("seed " + seed).isEqualTo(i);
                assertThat(two.heard.get(i)).as("seed " + seed).isEqualTo(i);
            }
            assertThat(one.heard).as("seed " + seed).hasSize(MESSAGES);
            assertThat(two.heard).as("seed " + seed).hasSize(MESSAGES);
        }
    }

    private static void move(End from, End to, SplittableRandom random) {
        for (int frames = random.nextInt(4); frames > 0 && !from.wire.isEmpty(); frames--) {
            byte[] frame = from.wire.remove();
            int fate = random.nextInt(20);
            if (fate > 1) {
                to.hear(frame);
            }
            if (fate == 2) {
                to.hear(frame);
            }
        }
    }

    @Test
    void aMessageWaitsUntilTheReceiverHasAppliedWhatItsSenderHad() {
        SplittableRandom random = new SplittableRandom(1);
        End one = new End(1, 2, random);
        End two = new End(2, 1, random);
        two.position = 9;
        one.send(0, 10);
        one.send(1, 0);
        one.link.work(System.nanoTime());
        while (!one.wire.isEmpty()) {
            two.hear(one.wire.remove());
        }
        assertThat(two.heard).isEmpty();
        two.position = 10;
        assertThat(two.link.deliverReached()).isEqualTo(2);
        assertThat(two.heard).containsExactly(0, 1);
    }

    @Test
    void numbersThatWereNeverSentFreeNothing() {
        End one = new End(1, 2, new SplittableRandom(1));
        assertThat(one.link.reserve(100)).isTrue();
        one.send(0, 0);
        byte[] forged = new byte[ChannelFrame.HEADER];
        new ChannelFrame(ChannelFrame.ACK, LIFE, 1, 2, 1, 7, 0, 1_000, 1_000, 0).writeTo(forged);
        one.hear(forged);
        assertThat(one.link.unhandled()).isEqualTo(1);
        assertThat(one.link.isBusy()).isTrue();
    }
}
