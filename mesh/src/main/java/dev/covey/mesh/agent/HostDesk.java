package dev.covey.mesh.agent;

import dev.covey.mesh.MeshException;
import dev.covey.mesh.aeron.ChannelTransport;
import dev.covey.mesh.aeron.HostTransport;
import dev.covey.mesh.aeron.MessageSink;
import dev.covey.mesh.core.Core;
import dev.covey.mesh.core.State;
import dev.covey.mesh.local.MeshDirectory;
import dev.covey.mesh.protocol.EnvelopeDecoder;
import dev.covey.mesh.protocol.MalformedMessageException;
import dev.covey.patch.Limits;
import java.nio.ByteBuffer;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The host's door, through which commands come: the driver and what arrives there. Step 3 of the street.
 */
final class HostDesk {
    private static final System.Logger LOG = System.getLogger(HostDesk.class.getName());
    /** Frames taken from members in one round; they are decided and committed as one batch. */
    private static final int FRAMES_PER_ROUND = 256;
    /** While so many records wait for the disk, no more commands are taken in. */
    private static final int MAX_UNCOMMITTED = 8_192;

    /** What a new host does not do while everybody needs the processors to find it, it does so much later. */
    static final long LATER_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** How often a driver is launched that did not start. */
    private static final long RELAUNCH_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final MeshDirectory directory;
    private final Limits limits;
    private final MessageSink sink;
    private final Standby standby;
    private final Core core;
    private final Leftovers leftovers;
    private @Nullable HostTransport transport;
    private @Nullable Future<@Nullable HostTransport> launch;
    private long servedEpoch;
    private long relaunchAt;
    /** When they are looked for; 0 if nobody died. */
    private long leftoversAt;
    /** Somebody died since that was said, and may not have let go of everything by then. */
    private boolean moreLeftovers;

    HostDesk(Premises premises, Core core, Standby standby) {
        this.standby = standby;
        this.directory = premises.directory;
        this.leftovers = new Leftovers(premises.directory);
        this.limits = premises.settings.limits();
        this.core = core;
        this.sink = this::onMessage;
    }

    /** Opens the door as soon as there is a driver; until then commands wait at their senders. */
    void serve(long epoch) {
        servedEpoch = epoch;
        launch = standby.take(epoch);
        openDoor();
    }

    /** Whether the door was opened just now. */
    boolean openDoor() {
        relaunch();
        Future<@Nullable HostTransport> running = launch;
        if (running == null || !running.isDone()) {
            return false;
        }
        launch = null;
        HostTransport launched = launched(running);
        if (launched == null) {
            return false;
        }
        transport = launched;
        directory.markReady(launched.directory());
        lookForLeftoversLater();
        return true;
    }

    /** Whether members can come in. */
    boolean isOpen() {
        return transport != null;
    }

    /** Null if it did not start; then the members' commands wait while it is tried again. */
    private @Nullable HostTransport launched(Future<@Nullable HostTransport> done) {
        relaunchAt = System.nanoTime();
        try {
            return Standby.outcome(done);
        } catch (MeshException broken) {
            relaunchAt += RELAUNCH_NANOS;
            LOG.log(
                    System.Logger.Level.WARNING,
                    "mesh " + directory.name() + ": the host has no driver, members cannot reach it; trying again",
                    broken);
            lookForLeftoversLater();
            return null;
        }
    }

    private void relaunch() {
        boolean missing = servedEpoch != 0 && transport == null && launch == null;
        if (missing && System.nanoTime() - relaunchAt >= 0) {
            launch = standby.again(servedEpoch);
        }
    }

    /** A member ended without closing, so that its files are still there. */
    void somebodyDied() {
        if (servedEpoch != 0) {
            lookForLeftoversLater();
        }
    }

    private void lookForLeftoversLater() {
        moreLeftovers = leftoversAt != 0;
        if (leftoversAt == 0) {
            leftoversAt = System.nanoTime() + LATER_NANOS;
        }
    }

    private void lookForLeftovers() {
        if (leftoversAt != 0 && System.nanoTime() - leftoversAt >= 0) {
            State known = core.state();
            long epoch = servedEpoch;
            standby.later(() -> leftovers.remove(known, epoch));
            leftoversAt = 0;
            if (moreLeftovers) {
                lookForLeftoversLater();
            }
        }
    }

    /**
     * Takes in what members sent.
     *
     * @param takesIn whether commands are taken in now
     */
    int poll(boolean takesIn) {
        HostTransport open = transport;
        if (open == null || !takesIn || core.uncommitted() >= MAX_UNCOMMITTED) {
            return 0;
        }
        return open.poll(sink, FRAMES_PER_ROUND);
    }

    /** What no answer waits for. */
    int lookAfterDriver() {
        lookForLeftovers();
        HostTransport open = transport;
        if (open == null) {
            return 0;
        }
        int work = open.doWork();
        if (open.isLost()) {
            lost(open, open.reason());
        }
        return work;
    }

    /** The cell is still this host's: a new driver takes the place of the old one, and the members find it there. */
    private void lost(HostTransport open, String why) {
        LOG.log(
                System.Logger.Level.WARNING,
                "mesh " + directory.name() + ": the host lost its driver, another is launched: " + why);
        transport = null;
        open.close();
        relaunchAt = System.nanoTime();
    }

    /**
     * Makes whole again what members find the driver by. Who is connected needs none of its files, but nobody could come in
     * any more; then another driver takes its place.
     */
    void lookAfter() {
        HostTransport open = transport;
        if (open == null) {
            return;
        }
        if (!open.isWhole()) {
            lost(open, "files of it were removed");
        } else if (!directory.isReady(open.directory())) {
            directory.markReady(open.directory());
        }
    }

    private void onMessage(int session, DirectBuffer buffer, int offset, int length) {
        try {
            core.command(EnvelopeDecoder.decode(view(buffer, offset, length), limits));
        } catch (MalformedMessageException malformed) {
            LOG.log(System.Logger.Level.WARNING, "dropped a message of session " + session, malformed);
        }
    }

    static ByteBuffer view(DirectBuffer buffer, int offset, int length) {
        ByteBuffer direct = buffer.byteBuffer();
        if (direct != null) {
            return direct.slice(buffer.wrapAdjustment() + offset, length);
        }
        byte[] array = buffer.byteArray();
        return ByteBuffer.wrap(array, buffer.wrapAdjustment() + offset, length);
    }

    /** The host's own way to the other members. */
    @Nullable
    ChannelTransport channel() {
        HostTransport open = transport;
        return open == null ? null : open.channel();
    }

    void close() {
        HostTransport openTransport = transport;
        Future<@Nullable HostTransport> running = launch;
        transport = null;
        launch = null;
        servedEpoch = 0;
        leftoversAt = 0;
        if (openTransport != null) {
            openTransport.close();
        }
        if (running != null) {
            standby.discard(running);
        }
    }
}
