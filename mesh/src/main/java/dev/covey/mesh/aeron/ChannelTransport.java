package dev.covey.mesh.aeron;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Publication;
import io.aeron.ReservedValueSupplier;
import io.aeron.Subscription;
import io.aeron.exceptions.AeronException;
import io.aeron.exceptions.RegistrationException;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What members say to each other without the host: a stream for each member on the driver of the epoch, which that member
 * alone listens to, and an exclusive publication ("way") to it in each member that has something to say to it. A way is made
 * at its first use and closed when it was idle for long. Of the memory that is free a member takes its {@link MemoryShare},
 * so that all may do so at once; one that has used it up closes the way it used least recently to make another.
 *
 * <p>A client's own part, run on the same thread as the client itself. What was taken arrives whole and in order, or is
 * lost together with the driver or the receiver's client; those above send again.
 */
public final class ChannelTransport {
    /** Longest message, in bytes. */
    public static final int MESSAGE_LIMIT = 64 * 1024 * 1024;

    /** Ways of one member; the one that was used least recently makes room for another. */
    static final int MAX_WAYS = 256;

    /** A way nobody used for so long is closed. */
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** How long a client keeps the memory of a way that is gone; Aeron's three seconds are for several threads. */
    static final long LINGER_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    /** After which the memory of a way that was closed is free: driver and receiver linger, and take turns. */
    private static final long FREED_NANOS = TimeUnit.MILLISECONDS.toNanos(300);
    /** A way is left to its receiver for so long before another may have its memory. */
    private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    /** One that never became usable counts as used after so long. */
    private static final long UNUSED_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** How often is asked how much memory there is. */
    private static final long ASK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private static final int SMALL_TERM = 64 * 1024;
    private static final int LARGE_TERM = 256 * 1024;
    private static final long SCATTER = 0x9e3779b1L;
    private static final int TERMS = 3;
    private static final int LOG_META = 4096;
    /** The driver refuses a way whose longest frame is more than an eighth of its term; its own default may be. */
    private static final int FRAMES_PER_TERM = 8;

    private static final int MTU_MAX = 16 * 1024;
    /** With so much shared memory left the terms may be large, which is better for long messages. */
    private static final long PLENTY_BYTES = 512L << 20;

    /** What became of an offer. */
    public enum Offer {
        /** It is on its way. */
        TAKEN,
        /** The receiver has not read enough of what was sent before, or the driver has not made room yet. */
        FULL,
        /** The way is being made. */
        OPENING,
        /** There is no memory for a way. */
        NO_ROOM
    }

    private final Aeron client;
    private final ExternalDriver driver;
    private final Loss loss;
    private final MessageAssembler assembler = new MessageAssembler(MESSAGE_LIMIT);
    private final Map<Long, Way> ways = new HashMap<>();
    /** When those that were closed for others have given their memory back. */
    private final ArrayDeque<Long> freedAt = new ArrayDeque<>();

    private int allowed;
    private int term = SMALL_TERM;
    private long askAt = System.nanoTime();
    private final UnsafeBuffer wrapped = new UnsafeBuffer(new byte[0]);
    private final ReservedValueSupplier reservedWord = (terms, termOffset, frameLength) -> ownReserved();
    private long reserved;
    private long listensTo;
    private long subscriptionId;
    private @Nullable Subscription subscription;
    private long lookAt = System.nanoTime() + LOOK_NANOS;

    private static final class Way {
        private final long registration;
        private @Nullable ExclusivePublication publication;
        private byte @Nullable [] tail;
        private int tailLength;
        private int tailSent;
        private boolean used;
        private long usedAt = System.nanoTime();

        private Way(long registration) {
            this.registration = registration;
        }

        private boolean hasHadItsTurn(long now) {
            return publication != null && tail == null && now - usedAt > (used ? TURN_NANOS : UNUSED_NANOS);
        }
    }

    ChannelTransport(Aeron client, ExternalDriver driver, Loss loss) {
        this.client = client;
        this.driver = driver;
        this.loss = loss;
    }

    private long ownReserved() {
        return reserved;
    }

    /** Scattered, because several meshes may use one driver; frames that go astray all the same are not of this life. */
    private int stream(long member) {
        return (int) ((driver.stream() * SCATTER + member) & Integer.MAX_VALUE);
    }

    /** What is sent to that member is for this one from now on. */
    public void listenAs(long member) {
        if (member == listensTo || loss.happened() || client.isClosed()) {
            return;
        }
        try {
            if (subscription != null) {
                subscription.close();
                subscription = null;
            } else if (listensTo != 0) {
                client.asyncRemoveSubscription(subscriptionId);
            }
            listensTo = member;
            subscriptionId = client.asyncAddSubscription(
                    Frame.CHANNEL, stream(member), image -> {}, image -> assembler.forget(image.sessionId()));
        } catch (RuntimeException | InternalError failed) {
            loss.report(failed);
        }
    }

    /** Whether others can send to this member. */
    public boolean isListening() {
        return subscription != null;
    }

    /** Whether all was lost that was under way; the member goes on with another driver. */
    public boolean isLost() {
        return loss.happened() || client.isClosed();
    }

    /** Whether there is a way to that member already. */
    public boolean isOpenTo(long member) {
        Way way = ways.get(member);
        return way != null && way.publication != null && !isLost();
    }

    /** Whether the end of a long message is still to be sent. */
    public boolean isSending() {
        return ways.values().stream().anyMatch(way -> way.tail != null);
    }

    /** Sends more of long messages, and looks after what was asked of the driver; returns how much there was to do. */
    public int doWork() {
        if (isLost()) {
            return 0;
        }
        int done = 0;
        try {
            if (subscription == null && listensTo != 0) {
                subscription = client.getSubscription(subscriptionId);
                done += subscription == null ? 0 : 1;
            }
            for (Way way : ways.values()) {
                done += sendTail(way);
            }
            long now = System.nanoTime();
            if (now - lookAt >= 0) {
                lookAt = now + LOOK_NANOS;
                closeIdle(now);
            }
        } catch (RuntimeException | InternalError failed) {
            loss.report(failed);
        }
        return done;
    }

    private void closeIdle(long now) {
        for (Iterator<Way> each = ways.values().iterator(); each.hasNext(); ) {
            Way way = each.next();
            if (now - way.usedAt > IDLE_NANOS && way.publication != null && way.tail == null) {
                each.remove();
                way.publication.close();
            }
        }
    }

    /**
     * Sends a message if there is room now. The bytes must stay as they are until the next message to that member is taken.
     *
     * @throws IllegalArgumentException for a message longer than {@link #MESSAGE_LIMIT}
     */
    public Offer offer(long member, byte[] bytes, int length, MemoryShare share) {
        if (length > MESSAGE_LIMIT) {
            throw new IllegalArgumentException(length + " bytes, at most " + MESSAGE_LIMIT + " are one message");
        }
        if (isLost()) {
            return Offer.OPENING;
        }
        try {
            Way way = ways.get(member);
            if (way == null) {
                return open(member, share);
            }
            return offer(member, way, bytes, length);
        } catch (RuntimeException | InternalError failed) {
            loss.report(failed);
            return Offer.OPENING;
        }
    }

    private Offer offer(long member, Way way, byte[] bytes, int length) {
        ExclusivePublication open = opened(member, way);
        if (open == null) {
            return ways.containsKey(member) ? Offer.OPENING : Offer.NO_ROOM;
        }
        if (way.tail != null) {
            return Offer.FULL;
        }
        wrapped.wrap(bytes, 0, length);
        int first = Math.min(length, open.maxPayloadLength());
        long position = send(open, 0, first, Frame.reserved(length, 0));
        if (position == Publication.NOT_CONNECTED) {
            return Offer.OPENING;
        }
        if (position < 0) {
            return Offer.FULL;
        }
        way.used = true;
        way.usedAt = System.nanoTime();
        if (first < length) {
            way.tail = bytes;
            way.tailLength = length;
            way.tailSent = first;
            sendTail(way);
        }
        return Offer.TAKEN;
    }

    /** Null while the driver has not answered, and when it refused; then there is no such way any more. */
    private @Nullable ExclusivePublication opened(long member, Way way) {
        ExclusivePublication open = way.publication;
        if (open == null) {
            try {
                open = client.getExclusivePublication(way.registration);
                way.publication = open;
            } catch (RegistrationException noRoom) {
                loss.note(noRoom);
                ways.remove(member);
            }
        }
        return open;
    }

    private Offer open(long member, MemoryShare share) {
        long now = System.nanoTime();
        while (!freedAt.isEmpty() && now - freedAt.peek() >= 0) {
            freedAt.remove();
        }
        if (now - askAt >= 0) {
            askAt = now + ASK_NANOS;
            allowed = allowance(share);
        }
        if (ways.size() + freedAt.size() >= allowed) {
            return closeOldest(now) ? Offer.OPENING : Offer.NO_ROOM;
        }
        String channel = Frame.CHANNEL + "?term-length=" + term + "|mtu=" + Math.min(MTU_MAX, term / FRAMES_PER_TERM);
        ways.put(member, new Way(client.asyncAddExclusivePublication(channel, stream(member))));
        return Offer.OPENING;
    }

    private int allowance(MemoryShare share) {
        try {
            return allowance(share, Files.getFileStore(driver.aeronDirectory()));
        } catch (IOException gone) {
            return 0;
        }
    }

    /**
     * How many ways this member may have now: its part of what host, successor and journal leave of the whole, and of what
     * is free, though all ask at once; never none. In the 64 MB of a container that is two for each of 16 members.
     */
    private int allowance(MemoryShare share, FileStore place) throws IOException {
        long usable = place.getUsableSpace();
        term = usable > PLENTY_BYTES ? LARGE_TERM : SMALL_TERM;
        long wayBytes = (long) TERMS * term + LOG_META;
        long everybodysWay = wayBytes * Math.max(1, share.members());
        long fixed = 2 * HostTransport.bytesNeeded(TransportOptions.DEFAULT) + share.journalBytes();
        long most = Math.max(0, place.getTotalSpace() - fixed) / everybodysWay;
        long more = Math.max(0, usable - share.reserveBytes()) / everybodysWay;
        int held = ways.size() + freedAt.size();
        int atLeast = usable >= wayBytes ? 1 : 0;
        return (int) Math.min(MAX_WAYS, Math.max(atLeast, Math.min(most, held + more)));
    }

    /** Makes room; one at a time, since the driver gives the memory back only later. */
    private boolean closeOldest(long now) {
        Map.Entry<Long, Way> oldest = null;
        for (Map.Entry<Long, Way> each : ways.entrySet()) {
            boolean mayGo = each.getValue().hasHadItsTurn(now);
            if (mayGo && (oldest == null || each.getValue().usedAt - oldest.getValue().usedAt < 0)) {
                oldest = each;
            }
        }
        if (oldest == null || !freedAt.isEmpty()) {
            return !freedAt.isEmpty();
        }
        ExclusivePublication open = oldest.getValue().publication;
        ways.remove(oldest.getKey());
        freedAt.add(now + FREED_NANOS);
        if (open != null) {
            open.close();
        }
        return true;
    }

    /** That member is gone for good. */
    public void forget(long member) {
        Way way = ways.remove(member);
        if (way != null && !isLost()) {
            ExclusivePublication open = way.publication;
            if (open != null) {
                open.close();
            } else {
                client.asyncRemovePublication(way.registration);
            }
        }
    }

    private int sendTail(Way way) {
        ExclusivePublication open = way.publication;
        byte[] message = way.tail;
        if (open == null || message == null) {
            return 0;
        }
        wrapped.wrap(message, 0, way.tailLength);
        int chunks = 0;
        while (way.tailSent < way.tailLength) {
            int length = Math.min(open.maxPayloadLength(), way.tailLength - way.tailSent);
            if (send(open, way.tailSent, length, Frame.reserved(way.tailLength, way.tailSent)) < 0) {
                return chunks;
            }
            way.tailSent += length;
            chunks++;
        }
        way.tail = null;
        return chunks + 1;
    }

    private long send(ExclusivePublication open, int offset, int length, long word) {
        reserved = word;
        long position = open.offer(wrapped, offset, length, reservedWord);
        if (position == Publication.CLOSED || position == Publication.MAX_POSITION_EXCEEDED) {
            loss.report(new AeronException("the publication ended: " + Publication.errorString(position)));
        }
        return position;
    }

    /** Whether a long message to that member is on its way still. */
    public boolean isBusy(long member) {
        Way way = ways.get(member);
        return way != null && way.tail != null;
    }

    /** Delivers what was sent to this member, at most {@code limit} frames; returns how many. */
    public int poll(MessageSink sink, int limit) {
        Subscription open = subscription;
        if (open == null || isLost()) {
            return 0;
        }
        assembler.deliverTo(sink);
        try {
            return open.poll(assembler, limit);
        } catch (InternalError busError) {
            loss.report(busError);
            return 0;
        }
    }
}
