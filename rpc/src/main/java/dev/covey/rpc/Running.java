package dev.covey.rpc;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** A call that this member answers: from its arrival to the end of its answer. */
final class Running implements Runnable {
    private final Callees callees;
    private final Served served;
    private final String service;
    private final ByteBuffer arguments;
    final Callees.Key key;
    final CallContext context;
    private @Nullable Thread thread;
    private @Nullable CompletionStage<?> stage;
    private @Nullable StreamFeeder feeder;
    private long asked;

    Running(Callees callees, Callees.Key key, Served served, RpcMessage message) {
        this.callees = callees;
        this.key = key;
        this.served = served;
        this.service = message.service();
        this.arguments = message.json();
        this.context = new CallContext(key.from(), message.depth(), deadline(message.number()));
    }

    /** By the clock here, of what the caller had left when it sent: only what the way took is not counted. */
    private static long deadline(long leftNanos) {
        long now = System.nanoTime();
        return leftNanos > Long.MAX_VALUE - Math.max(0, now) ? Long.MAX_VALUE : now + leftNanos;
    }

    /** Whether the handler is known to be done in some microseconds. */
    boolean isQuick() {
        return served.pace().isQuick();
    }

    @Override
    public void run() {
        if (!begin()) {
            return;
        }
        long began = System.nanoTime();
        try {
            callAndAnswer();
        } finally {
            served.pace().took(System.nanoTime() - began);
        }
    }

    private void callAndAnswer() {
        CallContext.enter(context);
        Object result;
        try {
            result = served.call(arguments, key.from());
        } catch (Throwable thrown) {
            fail(thrown);
            return;
        } finally {
            CallContext.enter(null);
            leave();
        }
        answer(result);
    }

    private synchronized boolean begin() {
        if (context.isCancelled()) {
            return false;
        }
        thread = Thread.currentThread();
        return true;
    }

    /** From here on an interrupt would hit another call of the same thread. */
    private synchronized void leave() {
        thread = null;
        boolean unused = Thread.interrupted();
    }

    private void answer(@Nullable Object result) {
        if (result instanceof CompletionStage<?> later) {
            hold(later);
        } else if (result instanceof Flow.Publisher<?> publisher) {
            feed(publisher);
        } else {
            succeed(result);
        }
    }

    private void hold(CompletionStage<?> later) {
        synchronized (this) {
            stage = later;
        }
        CompletionStage<?> unused = later.whenComplete((value, thrown) -> {
            if (thrown == null) {
                succeed(value);
            } else {
                fail(thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown);
            }
        });
        if (context.isCancelled()) {
            cancel();
        }
    }

    private void feed(Flow.Publisher<?> publisher) {
        StreamFeeder opened = new StreamFeeder(this, callees.workers());
        long begun;
        synchronized (this) {
            feeder = opened;
            begun = asked;
        }
        opened.begin(publisher, begun);
        if (context.isCancelled()) {
            opened.cancel();
        }
    }

    /** The caller wants so many items more; mesh's own thread. */
    void more(long items) {
        StreamFeeder open;
        synchronized (this) {
            open = feeder;
            if (open == null) {
                asked = Math.max(asked, 0) + items;
            }
        }
        if (open != null) {
            open.more(items);
        }
    }

    void succeed(@Nullable Object value) {
        send(RpcMessage.RESULT, value);
    }

    void item(Object value) {
        try {
            callees.send(key.from(), json(RpcMessage.ITEM, value).toByteArray());
        } catch (Throwable notSent) {
            cancel();
            fail(notSent);
        }
    }

    void end() {
        if (callees.done(this)) {
            callees.send(key.from(), RpcMessage.bare(RpcMessage.END, key.id()));
        }
    }

    private void send(int kind, @Nullable Object value) {
        byte[] message;
        try {
            message = json(kind, value).toByteArray();
        } catch (Throwable notSent) {
            fail(notSent);
            return;
        }
        if (callees.done(this)) {
            callees.send(key.from(), message);
        }
    }

    private ByteArrayOutputStream json(int kind, @Nullable Object value) {
        ByteArrayOutputStream out = RpcMessage.answer(kind, callees.handlers(), key.id());
        try {
            served.writer().writeValue(new BoundedOutput(out, "the result of " + service, callees.maxBytes()), value);
        } catch (JsonProcessingException noJson) {
            throw new RpcException(
                    RpcCode.BAD_RESULT, service + ": the result is no JSON: " + noJson.getMessage(), noJson);
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
        return out;
    }

    void fail(Throwable thrown) {
        if (callees.done(this)) {
            RpcCode code =
                    thrown instanceof RpcException own && own.remote().isEmpty() ? own.code() : RpcCode.REMOTE_FAILURE;
            callees.refuse(key, code, thrown);
        }
    }

    /** Nobody waits for the answer any more. */
    void cancel() {
        context.cancel();
        CompletionStage<?> later;
        StreamFeeder open;
        synchronized (this) {
            if (thread != null) {
                thread.interrupt();
            }
            later = stage;
            open = feeder;
        }
        if (later != null) {
            later.toCompletableFuture().cancel(true);
        }
        if (open != null) {
            open.cancel();
        }
    }
}
