package dev.covey.mesh.agent;

import dev.covey.mesh.MeshCode;
import dev.covey.mesh.MeshException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** One channel in one member: where the application's threads send, and where the agent delivers. */
public final class ChannelPort {
    /** Longest message, in bytes. */
    public static final int MAX_MESSAGE_BYTES = 32 << 20;

    /** Where messages arrive, on the agent's thread; nothing here may wait. */
    public interface Sink {
        /** One message. {@link #handled} is called once it is done with. */
        void message(long from, byte[] message);

        /** That member is gone, and what it had sent was delivered before; or this one was declared dead, and begins anew. */
        void lost(long member);

        /** The mesh ended here. */
        void ended(MeshException why);
    }

    /** Where what is sent is left for the agent; any thread. */
    interface Outbox {
        /** Throws if the mesh has ended here. */
        void requireOpen();

        /** The room for it was reserved. */
        void send(ChannelLink link, byte[] message);
    }

    private final Outbox outbox;
    private final ChannelLink.Carrier carrier;
    private final long id;
    private final Map<Long, ChannelLink> links = new ConcurrentHashMap<>();
    private volatile @Nullable Sink sink;

    ChannelPort(Outbox outbox, ChannelLink.Carrier carrier, long id) {
        this.outbox = outbox;
        this.carrier = carrier;
        this.id = id;
    }

    long id() {
        return id;
    }

    /** FNV-1a, 64 bits (Fowler, Noll, Vo): two names of one mesh that collide are not to be expected. */
    static long idOf(String name) {
        long hash = 0xcbf29ce484222325L;
        for (byte next : name.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (next & 0xff)) * 0x100000001b3L;
        }
        return hash;
    }

    ChannelLink link(long member) {
        return links.computeIfAbsent(member, number -> new ChannelLink(carrier, this, number));
    }

    /**
     * Sends to a member, which may be this one; if there is none of that number {@link Sink#lost} is told. Never waits; any
     * thread.
     *
     * @throws MeshException OVERLOADED if too much is under way to it;
     *     LIMIT_EXCEEDED for a message too long; CLOSED
     */
    public void send(long member, byte[] message) {
        requireShort(message);
        outbox.requireOpen();
        ChannelLink link = link(member);
        requireReserved(link, message);
        outbox.send(link, message);
    }

    /**
     * Sends to those members. Never waits; any thread.
     *
     * @throws MeshException as {@link #send}; then it was sent to nobody
     */
    public void send(Collection<Long> members, byte[] message) {
        requireShort(message);
        outbox.requireOpen();
        List<ChannelLink> reserved = new ArrayList<>();
        try {
            for (long member : members) {
                ChannelLink link = link(member);
                requireReserved(link, message);
                reserved.add(link);
            }
        } catch (MeshException overloaded) {
            reserved.forEach(link -> link.release(message.length + ChannelFrame.HEADER));
            throw overloaded;
        }
        reserved.forEach(link -> outbox.send(link, message));
    }

    private static void requireShort(byte[] message) {
        if (message.length > MAX_MESSAGE_BYTES) {
            throw new MeshException(
                    MeshCode.LIMIT_EXCEEDED,
                    "a message of " + message.length + " bytes, at most " + MAX_MESSAGE_BYTES
                            + " are sent as one; cut it");
        }
    }

    private void requireReserved(ChannelLink link, byte[] message) {
        if (!link.reserve(message.length + ChannelFrame.HEADER)) {
            throw new MeshException(
                    MeshCode.OVERLOADED,
                    "member " + link.peer + " has " + link.unhandled() + " messages of this member not handled yet,"
                            + " allowed are " + ChannelLink.MAX_UNHANDLED + " and "
                            + ChannelLink.MAX_UNRECEIVED_BYTES + " bytes under way; wait and send again");
        }
    }

    /** From now on messages go there; null for nowhere. */
    public void deliverTo(@Nullable Sink listener) {
        sink = listener;
    }

    /** Any thread: a message of that member is done with. */
    public void handled(long from) {
        ChannelLink link = links.get(from);
        if (link != null) {
            link.handledOne();
        }
    }

    void deliver(ChannelLink link, byte[] message) {
        Sink open = sink;
        if (open == null) {
            link.handledOne();
        } else {
            open.message(link.peer, message);
        }
    }

    void lost(long member) {
        ChannelLink link = links.remove(member);
        if (link != null) {
            link.deliverReached();
            link.close();
        }
        Sink open = sink;
        if (open != null) {
            open.lost(member);
        }
    }

    void ended(MeshException why) {
        Sink open = sink;
        sink = null;
        links.clear();
        if (open != null) {
            open.ended(why);
        }
    }

    Iterable<ChannelLink> links() {
        return links.values();
    }
}
