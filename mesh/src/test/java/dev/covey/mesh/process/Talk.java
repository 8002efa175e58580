package dev.covey.mesh.process;

import dev.covey.mesh.Channel;
import dev.covey.mesh.ChannelListener;
import dev.covey.mesh.Member;
import dev.covey.mesh.Mesh;
import dev.covey.mesh.MeshCode;
import dev.covey.mesh.MeshException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** What a {@link Puppet} says to all the others past the host, and what it hears of them: per sender 0, 1, 2 … */
final class Talk implements ChannelListener {
    private static final String CHANNEL = "talk";
    private static final int BYTES = 200;
    private static final long BRIEFLY_NANOS = 100_000;

    private final Map<Long, Long> next = new ConcurrentSkipListMap<>();
    private final AtomicLong heard = new AtomicLong();
    private final AtomicLong wrong = new AtomicLong();
    private int said;

    String listen(Mesh mesh) {
        mesh.channel(CHANNEL).receive(this);
        return "listening";
    }

    @Override
    public void received(long from, byte[] message) {
        long expected = next.merge(from, 1L, Long::sum) - 1;
        if (ByteBuffer.wrap(message).getInt() != expected) {
            wrong.incrementAndGet();
        }
        heard.incrementAndGet();
    }

    /** That many more messages to each of the others, in turn. */
    String sendToAll(Mesh mesh, int times) {
        Channel channel = mesh.channel(CHANNEL);
        for (int i = 0; i < times; i++, said++) {
            byte[] message = ByteBuffer.allocate(BYTES).putInt(said).array();
            for (Member member : mesh.members()) {
                if (member.number() != mesh.self().number()) {
                    send(channel, member.number(), message);
                }
            }
        }
        return "said " + said;
    }

    private static void send(Channel channel, long member, byte[] message) {
        while (true) {
            try {
                channel.send(member, message);
                return;
            } catch (MeshException overloaded) {
                if (overloaded.code() != MeshCode.OVERLOADED) {
                    throw overloaded;
                }
                LockSupport.parkNanos(BRIEFLY_NANOS);
            }
        }
    }

    /** How many, and how many of them out of their order. */
    String heard() {
        return heard + " " + wrong;
    }
}
