package dev.covey.rpc;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A call of this member that has no end yet. */
final class Pending {
    /** Where its answers go; called on the mesh's own thread, so nothing here may wait or run foreign code. */
    interface Sink {
        void result(ByteBuffer json);

        void item(ByteBuffer json);

        void end();

        void failed(RpcException why);
    }

    final long id;
    final String service;
    private final byte[] message;
    final CallOptions options;
    final long deadline;
    final Sink sink;
    private volatile boolean sent;
    private volatile long member;
    private volatile @Nullable Load load;

    Pending(long id, String service, byte[] message, CallOptions options, long deadline, Sink sink) {
        this.id = id;
        this.service = service;
        this.message = message;
        this.options = options;
        this.deadline = deadline;
        this.sink = sink;
    }

    /** What is left until that deadline, none at all or for ever. */
    static long leftNanos(long deadline, long now) {
        return deadline == Long.MAX_VALUE ? deadline : Math.max(0, deadline - now);
    }

    /** What is sent: as it was made, or made to say what is left now if it goes out again. */
    byte[] message() {
        boolean again = sent;
        sent = true;
        return again ? RpcMessage.again(message, leftNanos(deadline, System.nanoTime())) : message;
    }

    /** Who is to answer it; 0 before it was sent. */
    long member() {
        return member;
    }

    void sentTo(long to, Load busy) {
        member = to;
        load = busy;
        busy.begun();
    }

    /** It has an end, or goes to another member. */
    void over() {
        Load busy = load;
        load = null;
        if (busy != null) {
            busy.ended();
        }
    }
}
