package dev.covey.mesh.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.covey.mesh.Channel;
import dev.covey.mesh.ChannelListener;
import dev.covey.mesh.Mesh;
import dev.covey.mesh.MeshOptions;
import dev.covey.mesh.aeron.ChannelTransport;
import dev.covey.mesh.aeron.MemberTransport;
import dev.covey.mesh.aeron.MemoryShare;
import dev.covey.mesh.local.ControlFile;
import dev.covey.mesh.local.MeshDirectory;
import dev.covey.mesh.protocol.Token;
import dev.covey.mesh.protocol.Wire;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Frames that no member sent, or that come late, put on the stream that a member listens to. */
class ForgedFramesTest {
    private static final byte[] SAID = "forged".getBytes(StandardCharsets.UTF_8);
    private static final String NAME = "talk";
    private static final MemoryShare SHARE = new MemoryShare() {
        @Override
        public long reserveBytes() {
            return 0;
        }

        @Override
        public long journalBytes() {
            return 0;
        }

        @Override
        public int members() {
            return 1;
        }
    };

    @TempDir
    Path base;

    @SuppressWarnings("NullAway.Init") // by join
    private Mesh one;

    @SuppressWarnings("NullAway.Init") // by join
    private Mesh two;

    @SuppressWarnings("NullAway.Init") // by join
    private MemberTransport forger;

    @SuppressWarnings("NullAway.Init") // by join
    private Token life;

    private final List<String> heard = new CopyOnWriteArrayList<>();

    @BeforeEach
    void join() {
        MeshOptions options = MeshOptions.DEFAULT.withDirectory(base.resolve("meshes"));
        one = Mesh.join("forged", options);
        two = Mesh.join("forged", options);
        MeshDirectory directory = MeshDirectory.open("forged", base.resolve("meshes"));
        try (ControlFile control = ControlFile.open(directory, Wire.VERSION).orElseThrow()) {
            life = new Token(control.lifeId().high(), control.lifeId().low());
        }
        ChannelListener listener =
                (from, message) -> heard.add(from + ":" + new String(message, StandardCharsets.UTF_8));
        two.channel(NAME).receive(listener);
        forger = MemberTransport.connect(directory.driversBelow(2).get(0));
    }

    @AfterEach
    void close() {
        forger.close();
        two.close();
        one.close();
    }

    private void put(byte[] frame) {
        await().until(() -> {
            forger.doWork();
            ChannelTransport way = forger.channel();
            return way != null
                    && way.offer(two.self().number(), frame, frame.length, SHARE) == ChannelTransport.Offer.TAKEN;
        });
    }

    private void forge(Token ofLife, long epoch, long from, long to, long sequence) {
        byte[] frame = ChannelFrame.around(SAID);
        new ChannelFrame(ChannelFrame.DATA, ofLife, epoch, from, to, ChannelPort.idOf(NAME), sequence, 0, 0, 0)
                .writeTo(frame);
        put(frame);
    }

    private void awaitDropped(long frames) {
        Channel channel = two.channel(NAME);
        await().untilAsserted(() -> assertThat(channel.statistics().dropped()).isEqualTo(frames));
    }

    @Test
    void whatIsNotOfThisLifeNotForThisMemberOrOfNobodyIsDroppedAndCounted() {
        long self = one.self().number();
        long to = two.self().number();
        forge(new Token(1, 2), one.epoch(), self, to, 1);
        forge(life, one.epoch(), self, to + 1, 1);
        forge(life, one.epoch(), 1_000_000, to, 1);
        put(ByteBuffer.allocate(40).array());
        put(new byte[ChannelFrame.HEADER]);
        awaitDropped(5);
        assertHonestMessageAloneIsHeard();
    }

    @Test
    void aFrameOfAnEpochThatIsOverIsDropped() {
        forge(life, one.epoch() - 1, one.self().number(), two.self().number(), 1);
        awaitDropped(1);
        assertHonestMessageAloneIsHeard();
    }

    @Test
    void aFrameWithANumberThatIsNotNextIsDropped() {
        forge(life, one.epoch(), one.self().number(), two.self().number(), 17);
        awaitDropped(1);
        assertHonestMessageAloneIsHeard();
    }

    private void assertHonestMessageAloneIsHeard() {
        one.channel(NAME).send(two.self().number(), "honest".getBytes(StandardCharsets.UTF_8));
        await().untilAsserted(() -> assertThat(heard).containsExactly(one.self().number() + ":honest"));
    }
}
