package dev.covey.mesh.aeron;

import dev.covey.mesh.MeshCode;
import dev.covey.mesh.MeshException;
import io.aeron.Aeron;
import io.aeron.RethrowingErrorHandler;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.AgentInvoker;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.NoOpIdleStrategy;
import org.agrona.concurrent.NoOpLock;
import org.agrona.concurrent.SystemEpochClock;
import org.agrona.concurrent.SystemNanoClock;
import org.jspecify.annotations.Nullable;

/**
 * The host's end: an embedded driver in a directory of its own, and the one subscription to which all members publish.
 *
 * <p>No threads: driver and client are run by {@link #doWork} and {@link #poll}, always on the same thread, which is also
 * the only one that may close. That is why Aeron's linger on close is zero here: it protects buffers from threads that
 * still read them, and there are none.
 */
public final class HostTransport implements AutoCloseable {
    private static final long CNC_OVERHEAD = 4096;
    private static final int CONDUCTOR_BUFFER = 1024 * 1024 + 768;
    private static final int CLIENTS_BUFFER = 1024 * 1024 + 128;
    private static final int COUNTERS_BUFFER = 1024 * 1024;
    private static final int ERROR_BUFFER = 4 * 1024 * 1024;
    private static final int LOSS_REPORT_BUFFER = 1024 * 1024;
    private static final long TIMER_MILLIS = 50;
    /** Below what {@link UnfrozenClock} puts in the place of a freeze, so that a thaw begins with a sign of life. */
    private static final long KEEP_ALIVE_MILLIS = 100;

    private static final long EXTERNAL_DRIVER_MILLIS = 5_000;

    private static final int TERMS = 3;
    private static final int LOG_META = 4096;
    private static final int FRAMES_PER_TERM = 8;
    private static final int MTU_MAX = 32 * 1024;

    private static final int REHEARSAL_BYTES = 64;
    private static final long REHEARSAL_SECONDS = 2;

    private final Path directory;
    private final MessageAssembler assembler = new MessageAssembler(Frame.MESSAGE_LIMIT);
    private final EpochClock wall;
    private final LaggingClock driverClock;
    private final Loss loss;
    private final Pace pace = new Pace();
    private @Nullable MediaDriver driver;
    private @Nullable Aeron client;
    private @Nullable AgentInvoker driverInvoker;
    private @Nullable AgentInvoker clientInvoker;
    private @Nullable Subscription ingress;
    private @Nullable ChannelTransport channel;
    private List<DriverDirectory.Known> files = List.of();

    private HostTransport(Path directory, EpochClock wall) {
        this.directory = directory;
        this.loss = new Loss(directory);
        this.wall = new SteadyClock(wall, SystemNanoClock.INSTANCE);
        this.driverClock = new LaggingClock(this.wall);
    }

    /**
     * Launches a driver. Blocks for some milliseconds; when it returns, members can connect.
     *
     * @param directory where nothing is yet, inside the mesh directory
     * @throws MeshException LIMIT_EXCEEDED when there is too little room for the expected members; TRANSPORT_LOST when
     *     Aeron does not start
     */
    public static HostTransport launch(Path directory, TransportOptions options) {
        return launch(directory, options, SystemEpochClock.INSTANCE);
    }

    static HostTransport launch(Path directory, TransportOptions options, EpochClock wall) {
        DriverDirectory.requireNew(directory);
        DriverDirectory.requireRoom(directory, bytesNeeded(options), options.members());
        HostTransport transport = new HostTransport(directory, wall);
        try {
            transport.start(options);
            DriverDirectory.makePrivate(directory);
            transport.files = DriverDirectory.known(directory);
            return transport;
        } catch (IOException | RuntimeException | Error failed) {
            transport.close();
            throw new MeshException(
                    MeshCode.TRANSPORT_LOST, directory + ": the driver did not start, Aeron says: " + failed, failed);
        }
    }

    /**
     * Uses a driver that somebody else runs. Otherwise as {@link #launch}.
     *
     * @param directory where nothing is yet, inside the mesh directory: who looks for this host finds there where it is
     * @throws MeshException TRANSPORT_LOST when no driver works there
     */
    public static HostTransport over(Path directory, ExternalDriver external) {
        DriverDirectory.requireNew(directory);
        ExternalDriver.requireAlive(external.aeronDirectory());
        HostTransport transport = new HostTransport(directory, SystemEpochClock.INSTANCE);
        try {
            external.writeTo(directory);
            transport.connect(external);
            transport.files = DriverDirectory.known(directory);
            return transport;
        } catch (IOException | RuntimeException | Error failed) {
            transport.close();
            throw new MeshException(
                    MeshCode.TRANSPORT_LOST,
                    external.aeronDirectory() + ": the driver cannot be used, Aeron says: " + failed,
                    failed);
        }
    }

    /**
     * Does everything once that a host does, in a directory that is gone again afterwards. The first launch in a JVM takes
     * ten times as long as the next, nearly all of it for loading classes; who may have to launch in a hurry rehearses. Any
     * thread; costs some 200 ms of one core once, and as much shared memory as a host for that time.
     *
     * @param directory where nothing is yet
     */
    public static void rehearse(Path directory) {
        TransportOptions small = TransportOptions.DEFAULT.withMembers(1);
        try (HostTransport host = launch(directory, small);
                MemberTransport member = MemberTransport.connect(directory)) {
            int[] heard = {0};
            byte[] word = new byte[REHEARSAL_BYTES];
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(REHEARSAL_SECONDS);
            while (heard[0] == 0 && !member.isLost() && System.nanoTime() - deadline < 0) {
                host.doWork();
                member.doWork();
                member.offer(word, 0, word.length);
                host.poll((session, buffer, offset, length) -> heard[0]++, 1);
            }
        }
    }

    /**
     * Refuses a place that is too small for a host, before anything is begun there.
     *
     * @param place a directory on the file system meant
     * @throws MeshException LIMIT_EXCEEDED with what is needed, what is free, and what to do
     */
    public static void requireRoom(Path place, TransportOptions options) {
        DriverDirectory.requireRoom(place.resolve("driver"), bytesNeeded(options), options.members());
    }

    /** What a host with its members takes of the file system, in bytes. */
    static long bytesNeeded(TransportOptions options) {
        long logBuffer = (long) TERMS * options.termLength() + LOG_META;
        return cncBytes() + LOSS_REPORT_BUFFER + options.members() * logBuffer;
    }

    /** Aeron keeps four bytes of description for each byte of counters. */
    private static long cncBytes() {
        return CNC_OVERHEAD + CONDUCTOR_BUFFER + CLIENTS_BUFFER + 5L * COUNTERS_BUFFER + ERROR_BUFFER;
    }

    private void start(TransportOptions options) {
        MediaDriver launched = MediaDriver.launch(driverContext(options));
        driver = launched;
        driverInvoker = launched.sharedAgentInvoker();
        Aeron connected = Aeron.connect(clientContext(directory)
                .driverAgentInvoker(launched.sharedAgentInvoker())
                .epochClock(wall)
                .driverTimeoutMs(TimeUnit.DAYS.toMillis(1)));
        use(connected, new ExternalDriver(directory, Frame.INGRESS_STREAM));
    }

    private void connect(ExternalDriver external) {
        long heartbeat = DriverHeartbeat.read(external.aeronDirectory());
        DriverClock clock = new DriverClock(() -> heartbeat, SystemNanoClock.INSTANCE);
        Aeron.Context context = clientContext(external.aeronDirectory())
                .driverTimeoutMs(EXTERNAL_DRIVER_MILLIS)
                .epochClock(clock);
        Aeron connected = Aeron.connect(context);
        clock.follow(context.toDriverBuffer()::consumerHeartbeatTime);
        use(connected, external);
    }

    private void use(Aeron connected, ExternalDriver used) {
        client = connected;
        clientInvoker = connected.conductorAgentInvoker();
        ingress = connected.addSubscription(Frame.CHANNEL, used.stream());
        channel = new ChannelTransport(connected, used, loss);
    }

    private Aeron.Context clientContext(Path driverDirectory) {
        return new Aeron.Context()
                .aeronDirectoryName(driverDirectory.toString())
                .useConductorAgentInvoker(true)
                .clientLock(NoOpLock.INSTANCE)
                .idleStrategy(NoOpIdleStrategy.INSTANCE)
                .awaitingIdleStrategy(NoOpIdleStrategy.INSTANCE)
                .nanoClock(new UnfrozenClock(System::nanoTime))
                .keepAliveIntervalNs(TimeUnit.MILLISECONDS.toNanos(KEEP_ALIVE_MILLIS))
                .closeLingerDurationNs(0)
                .resourceLingerDurationNs(ChannelTransport.LINGER_NANOS)
                .errorHandler(loss::note)
                .subscriberErrorHandler(RethrowingErrorHandler.INSTANCE)
                .unavailableImageHandler(image -> assembler.forget(image.sessionId()));
    }

    private MediaDriver.Context driverContext(TransportOptions options) {
        long livenessNanos = TimeUnit.MILLISECONDS.toNanos(options.livenessMillis());
        return new MediaDriver.Context()
                .aeronDirectoryName(directory.toString())
                .threadingMode(ThreadingMode.INVOKER)
                .dirDeleteOnStart(false)
                .dirDeleteOnShutdown(false)
                .warnIfDirectoryExists(false)
                .asyncExecutorEnabled(false)
                .useConcurrentCountersManager(false)
                .useWindowsHighResTimer(false)
                .performStorageChecks(true)
                .termBufferSparseFile(false)
                .conductorBufferLength(CONDUCTOR_BUFFER)
                .toClientsBufferLength(CLIENTS_BUFFER)
                .counterValuesBufferLength(COUNTERS_BUFFER)
                .errorBufferLength(ERROR_BUFFER)
                .lossReportBufferLength(LOSS_REPORT_BUFFER)
                .ipcTermBufferLength(options.termLength())
                .ipcMtuLength(Math.min(MTU_MAX, options.termLength() / FRAMES_PER_TERM))
                .lowStorageWarningThreshold(0)
                .timerIntervalNs(TimeUnit.MILLISECONDS.toNanos(TIMER_MILLIS))
                .driverTimeoutMs(options.livenessMillis())
                .clientLivenessTimeoutNs(livenessNanos)
                .publicationUnblockTimeoutNs(livenessNanos + TimeUnit.MILLISECONDS.toNanos(4 * TIMER_MILLIS))
                .publicationLingerTimeoutNs(TimeUnit.MILLISECONDS.toNanos(2 * TIMER_MILLIS))
                .imageLivenessTimeoutNs(livenessNanos)
                .epochClock(driverClock)
                .errorHandler(loss::note);
    }

    /** Where members connect. */
    public Path directory() {
        return directory;
    }

    /**
     * Runs the driver's and the client's housekeeping once if it is due; returns how much there was to do. The client first:
     * after a freeze it must say that it lives before the driver asks.
     */
    public int doWork() {
        AgentInvoker driverWork = driverInvoker;
        AgentInvoker clientWork = clientInvoker;
        if (clientWork == null || loss.happened() || !pace.isDue()) {
            return 0;
        }
        try {
            boolean thawed = driverClock.isBehind();
            int done = clientWork.invoke();
            if (thawed) {
                driverClock.catchUp();
            }
            done += driverWork == null ? 0 : driverWork.invoke();
            pace.done(done);
            return done;
        } catch (RuntimeException | InternalError failed) {
            loss.report(failed);
            return 0;
        }
    }

    /**
     * Delivers what members have sent, at most {@code limit} frames; returns how many. What the sink throws is the
     * caller's and goes up.
     */
    public int poll(MessageSink sink, int limit) {
        Subscription subscription = ingress;
        if (subscription == null || loss.happened()) {
            return 0;
        }
        assembler.deliverTo(sink);
        try {
            return subscription.poll(assembler, limit);
        } catch (InternalError busError) {
            loss.report(busError);
            return 0;
        }
    }

    /** The host's own way to and from the other members; null once closed. */
    public @Nullable ChannelTransport channel() {
        return channel;
    }

    /** How many members are connected now. */
    public int connections() {
        Subscription subscription = ingress;
        return subscription == null ? 0 : subscription.imageCount();
    }

    /** Whether nothing more can come through here; the epoch needs a new transport. */
    public boolean isLost() {
        Aeron connected = client;
        AgentInvoker driverWork = driverInvoker;
        return loss.happened()
                || connected == null
                || connected.isClosed()
                || (driverWork != null && driverWork.isClosed());
    }

    /** Whether all is still there by which members find this driver and connect to it; who is connected needs none of it. */
    public boolean isWhole() {
        return files.stream().allMatch(DriverDirectory.Known::isStillThere);
    }

    /** Why it is lost, or what the driver last complained of, in words; empty when there is nothing to say. */
    public String reason() {
        return loss.reason();
    }

    /** Ends driver and client and removes their directory. Takes some milliseconds; a second call does nothing. */
    @Override
    public void close() {
        Aeron connected = client;
        MediaDriver launched = driver;
        client = null;
        driver = null;
        ingress = null;
        channel = null;
        driverInvoker = null;
        clientInvoker = null;
        Quietly.close(connected, loss);
        Quietly.close(launched, loss);
        try {
            DriverDirectory.remove(directory);
        } catch (IOException failed) {
            loss.report(failed);
        }
    }
}
