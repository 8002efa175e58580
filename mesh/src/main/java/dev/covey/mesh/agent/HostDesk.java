package dev.covey.mesh.agent;

import dev.covey.mesh.MeshException;
import dev.covey.mesh.aeron.HostTransport;
import dev.covey.mesh.aeron.MessageSink;
import dev.covey.mesh.core.Core;
import dev.covey.mesh.local.Claims;
import dev.covey.mesh.local.MeshDirectory;
import dev.covey.mesh.protocol.EnvelopeDecoder;
import dev.covey.mesh.protocol.FactEncoder;
import dev.covey.mesh.protocol.LogRecord;
import dev.covey.mesh.protocol.MalformedMessageException;
import dev.covey.mesh.protocol.WireWriter;
import dev.covey.patch.Limits;
import dev.covey.store.Journal;
import dev.covey.store.JournalWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Future;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What a host has that others have not: the journal's writing end, and the door through which commands come. Steps 3 and
 * 4 of the street.
 */
final class HostDesk {
    private static final System.Logger LOG = System.getLogger(HostDesk.class.getName());
    /** Frames taken from members in one round; they are decided and committed as one batch. */
    private static final int FRAMES_PER_ROUND = 256;
    /** While so many records wait for the disk, no more commands are taken in. */
    private static final int MAX_UNCOMMITTED = 8_192;

    private final MeshDirectory directory;
    private final Claims claims;
    private final String seat;
    private final Journal journal;
    private final Limits limits;
    private final WireWriter payload = new WireWriter();
    private final MessageSink sink;
    private final Standby standby;
    private final Core core;
    private @Nullable JournalWriter writer;
    private @Nullable HostTransport transport;
    private @Nullable Future<@Nullable HostTransport> launch;
    private long servedEpoch;

    HostDesk(Premises premises, Journal journal, Core core, Standby standby) {
        this.standby = standby;
        this.directory = premises.directory;
        this.claims = new Claims(premises.directory);
        this.seat = premises.seat;
        this.journal = journal;
        this.limits = premises.settings.limits();
        this.core = core;
        this.sink = this::onMessage;
    }

    void begin(long epoch, long firstPosition) {
        writer = journal.begin(epoch, firstPosition, seat.getBytes(StandardCharsets.US_ASCII));
    }

    void append(LogRecord record, long committed) {
        payload.clear();
        FactEncoder.encode(record.fact(), payload);
        writer().append(
                        record.position(),
                        committed,
                        record.member(),
                        record.sequence(),
                        record.timeMicros(),
                        payload.array(),
                        0,
                        payload.length());
    }

    void force() {
        writer().force();
    }

    /** Opens the door as soon as there is a driver; until then commands wait at their senders. */
    void serve(long epoch) {
        servedEpoch = epoch;
        launch = standby.take(epoch);
        openDoor();
    }

    /** Whether the door was opened just now. */
    boolean openDoor() {
        Future<@Nullable HostTransport> running = launch;
        if (running == null || !running.isDone()) {
            return false;
        }
        launch = null;
        HostTransport launched = Standby.outcome(running);
        if (launched == null) {
            launch = standby.again(servedEpoch);
            return false;
        }
        transport = launched;
        directory.markReady(launched.directory());
        long epoch = servedEpoch;
        standby.later(() -> removeLeftovers(epoch));
        return true;
    }

    /** What dead epochs left behind. */
    private void removeLeftovers(long epoch) {
        for (Path driver : directory.driversBelow(epoch)) {
            directory.remove(driver);
        }
        claims.removeBelow(epoch);
    }

    /**
     * Looks after the driver, and takes in what members sent.
     *
     * @param takesIn whether commands are taken in now
     */
    int poll(boolean takesIn) {
        HostTransport open = transport;
        if (open == null) {
            return 0;
        }
        int work = open.doWork();
        if (takesIn && core.uncommitted() < MAX_UNCOMMITTED) {
            work += open.poll(sink, FRAMES_PER_ROUND);
        }
        return work;
    }

    private void onMessage(int session, DirectBuffer buffer, int offset, int length) {
        try {
            core.command(EnvelopeDecoder.decode(view(buffer, offset, length), limits));
        } catch (MalformedMessageException malformed) {
            LOG.log(System.Logger.Level.WARNING, "dropped a message of session " + session, malformed);
        }
    }

    private static ByteBuffer view(DirectBuffer buffer, int offset, int length) {
        ByteBuffer direct = buffer.byteBuffer();
        if (direct != null) {
            return direct.slice(buffer.wrapAdjustment() + offset, length);
        }
        byte[] array = buffer.byteArray();
        return ByteBuffer.wrap(array, buffer.wrapAdjustment() + offset, length);
    }

    /** Whether members cannot reach this host any more although it has the cell. */
    boolean isUnreachable() {
        HostTransport open = transport;
        return open != null && open.isLost();
    }

    void close() {
        JournalWriter openWriter = writer;
        HostTransport openTransport = transport;
        Future<@Nullable HostTransport> running = launch;
        writer = null;
        transport = null;
        launch = null;
        if (openWriter != null) {
            openWriter.close();
        }
        if (openTransport != null) {
            openTransport.close();
        }
        if (running != null) {
            closeLate(running);
        }
    }

    private static void closeLate(Future<@Nullable HostTransport> running) {
        try {
            HostTransport late = Standby.outcome(running);
            if (late != null) {
                late.close();
            }
        } catch (MeshException neverLaunched) {
            LOG.log(System.Logger.Level.DEBUG, "a driver that nobody needs any more did not start", neverLaunched);
        }
    }

    private JournalWriter writer() {
        JournalWriter open = writer;
        if (open == null) {
            throw new IllegalStateException("no segment is open; only a host writes");
        }
        return open;
    }
}
