package dev.covey.rpc;

import java.util.concurrent.atomic.AtomicInteger;

/** How busy another member is, as far as this one can tell. */
final class Load {
    private final AtomicInteger underWay = new AtomicInteger();
    private volatile int told;

    void begun() {
        underWay.incrementAndGet();
    }

    void ended() {
        underWay.decrementAndGet();
    }

    /** Its last answer said that so many of its handlers run. */
    void told(int handlers) {
        told = handlers;
    }

    int estimate() {
        return underWay.get() + told;
    }
}
