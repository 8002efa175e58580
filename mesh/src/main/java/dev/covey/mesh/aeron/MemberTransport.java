package dev.covey.mesh.aeron;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Publication;
import io.aeron.ReservedValueSupplier;
import io.aeron.exceptions.AeronException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.AgentInvoker;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.NoOpIdleStrategy;
import org.agrona.concurrent.NoOpLock;
import org.agrona.concurrent.SystemEpochClock;
import org.agrona.concurrent.SystemNanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A member's end: a client of the host's driver with one publication to the host.
 *
 * <p>Nothing here waits and nothing throws for what happens at the other end: {@link #isConnected} says when messages can
 * go, {@link #isLost} that they never will again. Belongs to one thread, like {@link HostTransport}.
 */
public final class MemberTransport implements AutoCloseable {
    /** Longest message, in bytes. */
    public static final int MESSAGE_LIMIT = Frame.MESSAGE_LIMIT;

    private static final long DRIVER_TIMEOUT_MILLIS = 5_000;
    /** A driver whose heartbeat is older, or newer by so much, is waited for until it changes. */
    private static final long STOPPED_MILLIS = DRIVER_TIMEOUT_MILLIS / 2;

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    /** Below half of the shortest liveness time a host may choose. */
    private static final long KEEP_ALIVE_MILLIS = 250;

    private final Path directory;
    private final EpochClock wall;
    private final NanoClock own;
    private final Loss loss;
    private final Pace pace = new Pace();
    private final UnsafeBuffer wrapped = new UnsafeBuffer(new byte[0]);
    private @Nullable Doubt doubt;
    private long lookAt;
    private @Nullable Aeron client;
    private @Nullable AgentInvoker invoker;
    private long registration;
    private @Nullable ExclusivePublication publication;
    private @Nullable ChannelTransport channel;
    private @Nullable UnsafeBuffer tail;
    private int tailSent;
    private long reserved;
    private final ReservedValueSupplier reservedWord = (terms, termOffset, frameLength) -> reserved;

    private MemberTransport(Path directory, EpochClock wall, NanoClock own) {
        this.directory = directory;
        this.wall = wall;
        this.own = own;
        this.lookAt = own.nanoTime();
        this.loss = new Loss(directory);
    }

    /**
     * Begins to connect to a driver that was launched before its directory was made known. Where there is none any more,
     * the transport is lost at once; where one has died, when its heartbeat has not changed for some seconds.
     */
    public static MemberTransport connect(Path directory) {
        return connect(directory, SystemEpochClock.INSTANCE, SystemNanoClock.INSTANCE);
    }

    static MemberTransport connect(Path directory, EpochClock wall, NanoClock own) {
        MemberTransport transport = new MemberTransport(directory, wall, own);
        try {
            transport.start();
        } catch (RuntimeException | InternalError failed) {
            transport.loss.report(failed);
        }
        return transport;
    }

    private void start() {
        ExternalDriver driver;
        try {
            driver = ExternalDriver.readFrom(directory).orElse(new ExternalDriver(directory, Frame.INGRESS_STREAM));
        } catch (IOException unreadable) {
            throw new AeronException(unreadable.toString());
        }
        long heartbeat = DriverHeartbeat.read(driver.aeronDirectory());
        if (Math.abs(wall.time() - heartbeat) <= STOPPED_MILLIS) {
            connect(driver, heartbeat);
        } else {
            doubt = new Doubt(driver, heartbeat, own.nanoTime());
        }
    }

    /** A driver that gave no sign of life lately, by a clock that may differ from its own. */
    private record Doubt(ExternalDriver driver, long heartbeat, long sinceNanos) {}

    /**
     * Aeron would wait in {@code connect} for a driver that has stopped; a member has better things to do. So one that seems to
     * have stopped is connected to when its heartbeat changes, and lost if it does not.
     */
    private int look(Doubt doubted) {
        long now = own.nanoTime();
        if (now - lookAt < 0) {
            return 0;
        }
        lookAt = now + LOOK_NANOS;
        long heartbeat = DriverHeartbeat.read(doubted.driver().aeronDirectory());
        if (heartbeat != doubted.heartbeat()) {
            doubt = null;
            connect(doubted.driver(), heartbeat);
            return 1;
        }
        if (now - doubted.sinceNanos() > TimeUnit.MILLISECONDS.toNanos(STOPPED_MILLIS)) {
            throw new AeronException(
                    "the driver there has stopped: its heartbeat has not changed for " + STOPPED_MILLIS + " ms");
        }
        return 0;
    }

    private void connect(ExternalDriver driver, long heartbeat) {
        DriverClock clock = new DriverClock(() -> heartbeat, own);
        Aeron.Context context = new Aeron.Context()
                .aeronDirectoryName(driver.aeronDirectory().toString())
                .useConductorAgentInvoker(true)
                .clientLock(NoOpLock.INSTANCE)
                .idleStrategy(NoOpIdleStrategy.INSTANCE)
                .awaitingIdleStrategy(NoOpIdleStrategy.INSTANCE)
                .driverTimeoutMs(DRIVER_TIMEOUT_MILLIS)
                .keepAliveIntervalNs(TimeUnit.MILLISECONDS.toNanos(KEEP_ALIVE_MILLIS))
                .closeLingerDurationNs(0)
                .resourceLingerDurationNs(ChannelTransport.LINGER_NANOS)
                .epochClock(clock)
                .nanoClock(own)
                .errorHandler(loss::report);
        Aeron connected = Aeron.connect(context);
        clock.follow(context.toDriverBuffer()::consumerHeartbeatTime);
        client = connected;
        invoker = connected.conductorAgentInvoker();
        channel = new ChannelTransport(connected, driver, loss);
        registration = connected.asyncAddExclusivePublication(Frame.CHANNEL, driver.stream());
    }

    /** Which driver this is a client of. */
    public Path directory() {
        return directory;
    }

    /** Runs the client's housekeeping once if it is due, and sends more of a long message; returns how much it did. */
    public int doWork() {
        AgentInvoker work = invoker;
        Aeron connected = client;
        Doubt doubted = doubt;
        if (loss.happened()) {
            return 0;
        }
        try {
            if (doubted != null) {
                return look(doubted);
            }
            if (work == null || connected == null) {
                return 0;
            }
            return (pace.isDue() ? keepHouse(work, connected) : 0) + sendTail();
        } catch (RuntimeException | InternalError failed) {
            loss.report(failed);
            return 0;
        }
    }

    private int keepHouse(AgentInvoker work, Aeron connected) {
        int done = work.invoke();
        if (publication == null && !connected.isClosed()) {
            publication = connected.getExclusivePublication(registration);
        }
        pace.done(done);
        return done;
    }

    /** This member's way to and from the other members over the same driver; null once closed. */
    public @Nullable ChannelTransport channel() {
        return channel;
    }

    /** Whether the host's subscription takes what is offered. */
    public boolean isConnected() {
        ExclusivePublication open = publication;
        return open != null && open.isConnected() && !isLost();
    }

    /** Whether this transport will never work again; its owner closes it and connects to the next driver. */
    public boolean isLost() {
        Aeron connected = client;
        ExclusivePublication open = publication;
        boolean ended = connected == null ? doubt == null : connected.isClosed();
        return loss.happened() || ended || (open != null && open.isClosed());
    }

    /** Why it is lost, in words; empty while it is not. */
    public String reason() {
        return loss.reason();
    }

    /** As {@link #offer(DirectBuffer, int, int)}. */
    public boolean offer(byte[] bytes, int offset, int length) {
        wrapped.wrap(bytes);
        return offer(wrapped, offset, length);
    }

    /**
     * Sends a message if there is room now; false means to try again later, after {@link #doWork}. A message that was
     * taken arrives whole or, when the transport is lost meanwhile, not at all.
     *
     * @throws IllegalArgumentException for a message longer than {@link #MESSAGE_LIMIT}
     */
    public boolean offer(DirectBuffer buffer, int offset, int length) {
        if (length > MESSAGE_LIMIT) {
            throw new IllegalArgumentException(length + " bytes, at most " + MESSAGE_LIMIT + " are one message");
        }
        ExclusivePublication open = publication;
        if (open == null || tail != null || isLost()) {
            return false;
        }
        try {
            return length <= open.maxPayloadLength()
                    ? send(open, buffer, offset, length, Frame.reserved(length, 0))
                    : begin(open, buffer, offset, length);
        } catch (RuntimeException | InternalError failed) {
            loss.report(failed);
            return false;
        }
    }

    private boolean begin(ExclusivePublication open, DirectBuffer buffer, int offset, int length) {
        int first = open.maxPayloadLength();
        if (!send(open, buffer, offset, first, Frame.reserved(length, 0))) {
            return false;
        }
        byte[] copy = new byte[length];
        buffer.getBytes(offset, copy);
        tail = new UnsafeBuffer(copy);
        tailSent = first;
        sendTail();
        return true;
    }

    private int sendTail() {
        ExclusivePublication open = publication;
        UnsafeBuffer message = tail;
        int chunks = 0;
        while (open != null && message != null && tailSent < message.capacity()) {
            int length = Math.min(open.maxPayloadLength(), message.capacity() - tailSent);
            if (!send(open, message, tailSent, length, Frame.reserved(message.capacity(), tailSent))) {
                return chunks;
            }
            tailSent += length;
            chunks++;
        }
        tail = null;
        return chunks;
    }

    private boolean send(ExclusivePublication open, DirectBuffer buffer, int offset, int length, long word) {
        reserved = word;
        long position = open.offer(buffer, offset, length, reservedWord);
        if (position == Publication.CLOSED || position == Publication.MAX_POSITION_EXCEEDED) {
            loss.report(new AeronException("the publication ended: " + Publication.errorString(position)));
        }
        return position > 0;
    }

    /** Lets go of the driver, which may be dead; does not wait for it. A second call does nothing. */
    @Override
    public void close() {
        Aeron connected = client;
        doubt = null;
        client = null;
        invoker = null;
        publication = null;
        channel = null;
        tail = null;
        Quietly.close(connected, loss);
    }
}
