package dev.covey.rpc;

import java.util.List;

/**
 * Numbers of one member's event bus since it was opened.
 *
 * @param published by this member
 * @param heard that came from this and other members, whether or not somebody listens
 * @param overloaded sends that could not be made
 * @param unfinished events for groups that no member of the group has finished
 * @param subscriptions each of them
 */
public record EventStatistics(
        long published, long heard, long overloaded, int unfinished, List<Subscribed> subscriptions) {
    /**
     * One subscription.
     *
     * @param pattern of topics
     * @param group "" if none
     * @param waiting events in its queue; a slow listener shows here
     * @param delivered events its listener was handed
     * @param missed events that its full queue dropped
     */
    public record Subscribed(String pattern, String group, int waiting, long delivered, long missed) {}
}
