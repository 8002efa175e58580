package dev.covey.rpc;

import dev.covey.mesh.Channel;
import dev.covey.mesh.MeshCode;
import dev.covey.mesh.MeshException;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Sends what must not be refused because a channel is full for a moment: answers, and items that were asked for. It waits
 * here then, in order; there is no more of it than calls and items that others asked for. Any thread.
 */
final class Post {
    private final Channel channel;
    private final Runnable waits;
    private final Map<Long, ArrayDeque<byte[]>> backlogs = new ConcurrentHashMap<>();

    /** Calls {@code waits} when something is left for {@link #retry}. */
    Post(Channel channel, Runnable waits) {
        this.channel = channel;
        this.waits = waits;
    }

    /** Sends now, or later. A member that is gone gets nothing. */
    void send(long member, byte[] message) {
        ArrayDeque<byte[]> backlog = backlogs.computeIfAbsent(member, unused -> new ArrayDeque<>());
        synchronized (backlog) {
            if (backlog.isEmpty() && trySend(member, message)) {
                return;
            }
            backlog.add(message);
        }
        waits.run();
    }

    private boolean trySend(long member, byte[] message) {
        try {
            channel.send(member, message);
            return true;
        } catch (MeshException failed) {
            return failed.code() != MeshCode.OVERLOADED;
        }
    }

    /** Sends what waits; whether something still does. */
    boolean retry() {
        boolean waiting = false;
        for (Map.Entry<Long, ArrayDeque<byte[]>> each : backlogs.entrySet()) {
            ArrayDeque<byte[]> backlog = each.getValue();
            synchronized (backlog) {
                while (!backlog.isEmpty() && trySend(each.getKey(), backlog.peek())) {
                    backlog.remove();
                }
                waiting |= !backlog.isEmpty();
            }
        }
        return waiting;
    }

    void forget(long member) {
        backlogs.remove(member);
    }
}
