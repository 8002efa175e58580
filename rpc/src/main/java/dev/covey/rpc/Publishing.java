package dev.covey.rpc;

import dev.covey.mesh.Channel;
import dev.covey.mesh.MeshCode;
import dev.covey.mesh.MeshException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Sends events to all other members, one event after the other, so that all hear them in the same order. Any thread. */
final class Publishing {
    private final Channel channel;
    /** How often a member that takes nothing in is tried. */
    private static final long RETRY_MILLIS = 50;

    private final Map<Long, Long> meant = new HashMap<>();
    private final Set<Long> owing = new HashSet<>();
    private @Nullable RpcException ended;
    private long published;
    private long overloaded;

    Publishing(Channel channel) {
        this.channel = channel;
    }

    /**
     * Sends it, and has this member hear it.
     *
     * <p>An event gets the number that says how many were meant for that receiver, whether or not it can be sent: so what
     * comes next tells the receiver of the hole.
     */
    synchronized Delivery send(EventFrame frame, Runnable here) {
        RpcException closed = ended;
        if (closed != null) {
            throw new RpcException(closed.code(), String.valueOf(closed.getMessage()), closed);
        }
        List<Long> full = new ArrayList<>();
        int sent = 0;
        for (long member : peers(frame.topic())) {
            sent += send(member, frame, full) ? 1 : 0;
        }
        published++;
        overloaded += full.size();
        here.run();
        return new Delivery(sent, List.copyOf(full));
    }

    private List<Long> peers(String topic) {
        try {
            return channel.peers();
        } catch (MeshException closed) {
            throw RpcFailures.of(topic, closed);
        }
    }

    private boolean send(long member, EventFrame frame, List<Long> full) {
        EventFrame numbered = frame.kind() == EventFrame.EVENT
                ? new EventFrame(frame.kind(), meant.merge(member, 1L, Long::sum), frame.topic(), "", frame.json())
                : frame;
        try {
            channel.send(member, numbered.toBytes());
            return true;
        } catch (MeshException unreachable) {
            if (unreachable.code() == MeshCode.OVERLOADED) {
                full.add(member);
                owe(member);
            } else if (unreachable.code() != MeshCode.PEER_LOST) {
                throw RpcFailures.of(frame.topic(), unreachable);
            }
            return false;
        }
    }

    /** A member that something was not sent to is told so as soon as it takes in anything again. */
    private void owe(long member) {
        if (owing.add(member)) {
            later(member);
        }
    }

    private void later(long member) {
        CompletableFuture.delayedExecutor(RETRY_MILLIS, TimeUnit.MILLISECONDS).execute(() -> pay(member));
    }

    private synchronized void pay(long member) {
        Long number = meant.get(member);
        if (ended != null || number == null) {
            owing.remove(member);
            return;
        }
        try {
            channel.send(member, new EventFrame(EventFrame.NUMBER, number + 1, "", "", new byte[0]).toBytes());
            owing.remove(member);
        } catch (MeshException unreachable) {
            if (unreachable.code() == MeshCode.OVERLOADED) {
                later(member);
            } else {
                owing.remove(member);
            }
        }
    }

    synchronized void lost(long member) {
        meant.remove(member);
    }

    synchronized long published() {
        return published;
    }

    synchronized long overloaded() {
        return overloaded;
    }

    synchronized void end(RpcException why) {
        ended = why;
    }
}
