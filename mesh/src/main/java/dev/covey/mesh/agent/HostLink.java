package dev.covey.mesh.agent;

import dev.covey.mesh.aeron.ChannelTransport;
import dev.covey.mesh.aeron.MemberTransport;
import dev.covey.mesh.local.LifeId;
import dev.covey.mesh.local.MeshDirectory;
import dev.covey.mesh.local.Ringer;
import dev.covey.mesh.protocol.Envelope;
import dev.covey.mesh.protocol.EnvelopeEncoder;
import dev.covey.mesh.protocol.WireWriter;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A member's way to the host of the current epoch. Step 2 of the street.
 *
 * <p>What is given to {@link #send} goes out in order, or is forgotten with the connection; the core sends everything
 * unanswered again over the next one.
 */
final class HostLink {
    /** How often a driver that is not there yet, or not any more, is looked for. */
    private static final long SEARCH_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /** How often is looked whether the successor has a driver ready. */
    private static final long AHEAD_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** Not longer, if there is no new way: the new host may need the memory that the old driver's files still take. */
    private static final long RETIRED_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final MeshDirectory directory;
    private final Ringer ringer;
    private final WireWriter writer = new WireWriter();
    private final ArrayDeque<byte[]> outbox = new ArrayDeque<>();
    private @Nullable MemberTransport transport;
    private @Nullable MemberTransport next;
    private @Nullable MemberTransport retired;
    private @Nullable LifeId host;
    private Runnable lastLook = () -> {};
    private boolean sent;
    private long epoch;
    private boolean announced;
    private long retiredAt;
    private long searchAt;
    private long aheadAt;

    HostLink(MeshDirectory directory, Ringer ringer) {
        this.ringer = ringer;
        this.directory = directory;
    }

    /** What is done with a way just before it is closed. */
    void beforeClosing(Runnable look) {
        lastLook = look;
    }

    /**
     * Looks after the connection to that epoch's host, and to the driver that its successor keeps ready.
     *
     * @param hostSeat seat of the member whose first record of that epoch is applied here, "" before: a claim does not make a
     *     host, and several may have claimed the epoch
     * @param successor seat of the member next in line, "" if there is none or it is this one
     * @return whether the way has just opened, so that the core must be told
     */
    boolean maintain(long currentEpoch, String hostSeat, String successor, long nowNanos) {
        if (epoch != currentEpoch) {
            retire();
            epoch = currentEpoch;
            searchAt = nowNanos;
            retiredAt = nowNanos;
        }
        tidy(nowNanos);
        MemberTransport open = transport;
        if (open != null && open.isLost()) {
            close();
            open = null;
        }
        if (open == null) {
            search(hostSeat, nowNanos);
            return false;
        }
        open.doWork();
        if (!announced) {
            rouse(host);
        }
        lookAhead(successor, nowNanos);
        if (!announced && open.isConnected()) {
            announced = true;
            return true;
        }
        return false;
    }

    /** Lets go of the way to a host that is none any more, a little later. */
    void tidy(long nowNanos) {
        if (retired != null && nowNanos - retiredAt > RETIRED_NANOS) {
            closeRetired();
        }
    }

    /** This member is host now and needs no way to one. */
    void leave(long nowNanos) {
        retire();
        retiredAt = nowNanos;
        MemberTransport prepared = next;
        next = null;
        if (prepared != null) {
            prepared.close();
        }
    }

    /** Closing a client of a dead driver takes its time; the new way comes first. */
    private void retire() {
        closeRetired();
        lastLook.run();
        retired = transport;
        transport = null;
        close();
    }

    private void closeRetired() {
        MemberTransport old = retired;
        retired = null;
        if (old != null) {
            old.close();
        }
    }

    private void search(String hostSeat, long nowNanos) {
        if (hostSeat.isEmpty() || nowNanos - searchAt < 0) {
            return;
        }
        searchAt = nowNanos + SEARCH_NANOS;
        Path driver = directory.driver(epoch, hostSeat);
        if (directory.isReady(driver)) {
            transport = ahead(driver);
            host = LifeId.parse(hostSeat).orElse(null);
        }
    }

    /** The connection made ahead of time if it is this one, else a new one. */
    private MemberTransport ahead(Path driver) {
        MemberTransport prepared = next;
        next = null;
        if (prepared != null && prepared.directory().equals(driver) && !prepared.isLost()) {
            return prepared;
        }
        if (prepared != null) {
            prepared.close();
        }
        return MemberTransport.connect(driver);
    }

    private void lookAhead(String successor, long nowNanos) {
        MemberTransport prepared = next;
        if (prepared != null) {
            prepared.doWork();
            if (!prepared.isConnected()) {
                rouse(LifeId.parse(successor).orElse(null));
            }
            if (prepared.isLost() || !prepared.directory().equals(directory.driver(epoch + 1, successor))) {
                next = null;
                prepared.close();
            }
        } else if (!successor.isEmpty() && nowNanos - aheadAt >= 0) {
            aheadAt = nowNanos + AHEAD_NANOS;
            Path driver = directory.driver(epoch + 1, successor);
            if (directory.isReady(driver)) {
                next = MemberTransport.connect(driver);
            }
        }
    }

    /** Sends, or keeps until there is room. */
    void send(Envelope envelope) {
        MemberTransport open = transport;
        if (open == null) {
            return;
        }
        writer.clear();
        EnvelopeEncoder.encode(envelope, writer);
        if (!outbox.isEmpty() || !open.offer(writer.array(), 0, writer.length())) {
            outbox.add(writer.toBytes());
        }
        sent = true;
    }

    /** Sends what waits, and wakes the host if anything went; returns how many messages waited and went. */
    int flush() {
        MemberTransport open = transport;
        int flushed = 0;
        while (open != null && !outbox.isEmpty()) {
            byte[] next = outbox.peek();
            if (!open.offer(next, 0, next.length)) {
                break;
            }
            outbox.remove();
            flushed++;
        }
        if (sent || flushed > 0) {
            sent = host == null;
            rouse(host);
        }
        return flushed;
    }

    /** Whether something could not be sent. */
    boolean isStuck() {
        return !outbox.isEmpty();
    }

    /** A connection takes some rounds of the one whose driver it is. */
    private void rouse(@Nullable LifeId member) {
        if (member != null) {
            ringer.ring(member);
        }
    }

    /** This member's way to the other members, over the driver of the same epoch. */
    @Nullable
    ChannelTransport channel() {
        MemberTransport open = transport;
        return open == null ? null : open.channel();
    }

    /** Whether no connection is being made. */
    boolean isSettled() {
        MemberTransport prepared = next;
        return announced && (prepared == null || prepared.isConnected());
    }

    /** Whether commands reach the host. */
    boolean isOpen() {
        return announced;
    }

    void close() {
        MemberTransport open = transport;
        transport = null;
        announced = false;
        outbox.clear();
        if (open != null) {
            lastLook.run();
            open.close();
        }
    }

    /** Lets go of everything. */
    void closeAll() {
        close();
        closeRetired();
        MemberTransport prepared = next;
        next = null;
        if (prepared != null) {
            prepared.close();
        }
    }
}
