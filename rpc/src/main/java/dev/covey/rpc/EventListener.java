package dev.covey.rpc;

/** Who hears events: one call at a time for each subscription, in order, on a thread made for user code. */
@FunctionalInterface
public interface EventListener {
    /** What it throws is logged, and the next event comes all the same. */
    void heard(Event event);

    /**
     * Events that would have been for this subscription, or may have been, did not come.
     *
     * @param missed why, and how many at most
     */
    default void missed(Missed missed) {}
}
