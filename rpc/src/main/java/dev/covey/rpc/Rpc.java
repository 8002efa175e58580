package dev.covey.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import dev.covey.mesh.Channel;
import dev.covey.mesh.ChannelListener;
import dev.covey.mesh.Mesh;
import dev.covey.mesh.MeshException;
import dev.covey.mesh.Observation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Calls between the members of a mesh, straight from one to the other.
 *
 * <pre>{@code
 * Rpc rpc = Rpc.on(mesh);
 * rpc.serve("price", arguments -> prices.get(arguments.get(0, String.class)));
 * JsonNode price = rpc.call("price", "apple").join();
 *
 * rpc.serve(Pricing.class, new Catalogue());
 * BigDecimal total = rpc.proxy(Pricing.class).total("apple", 3);
 * }</pre>
 *
 * <p>A call runs at most once, and its answer comes once, whatever happens to the host meanwhile: what a dead driver
 * swallowed is sent again over the next one, and what comes twice is dropped. A callee that dies ends its calls with
 * PEER_LOST; only those marked idempotent are made again on another. The deadline travels with the call and ends what it
 * calls in turn.
 *
 * <p>Any thread may use it. Handlers run each on a thread of its own; one that was quick many times in a row runs on the
 * mesh's, which saves waking another ({@link RpcOptions#handlersInPlace}). In neither case does one that never returns block
 * anybody else.
 */
public final class Rpc implements AutoCloseable {
    /** The channel that calls go over. */
    static final String CHANNEL = "covey.rpc";

    private static final System.Logger LOG = System.getLogger(Rpc.class.getName());
    private static final Map<Mesh, Rpc> OPEN = new ConcurrentHashMap<>();

    private final Mesh mesh;
    private final RpcOptions options;
    private final Directory directory;
    private final Workers workers;
    private final Deadlines deadlines;
    private final Calls calls;
    private final Callees callees;
    private final Caller caller;
    private final Observation listening;

    private Rpc(Mesh mesh, RpcOptions options) {
        this.mesh = mesh;
        this.options = options;
        Channel channel = mesh.channel(CHANNEL);
        this.directory = new Directory(mesh);
        this.workers = new Workers("covey-calls-" + mesh.name());
        this.deadlines = new Deadlines("covey-deadlines-" + mesh.name(), this::sweep);
        this.calls = new Calls(mesh, channel, options, directory, deadlines);
        this.callees = new Callees(channel, options, workers, deadlines);
        this.caller = new Caller(calls, new CallLine(), workers, directory, options, CallOptions.DEFAULT);
        this.listening = channel.receive(new Ear(), Runnable::run);
        deadlines.start();
    }

    /** Calls on that mesh, with {@link RpcOptions#DEFAULT} if it is the first time. */
    public static Rpc on(Mesh mesh) {
        return OPEN.computeIfAbsent(mesh, joined -> new Rpc(joined, RpcOptions.DEFAULT));
    }

    /**
     * Calls on that mesh.
     *
     * @throws RpcException BAD_SERVICE if there are calls on it in this member already, with other options
     */
    public static Rpc on(Mesh mesh, RpcOptions options) {
        Rpc open = OPEN.computeIfAbsent(mesh, joined -> new Rpc(joined, options));
        if (!open.options.equals(options)) {
            throw new RpcException(
                    RpcCode.BAD_SERVICE,
                    "there are calls on mesh " + mesh.name() + " in this member with other options; close them first");
        }
        return open;
    }

    /**
     * Serves a name: {@code price}, or {@code shop.price}. Returns when all members can know.
     *
     * @throws RpcException BAD_SERVICE if the name is none, or is served here already
     */
    public Service serve(String name, Handler handler) {
        return serve(Map.of(Names.require(name), Served.by(name, handler, options.mapper())));
    }

    /**
     * Serves the methods of an interface, each as {@code NAME.METHOD} with the interface's simple name.
     *
     * @throws RpcException BAD_SERVICE for what is no interface, for methods of one name, and if one is served here already
     */
    public <T> Service serve(Class<T> type, T target) {
        Map<String, Served> served = new LinkedHashMap<>();
        TypedMethod.of(type, options.mapper()).forEach((name, typed) -> served.put(name, Served.by(typed, target)));
        return serve(served);
    }

    private Service serve(Map<String, Served> served) {
        List<String> taken = new ArrayList<>();
        Map<String, String> signatures = new LinkedHashMap<>();
        for (Map.Entry<String, Served> each : served.entrySet()) {
            if (!callees.serve(each.getKey(), each.getValue())) {
                taken.forEach(callees::withdraw);
                throw new RpcException(
                        RpcCode.BAD_SERVICE,
                        each.getKey() + " is served in this member already; close that service first");
            }
            taken.add(each.getKey());
            signatures.put(each.getKey(), each.getValue().signature());
        }
        directory.announce(signatures);
        return new Service(taken, () -> {
            directory.withdraw(taken);
            taken.forEach(callees::withdraw);
        });
    }

    /** Calls a service by name, in any member that serves it. */
    public CompletableFuture<JsonNode> call(String service, @Nullable Object... arguments) {
        return caller.call(service, arguments);
    }

    /** Calls a service by name, and reads its result as that type. */
    public <T> CompletableFuture<T> call(Class<T> type, String service, @Nullable Object... arguments) {
        return caller.call(type, service, arguments);
    }

    /** As {@link Caller#proxy}, with {@link CallOptions#DEFAULT}. */
    public <T> T proxy(Class<T> type) {
        return caller.proxy(type);
    }

    /** Makes calls with other options. */
    public Caller with(CallOptions call) {
        return caller.with(call);
    }

    /** What the living members serve, as this member knows. */
    public List<ServiceInfo> services() {
        return directory.services();
    }

    /** Numbers of what goes on. */
    public RpcStatistics statistics() {
        return new RpcStatistics(calls.underWay(), callees.handlers());
    }

    private long sweep(long now) {
        return Math.min(calls.sweep(now), callees.sweep(now));
    }

    /** Ends what is under way, here and for callers of this member; the mesh stays. */
    @Override
    public void close() {
        if (OPEN.remove(mesh, this)) {
            listening.close();
            end(new RpcException(RpcCode.CLOSED, "calls on mesh " + mesh.name() + " were closed here"));
        }
    }

    private void end(RpcException why) {
        calls.ended(why);
        callees.ended();
        directory.close();
        deadlines.close();
        workers.close();
    }

    /** What streams need of the calls. */
    private final class CallLine implements Caller.Line {
        @Override
        public void begin(Pending call) {
            calls.begin(call);
        }

        @Override
        public void more(Pending call, long items) {
            callees.send(call.member(), RpcMessage.more(call.id, items));
        }

        @Override
        public void cancelled(Pending call) {
            calls.cancelled(call);
        }
    }

    /** Sorts what comes, on the mesh's own thread. */
    private final class Ear implements ChannelListener {
        @Override
        public void received(long from, byte[] bytes) {
            RpcMessage message;
            try {
                message = RpcMessage.read(bytes);
            } catch (IllegalArgumentException malformed) {
                LOG.log(System.Logger.Level.WARNING, "dropped what member " + from + " sent", malformed);
                return;
            }
            switch (message.kind()) {
                case RpcMessage.CALL -> callees.called(from, message);
                case RpcMessage.CANCEL -> callees.cancelled(from, message);
                case RpcMessage.MORE -> callees.more(from, message);
                default -> calls.answered(from, message);
            }
        }

        @Override
        public void lost(long member) {
            calls.lost(member);
            callees.lost(member);
        }

        @Override
        public void ended(MeshException why) {
            OPEN.remove(mesh, Rpc.this);
            end(RpcFailures.of("mesh " + mesh.name(), why));
        }
    }
}
