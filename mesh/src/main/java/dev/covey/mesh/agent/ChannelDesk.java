package dev.covey.mesh.agent;

import dev.covey.mesh.MeshException;
import dev.covey.mesh.aeron.ChannelTransport;
import dev.covey.mesh.aeron.MemoryShare;
import dev.covey.mesh.core.Core;
import dev.covey.mesh.core.Session;
import dev.covey.mesh.core.State;
import dev.covey.mesh.local.Ringer;
import dev.covey.mesh.protocol.MalformedMessageException;
import dev.covey.mesh.protocol.Token;
import dev.covey.mesh.protocol.Wire;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The agent's part in what members say to each other: takes what the application's threads left, sends it over the driver
 * of the epoch, delivers what arrives, and tells who is gone. When the driver changes everything that may be lost is sent
 * again over the next one.
 *
 * <p>Agent's thread, but for what says otherwise.
 */
public final class ChannelDesk implements ChannelLink.Carrier, ChannelPort.Outbox {
    private static final System.Logger LOG = System.getLogger(ChannelDesk.class.getName());
    private static final int FRAMES_PER_ROUND = 256;
    private static final int MESSAGES_PER_ROUND = 1_024;
    /** Channels of a mesh; names of members that would make more are dropped. */
    private static final int MAX_CHANNELS = 1_024;
    /** Who cannot send for longer than this sleeps in between. */
    private static final long RESTLESS_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** Who said or heard something stays awake as long as one who is called may take to answer, if it is quick about it. */
    private static final long LIVELY_NANOS = TimeUnit.MICROSECONDS.toNanos(600);

    private static final class Sending {
        private final ChannelLink link;
        private final byte[] message;

        private Sending(ChannelLink link, byte[] message) {
            this.link = link;
            this.message = message;
        }
    }

    private final ChannelCount count = new ChannelCount();
    private final MemoryShare share;
    private final Token life;
    private final Ringer ringer;
    private final Core core;
    private final Rest rest;
    private final Runnable wake;
    private final Map<Long, ChannelPort> ports = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Sending> sending = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<ChannelLink> handled = new ConcurrentLinkedQueue<>();
    private final Set<ChannelLink> busy = new LinkedHashSet<>();
    private final Set<Long> touched = new TreeSet<>();
    private Set<Long> present = new TreeSet<>();
    private @Nullable ChannelTransport transport;
    private long transportEpoch;
    private long livelyUntil = System.nanoTime();
    private boolean stuck;
    private long movedAt;
    private volatile long number;
    private long lastNumber;
    private State seen = State.EMPTY;
    private volatile @Nullable MeshException ended;

    ChannelDesk(Premises premises, Ringer ringer, Core core, Rest rest, Runnable wake) {
        this.share = new ChannelShare(premises.directory, core);
        this.life = premises.life;
        this.ringer = ringer;
        this.core = core;
        this.rest = rest;
        this.wake = wake;
    }

    /** Any thread: the channel of that name. */
    public ChannelPort port(String name) {
        return port(ChannelPort.idOf(name));
    }

    private ChannelPort port(long id) {
        return ports.computeIfAbsent(id, unused -> new ChannelPort(this, this, id));
    }

    @Override
    public long number() {
        return number;
    }

    @Override
    public void requireOpen() {
        MeshException why = ended;
        if (why != null) {
            throw new MeshException(why.code(), String.valueOf(why.getMessage()), why);
        }
    }

    @Override
    public void send(ChannelLink link, byte[] message) {
        sending.add(new Sending(link, message));
        rest.insteadOfAgent(this::sendAtOnce);
        if (!sending.isEmpty()) {
            wake.run();
        }
    }

    /**
     * Sends what waits, as far as the ways are open; delivers nothing. Whichever thread has the turn while the agent rests.
     */
    private void sendAtOnce() {
        ChannelTransport open = transport;
        if (ended != null || number == 0 || number != core.number() || open == null) {
            return;
        }
        boolean more = false;
        touched.clear();
        for (Sending next = sending.peek(); next != null && isReady(next.link, open); next = sending.peek()) {
            begin(sending.remove());
            next.link.work(System.nanoTime());
            more |= next.link.isStuck();
        }
        touched.forEach(this::ring);
        if (more || open.isSending()) {
            wake.run();
        }
    }

    private boolean isReady(ChannelLink link, ChannelTransport open) {
        return link.peer != number
                && !link.isClosed()
                && core.state().sessions().containsKey(link.peer)
                && open.isOpenTo(link.peer);
    }

    @Override
    public void tellHandled(ChannelLink link) {
        handled.add(link);
        wake.run();
    }

    /** Whether a round needs nobody but those who take part already. */
    boolean isPlain(@Nullable ChannelTransport open) {
        return open == transport && number == core.number() && !stuck;
    }

    /** One round; returns how much there was to do. */
    int round(@Nullable ChannelTransport open) {
        State state = core.state();
        if (number != core.number()) {
            beginAnew(core.number());
        }
        if (open != transport) {
            transport = open;
            transportEpoch = state.epoch();
            ports.values().forEach(port -> port.links().forEach(ChannelLink::rewind));
            ports.values().forEach(port -> port.links().forEach(busy::add));
        }
        int work = take();
        if (open != null && number != 0) {
            open.listenAs(number);
            work += deliverReached() + open.doWork() + open.poll(this::onMessage, FRAMES_PER_ROUND);
        }
        if (state.sessions() != seen.sessions()) {
            look(state, open);
        }
        seen = state;
        work += serve();
        long now = System.nanoTime();
        if (work > 0) {
            livelyUntil = now + LIVELY_NANOS;
        } else if (now - livelyUntil < 0) {
            rest.stayAwake();
        }
        return work;
    }

    /**
     * What waited for a record that is applied now comes before what is read now: the same member may have joined anew in
     * between, and goes on under a higher number.
     */
    private int deliverReached() {
        int delivered = 0;
        if (!busy.isEmpty()) {
            List<ChannelLink> links = new ArrayList<>(busy);
            links.sort(Comparator.comparingLong(link -> link.peer));
            for (ChannelLink link : links) {
                delivered += link.deliverReached();
            }
        }
        return delivered;
    }

    private int take() {
        int taken = 0;
        for (ChannelLink link = handled.poll(); link != null; link = handled.poll()) {
            link.ackHandled();
            if (core.state().sessions().containsKey(link.peer)) {
                busy.add(link);
            }
        }
        for (; taken < MESSAGES_PER_ROUND; taken++) {
            Sending next = sending.poll();
            if (next == null) {
                break;
            }
            begin(next);
        }
        return taken;
    }

    private void begin(Sending next) {
        ChannelLink link = next.link;
        count.countSent();
        if (link.peer == number) {
            link.sendHere(next.message);
        } else if (link.isClosed() || !core.state().sessions().containsKey(link.peer)) {
            link.port.lost(link.peer);
        } else {
            link.send(ChannelFrame.around(next.message), core.state().position());
            busy.add(link);
        }
    }

    /** Who has sent something goes to the end: where ways are few the others have the next turns. */
    private int serve() {
        int work = 0;
        long now = System.nanoTime();
        boolean wasStuck = stuck;
        stuck = false;
        touched.clear();
        for (ChannelLink link : new ArrayList<>(busy)) {
            int sent = link.work(now);
            work += link.deliverReached() + sent;
            stuck |= link.isStuck();
            if (sent > 0 || !link.isBusy()) {
                busy.remove(link);
            }
            if (sent > 0 && link.isBusy()) {
                busy.add(link);
            }
        }
        touched.forEach(this::ring);
        if (work > 0 || (stuck && !wasStuck)) {
            movedAt = now;
        }
        if (stuck) {
            ring(core.state().hostNumber());
            livelyUntil = now - movedAt < RESTLESS_NANOS ? now + LIVELY_NANOS : livelyUntil;
        }
        return work;
    }

    /** Whether something is to be sent, or to be sent again if nobody takes it. */
    boolean isBusy() {
        return !busy.isEmpty();
    }

    private void ring(long member) {
        Session session = core.state().sessions().get(member);
        if (session != null && member != number) {
            ringer.ring(session.profile().seat());
        }
    }

    @Override
    public boolean carry(ChannelLink link, int kind, long sequence, long position, byte[] frame) {
        ChannelTransport open = transport;
        if (open == null || number == 0) {
            return false;
        }
        new ChannelFrame(
                        kind,
                        life,
                        core.state().epoch(),
                        number,
                        link.peer,
                        link.port.id(),
                        sequence,
                        link.received(),
                        link.handled(),
                        position)
                .writeTo(frame);
        touched.add(link.peer);
        return open.offer(link.peer, frame, frame.length, share) == ChannelTransport.Offer.TAKEN;
    }

    @Override
    public boolean hasReached(long position) {
        return core.state().position() >= position;
    }

    @Override
    public ChannelCount count() {
        return count;
    }

    private void onMessage(int session, DirectBuffer buffer, int offset, int length) {
        try {
            ByteBuffer bytes = HostDesk.view(buffer, offset, length);
            onFrame(ChannelFrame.read(bytes), bytes);
        } catch (MalformedMessageException malformed) {
            count.countDropped();
            LOG.log(System.Logger.Level.WARNING, "dropped what session " + session + " sent", malformed);
        }
    }

    /**
     * Takes in what is meant for this member (rule R5). A frame of an epoch that is over, late on a driver that outlived its
     * host, is dropped: its sender sends whatever this member may not have again as soon as it has the next host. One of an
     * epoch to come is of a sender that read the record first.
     */
    private void onFrame(ChannelFrame frame, ByteBuffer bytes) {
        ChannelPort port = ports.get(frame.channel());
        boolean meant = frame.life().equals(life)
                && frame.to() == number
                && frame.epoch() >= transportEpoch
                && isOrBecomesMember(frame.from())
                && (port != null || ports.size() < MAX_CHANNELS);
        if (!meant) {
            count.countDropped();
            return;
        }
        ChannelLink link = port(frame.channel()).link(frame.from());
        byte[] message = new byte[bytes.remaining() - ChannelFrame.HEADER];
        bytes.get(bytes.position() + ChannelFrame.HEADER, message);
        if (frame.kind() == ChannelFrame.DATA) {
            count.countReceived();
        }
        link.arrived(frame, message);
        if (link.isBusy()) {
            busy.add(link);
        }
    }

    /** The record of a sender's joining may be read here a little later than what it says, that of its end a little sooner. */
    private boolean isOrBecomesMember(long from) {
        long next = core.state().nextNumber();
        return core.state().sessions().containsKey(from)
                || present.contains(from)
                || (from >= next && from - next < Wire.MAX_MEMBERS);
    }

    /**
     * The way that is used now is about to be closed. What lies unread in its memory is there even if its host is dead: who
     * lives would send it again, the dead cannot.
     */
    void lastLook() {
        ChannelTransport closing = transport;
        if (closing != null) {
            drain(closing);
        }
    }

    private void drain(ChannelTransport from) {
        deliverReached();
        int frames = FRAMES_PER_ROUND;
        while (frames == FRAMES_PER_ROUND) {
            frames = from.poll(this::onMessage, FRAMES_PER_ROUND);
        }
    }

    /** Who came and went. What the gone had sent is read first. */
    private void look(State state, @Nullable ChannelTransport open) {
        Set<Long> members = state.sessions().keySet();
        if (present.equals(members)) {
            return;
        }
        if (open != null) {
            drain(open);
        }
        List<Long> gone =
                present.stream().filter(member -> !members.contains(member)).toList();
        present = new TreeSet<>(members);
        for (long member : gone) {
            if (open != null) {
                open.forget(member);
            }
            forget(member);
        }
    }

    private void forget(long member) {
        busy.removeIf(link -> link.peer == member);
        ports.values().forEach(port -> port.lost(member));
    }

    /** Without a number it is leaving, or will be told the next one. Under another number this member is another one to the others; what it had with them is over. */
    private void beginAnew(long given) {
        number = given;
        if (given != 0 && lastNumber != 0) {
            Set<Long> peers = present;
            present = new TreeSet<>();
            peers.forEach(this::forget);
            seen = State.EMPTY;
        }
        lastNumber = given != 0 ? given : lastNumber;
    }

    /** The mesh has ended here. */
    void end(MeshException why) {
        ended = why;
        sending.clear();
        ports.values().forEach(port -> port.ended(why));
    }
}
