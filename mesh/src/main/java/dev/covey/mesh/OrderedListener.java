package dev.covey.mesh;

import com.fasterxml.jackson.databind.JsonNode;

/** Who hears the events of an {@link OrderedChannel}, one call at a time, on a thread that is made for user code. */
@FunctionalInterface
public interface OrderedListener {
    /**
     * The next event.
     *
     * @param number its place in the order, the same for every member: one more than the event before
     * @param from number of the member that published it, which may be gone
     * @param event what it published
     */
    void received(long number, long from, JsonNode event);

    /** Events that are not kept any more: the listener began too far back, or was behind by more than are kept. */
    default void missed(long first, long last) {}
}
