package dev.covey.rpc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.covey.mesh.Channel;
import dev.covey.mesh.Mesh;
import dev.covey.mesh.MeshException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The calls that this member has made and that have no end yet. A call ends exactly once: by an answer, by its deadline, by
 * the death of the member that was to answer, or because it was cancelled.
 */
final class Calls implements CallFuture.Lookout {
    private static final int MAX_ATTEMPTS = 16;

    private final Channel channel;
    private final RpcOptions options;
    private final Route route;
    private final Deadlines deadlines;
    private final Map<Long, Pending> pending = new ConcurrentHashMap<>();
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicLong lastId = new AtomicLong();
    private volatile @Nullable RpcException closed;

    Calls(Mesh mesh, Channel channel, RpcOptions options, Directory directory, Deadlines deadlines) {
        this.channel = channel;
        this.options = options;
        this.route = new Route(mesh, directory);
        this.deadlines = deadlines;
    }

    long nextId() {
        return lastId.incrementAndGet();
    }

    /** When a call with these options has to be over. */
    long deadline(CallOptions call) {
        long nanos = (call.deadline() == null ? options.deadline() : call.deadline()).toNanos();
        long own = System.nanoTime() + nanos;
        return CallContext.current()
                .map(context -> Math.min(context.deadline(), own))
                .orElse(own);
    }

    /** How deep a call made by this thread is nested. */
    int depth(String service) {
        int depth = CallContext.current().map(context -> context.depth() + 1).orElse(0);
        if (depth > options.maxDepth()) {
            throw new RpcException(
                    RpcCode.LIMIT_EXCEEDED,
                    service + " would be call number " + (depth + 1) + " in a chain of calls that call, allowed are "
                            + options.maxDepth() + " (RpcOptions.maxDepth); see whether the services call each other in"
                            + " a circle");
        }
        return depth;
    }

    /** Sends a call; whatever becomes of it is told to its sink. */
    void begin(Pending call) {
        if (underWay.incrementAndGet() > options.maxCalls()) {
            fail(
                    call,
                    new RpcException(
                            RpcCode.OVERLOADED,
                            call.service + ": this member has " + options.maxCalls()
                                    + " calls without an answer, which is the limit (RpcOptions.maxCalls); wait for"
                                    + " answers"));
            return;
        }
        send(call);
        RpcException why = closed;
        if (why != null) {
            ended(why);
        }
    }

    private void send(Pending call) {
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            try {
                long member = route.choose(call.service, call.options.target());
                call.sentTo(member, route.load(member));
                pending.put(call.id, call);
                deadlines.by(call.deadline);
                channel.send(member, call.message());
                return;
            } catch (MeshException notSent) {
                if (pending.remove(call.id) == null) {
                    return;
                }
                call.over();
                RpcException why = RpcFailures.of(call.service, notSent);
                if (why.code() != RpcCode.PEER_LOST || attempt == MAX_ATTEMPTS - 1) {
                    fail(call, why);
                    return;
                }
            } catch (RpcException nobody) {
                fail(call, nobody);
                return;
            }
        }
    }

    private void fail(Pending call, RpcException why) {
        underWay.decrementAndGet();
        call.sink.failed(why);
    }

    private @Nullable Pending end(long id) {
        Pending call = pending.remove(id);
        if (call != null) {
            call.over();
            underWay.decrementAndGet();
        }
        return call;
    }

    /** An answer, on the mesh's own thread. */
    void answered(long from, RpcMessage message) {
        Pending call = pending.get(message.id());
        if (call == null || call.member() != from) {
            return;
        }
        route.load(from).told(message.busy());
        if (message.kind() == RpcMessage.ITEM) {
            call.sink.item(message.json());
        } else if (end(message.id()) != null) {
            switch (message.kind()) {
                case RpcMessage.RESULT -> call.sink.result(message.json());
                case RpcMessage.END -> call.sink.end();
                default -> call.sink.failed(failure(call, message.json()));
            }
        }
    }

    private RpcException failure(Pending call, ByteBuffer json) {
        try {
            JsonNode told =
                    options.mapper().readTree(json.array(), json.arrayOffset() + json.position(), json.remaining());
            return RpcFailures.read(call.service, call.member(), told);
        } catch (JsonProcessingException malformed) {
            return new RpcException(RpcCode.REMOTE_FAILURE, call.service + " failed and did not say how", malformed);
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Nobody wants its answer any more. */
    void cancelled(Pending call) {
        if (end(call.id) != null) {
            try {
                channel.send(call.member(), RpcMessage.bare(RpcMessage.CANCEL, call.id));
            } catch (MeshException unheard) {
                // Its deadline ends it there.
            }
        }
    }

    /** That member is gone: calls that may run twice go to another, the others end. */
    void lost(long member) {
        route.forget(member);
        pending.values().stream()
                .filter(call -> call.member() == member)
                .toList()
                .forEach(call -> lost(call, member));
    }

    private void lost(Pending call, long member) {
        if (!pending.remove(call.id, call)) {
            return;
        }
        call.over();
        if (call.options.idempotent() && call.deadline > System.nanoTime()) {
            send(call);
            return;
        }
        fail(
                call,
                new RpcException(
                        RpcCode.PEER_LOST,
                        call.service + ": member " + member
                                + " is gone, and whether it did what was asked is not known;"
                                + " mark the call idempotent to have it made again"));
    }

    /** Ends calls whose time is over; returns the next deadline. */
    long sweep(long now) {
        long next = Long.MAX_VALUE;
        for (Pending call : pending.values()) {
            if (call.deadline > now) {
                next = Math.min(next, call.deadline);
            } else if (pending.containsKey(call.id)) {
                cancelled(call);
                call.sink.failed(new RpcException(
                        RpcCode.DEADLINE_EXCEEDED,
                        call.service + ": member " + call.member() + " gave no answer before the deadline; the call may"
                                + " have run, or run still"));
            }
        }
        return next;
    }

    /** Ends everything. */
    void ended(RpcException why) {
        closed = why;
        for (Pending call : pending.values()) {
            if (end(call.id) != null) {
                call.sink.failed(why);
            }
        }
    }

    /** Only if nothing else is under way: the answers of several come sooner to several threads. */
    @Override
    public boolean lookFor(BooleanSupplier there, long nanos) {
        return underWay.get() <= 1 && channel.lookFor(there, nanos);
    }

    @Override
    public void leave() {
        channel.expect();
    }

    int underWay() {
        return underWay.get();
    }
}
