package dev.covey.mesh.agent;

import java.util.concurrent.atomic.AtomicLong;

/** What the channels of a member have done so far. Counted by the agent, read by anybody. */
public final class ChannelCount {
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong received = new AtomicLong();
    private final AtomicLong resent = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();

    void countSent() {
        sent.incrementAndGet();
    }

    void countReceived() {
        received.incrementAndGet();
    }

    void countResent() {
        resent.incrementAndGet();
    }

    void countDropped() {
        dropped.incrementAndGet();
    }

    public long sent() {
        return sent.get();
    }

    public long received() {
        return received.get();
    }

    public long resent() {
        return resent.get();
    }

    public long dropped() {
        return dropped.get();
    }
}
