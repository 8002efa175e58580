package dev.covey.mesh.agent;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One channel between this member and one other, both directions. Messages are numbered and kept until the other side has
 * them: what was lost with a driver is sent again over the next one, what comes twice is dropped by its number. So a message
 * arrives exactly once and in order, as long as both members live.
 *
 * <p>The receiver says what it has on the back of its own messages, and by itself after some; if a sender hears nothing it
 * asks. The sender counts what the other side has not <em>handled</em> yet, so a slow listener is felt where the messages
 * come from.
 *
 * <p>Agent's thread, but for {@link #reserve}, {@link #handledOne}.
 */
final class ChannelLink {
    /** Messages to one member on one channel that its listener is not done with. */
    static final int MAX_UNHANDLED = 4_096;

    /** Bytes to one member on one channel that have not arrived; one message may always be longer. */
    static final long MAX_UNRECEIVED_BYTES = 64L << 20;

    private static final long FIRST_PROBE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long LONGEST_PROBE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int UNTOLD_MESSAGES = 64;
    private static final int UNTOLD_BYTES = 128 << 10;
    private static final int UNTOLD_HANDLED = MAX_UNHANDLED / 4;

    /** What a link needs of the desk it belongs to. */
    interface Carrier {
        /** Any thread: this member's number. */
        long number();

        /** Any thread: {@link #ackHandled} is to be called on the agent's. */
        void tellHandled(ChannelLink link);

        /** Offers a frame whose header is written now; whether it was taken. */
        boolean carry(ChannelLink link, int kind, long sequence, long position, byte[] frame);

        /** Whether this member has applied that position. */
        boolean hasReached(long position);

        ChannelCount count();
    }

    private static final class Out {
        private final long sequence;
        private final byte[] frame;
        private final long position;

        private Out(long sequence, byte[] frame, long position) {
            this.sequence = sequence;
            this.frame = frame;
            this.position = position;
        }
    }

    private static final class In {
        private final byte[] message;
        private final long position;

        private In(byte[] message, long position) {
            this.message = message;
            this.position = position;
        }
    }

    final ChannelPort port;
    final long peer;
    private final Carrier desk;

    private final AtomicInteger unhandled = new AtomicInteger();
    private final AtomicLong unreceivedBytes = new AtomicLong();
    private final AtomicLong handled = new AtomicLong();
    private final AtomicBoolean telling = new AtomicBoolean();

    private final ArrayDeque<Out> unsent = new ArrayDeque<>();
    private final ArrayDeque<Out> unreceived = new ArrayDeque<>();
    private final ArrayDeque<In> waiting = new ArrayDeque<>();
    private long lastSequence;
    private long peerHandled;
    private long received;
    private long toldReceived;
    private volatile long toldHandled;
    private long untoldBytes;
    private boolean ackDue;
    private boolean missing;
    /** After which one something was said to be missing: once is enough, a probe asks again. */
    private long missingSince = -1;

    private boolean closed;
    private long probeAt;
    private long probeNanos = FIRST_PROBE_NANOS;

    ChannelLink(Carrier desk, ChannelPort port, long peer) {
        this.desk = desk;
        this.port = port;
        this.peer = peer;
    }

    /** One of the two is not a member any more. */
    void close() {
        closed = true;
    }

    boolean isClosed() {
        return closed;
    }

    /** Any thread: takes room for a message; false if too much is under way. */
    boolean reserve(int bytes) {
        if (unhandled.incrementAndGet() > MAX_UNHANDLED) {
            unhandled.decrementAndGet();
            return false;
        }
        long before = unreceivedBytes.getAndAdd(bytes);
        if (before > 0 && before + bytes > MAX_UNRECEIVED_BYTES) {
            release(bytes);
            return false;
        }
        return true;
    }

    /** Any thread: gives it back. */
    void release(int bytes) {
        unhandled.decrementAndGet();
        unreceivedBytes.addAndGet(-bytes);
    }

    /** Any thread: what is under way or waits at the other side. */
    int unhandled() {
        return unhandled.get();
    }

    /** Any thread: the listener is done with one message of the peer's. */
    void handledOne() {
        if (peer == desk.number()) {
            unhandled.decrementAndGet();
        } else if (handled.incrementAndGet() - toldHandled >= UNTOLD_HANDLED && telling.compareAndSet(false, true)) {
            desk.tellHandled(this);
        }
    }

    /** A note of {@link #handledOne} has come to the agent. */
    void ackHandled() {
        telling.set(false);
        ackDue = true;
    }

    void send(byte[] frame, long position) {
        unsent.add(new Out(++lastSequence, frame, position));
    }

    /** To oneself: there is no way that could lose it. */
    void sendHere(byte[] message) {
        unreceivedBytes.addAndGet(-(message.length + ChannelFrame.HEADER));
        port.deliver(this, message);
    }

    /** Another driver: whatever the peer may not have goes out again. */
    void rewind() {
        for (Iterator<Out> newest = unreceived.descendingIterator(); newest.hasNext(); ) {
            unsent.addFirst(newest.next());
            newest.remove();
            desk.count().countResent();
        }
        ackDue |= received > 0;
        probeNanos = FIRST_PROBE_NANOS;
    }

    /** Whether the desk has to come back. */
    boolean isBusy() {
        return !unsent.isEmpty() || !unreceived.isEmpty() || ackDue || !waiting.isEmpty();
    }

    /** Whether something could not be sent. */
    boolean isStuck() {
        return !unsent.isEmpty();
    }

    /** Sends what there is to send; returns how many frames went. */
    int work(long now) {
        int sent = 0;
        for (Out next = unsent.peek(); next != null; next = unsent.peek()) {
            if (!desk.carry(this, ChannelFrame.DATA, next.sequence, next.position, next.frame)) {
                return sent;
            }
            told();
            unsent.remove();
            unreceived.add(next);
            probeAt = now + probeNanos;
            sent++;
        }
        if (ackDue && control(missing ? ChannelFrame.MISSING : ChannelFrame.ACK)) {
            missing = false;
            told();
            sent++;
        }
        if (!unreceived.isEmpty() && now - probeAt >= 0 && control(ChannelFrame.PROBE)) {
            probeNanos = Math.min(2 * probeNanos, LONGEST_PROBE_NANOS);
            probeAt = now + probeNanos;
            sent++;
        }
        return sent;
    }

    private boolean control(int kind) {
        return desk.carry(this, kind, lastSequence, 0, new byte[ChannelFrame.HEADER]);
    }

    long received() {
        return received;
    }

    long handled() {
        return handled.get();
    }

    private void told() {
        ackDue = false;
        toldReceived = received;
        toldHandled = handled.get();
        untoldBytes = 0;
    }

    /** A frame from the peer. */
    void arrived(ChannelFrame frame, byte[] message) {
        heard(frame);
        if (frame.kind() == ChannelFrame.DATA) {
            take(frame, message);
        } else if (frame.kind() == ChannelFrame.PROBE) {
            ackDue = true;
            missing = frame.sequence() > received;
        } else if (frame.kind() == ChannelFrame.MISSING) {
            rewind();
        }
    }

    private void take(ChannelFrame frame, byte[] message) {
        if (frame.sequence() != received + 1) {
            if (frame.sequence() > received && missingSince != received) {
                missingSince = received;
                missing = true;
            }
            ackDue = true;
            desk.count().countDropped();
            return;
        }
        received++;
        missing = false;
        untoldBytes += message.length;
        ackDue |= received - toldReceived >= UNTOLD_MESSAGES || untoldBytes >= UNTOLD_BYTES;
        if (waiting.isEmpty() && desk.hasReached(frame.position())) {
            port.deliver(this, message);
        } else {
            waiting.add(new In(message, frame.position()));
        }
    }

    /** Delivers what waited for this member to catch up (rule R9); returns how many. */
    int deliverReached() {
        int delivered = 0;
        for (In next = waiting.peek(); next != null && desk.hasReached(next.position); next = waiting.peek()) {
            waiting.remove();
            port.deliver(this, next.message);
            delivered++;
        }
        return delivered;
    }

    /** Numbers that were never sent are a forger's, and mean nothing. */
    private void heard(ChannelFrame frame) {
        if (frame.received() > lastSequence || frame.handled() > frame.received()) {
            return;
        }
        boolean progress = forget(unreceived, frame.received());
        progress |= forget(unsent, frame.received());
        if (frame.handled() > peerHandled) {
            unhandled.addAndGet((int) (peerHandled - frame.handled()));
            peerHandled = frame.handled();
        }
        if (progress) {
            probeNanos = FIRST_PROBE_NANOS;
            probeAt = System.nanoTime() + probeNanos;
        }
    }

    private boolean forget(ArrayDeque<Out> queue, long upTo) {
        boolean any = false;
        for (Out next = queue.peek(); next != null && next.sequence <= upTo; next = queue.peek()) {
            queue.remove();
            unreceivedBytes.addAndGet(-next.frame.length);
            any = true;
        }
        return any;
    }
}
