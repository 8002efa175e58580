package dev.covey.rpc;

import dev.covey.mesh.Channel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/** The calls that this member answers. What comes is only sorted on the mesh's own thread; handlers run on workers, those that were quick many times on that thread after it. */
final class Callees {
    /** A caller's number, and the number it gave the call. */
    record Key(long from, long id) {}

    private final Channel channel;
    private final RpcOptions options;
    private final Workers workers;
    private final Deadlines deadlines;
    private final Post post;
    private final Map<String, Served> services = new ConcurrentHashMap<>();
    private final Map<Key, Running> running = new ConcurrentHashMap<>();
    private final AtomicInteger handlers = new AtomicInteger();

    Callees(Channel channel, RpcOptions options, Workers workers, Deadlines deadlines) {
        this.channel = channel;
        this.options = options;
        this.workers = workers;
        this.deadlines = deadlines;
        this.post = new Post(channel, () -> deadlines.by(System.nanoTime()));
    }

    /** Whether the name was free. */
    boolean serve(String name, Served served) {
        return services.putIfAbsent(name, served) == null;
    }

    void withdraw(String name) {
        services.remove(name);
    }

    /** A call arrives. */
    void called(long from, RpcMessage message) {
        Key key = new Key(from, message.id());
        Served served = services.get(message.service());
        if (served == null) {
            refuse(key, RpcCode.NO_SUCH_SERVICE, message.service() + " is not served here");
        } else if (message.depth() > options.maxDepth()) {
            refuse(
                    key,
                    RpcCode.LIMIT_EXCEEDED,
                    message.service() + " is called from " + message.depth() + " calls deep, allowed are "
                            + options.maxDepth());
        } else if (handlers.incrementAndGet() > options.maxHandlers()) {
            handlers.decrementAndGet();
            refuse(
                    key,
                    RpcCode.OVERLOADED,
                    message.service() + ": " + options.maxHandlers()
                            + " handlers run in this member, which is the limit (RpcOptions.maxHandlers); call another, or"
                            + " later");
        } else {
            start(new Running(this, key, served, message));
        }
    }

    private void start(Running call) {
        if (running.putIfAbsent(call.key, call) != null) {
            handlers.decrementAndGet();
            return;
        }
        deadlines.by(call.context.deadline());
        try {
            boolean inPlace = options.handlersInPlace() && call.isQuick();
            if (!inPlace || !channel.runHere(call)) {
                workers.execute(call);
            }
        } catch (RejectedExecutionException | OutOfMemoryError noThread) {
            call.fail(new RpcException(RpcCode.OVERLOADED, "this member has no thread for another call: " + noThread));
        }
    }

    void more(long from, RpcMessage message) {
        Running call = running.get(new Key(from, message.id()));
        if (call != null && message.number() > 0) {
            call.more(message.number());
        }
    }

    void cancelled(long from, RpcMessage message) {
        cancel(new Key(from, message.id()));
    }

    private void cancel(Key key) {
        Running call = running.get(key);
        if (call != null && done(call)) {
            workers.executeOrRun(call::cancel);
        }
    }

    /** Whether this was its end; a call has one. */
    boolean done(Running call) {
        if (running.remove(call.key, call)) {
            handlers.decrementAndGet();
            return true;
        }
        return false;
    }

    /** A caller is gone, and does not wait any more. */
    void lost(long member) {
        post.forget(member);
        running.keySet().stream().filter(key -> key.from() == member).forEach(this::cancel);
    }

    /** Cancels what is over its time; returns the next deadline, or when to try again what waits to be sent. */
    long sweep(long now) {
        long next = post.retry() ? now + RETRY_NANOS : Long.MAX_VALUE;
        for (Running call : running.values()) {
            if (call.context.deadline() > now) {
                next = Math.min(next, call.context.deadline());
            } else {
                cancel(call.key);
            }
        }
        return next;
    }

    private static final long RETRY_NANOS = 1_000_000;

    void send(long member, byte[] message) {
        post.send(member, message);
    }

    private void refuse(Key key, RpcCode code, String sentence) {
        refuse(key, code, new RpcException(code, sentence));
    }

    void refuse(Key key, RpcCode code, Throwable why) {
        ByteArrayOutputStream out = RpcMessage.answer(RpcMessage.FAILURE, handlers(), key.id());
        try {
            RpcOptions.DEFAULT.mapper().writeValue(out, RpcFailures.tell(code, why));
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
        send(key.from(), out.toByteArray());
    }

    int handlers() {
        return handlers.get();
    }

    int maxBytes() {
        return options.maxBytes();
    }

    Executor workers() {
        return workers;
    }

    void ended() {
        running.values().forEach(call -> cancel(call.key));
    }
}
