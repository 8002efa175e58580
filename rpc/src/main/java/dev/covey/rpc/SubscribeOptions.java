package dev.covey.rpc;

/**
 * How to subscribe.
 *
 * @param queue how many events may wait for the listener, 1 to {@link #MAX_QUEUE}; default 16,384
 * @param overflow what happens when one more comes; a group passes it on to another member instead
 * @param own whether events of this member are heard too; default true
 * @param retained whether the last value of each matching topic that keeps one is heard first, and every later one;
 *     default true
 * @param group the group's name: one of its members gets an event; "" for none
 */
public record SubscribeOptions(int queue, Overflow overflow, boolean own, boolean retained, String group) {
    /** Longest queue of a subscription. */
    public static final int MAX_QUEUE = 1 << 20;

    /** 16,384 events, the oldest go first, own events are heard, retained ones too, no group. */
    public static final SubscribeOptions DEFAULT = new SubscribeOptions(16_384, Overflow.DROP_OLDEST, true, true, "");

    /** What a full queue does; either way {@link EventListener#missed} is told. */
    public enum Overflow {
        /** Makes room: the listener sees the newest. */
        DROP_OLDEST,
        /** Takes nothing more until the listener has caught up. */
        DROP_NEWEST
    }

    public SubscribeOptions {
        if (queue < 1 || queue > MAX_QUEUE) {
            throw new RpcException(
                    RpcCode.LIMIT_EXCEEDED, "a queue of " + queue + " events; 1 to " + MAX_QUEUE + " are possible");
        }
        if (!group.isEmpty()) {
            TopicPattern.requireTopic(group);
        }
    }

    public SubscribeOptions withQueue(int queue) {
        return new SubscribeOptions(queue, overflow, own, retained, group);
    }

    public SubscribeOptions withOverflow(Overflow overflow) {
        return new SubscribeOptions(queue, overflow, own, retained, group);
    }

    public SubscribeOptions withOwn(boolean own) {
        return new SubscribeOptions(queue, overflow, own, retained, group);
    }

    public SubscribeOptions withRetained(boolean retained) {
        return new SubscribeOptions(queue, overflow, own, retained, group);
    }

    /** One of all subscriptions with that group and a matching pattern, in whatever member, gets each event. */
    public SubscribeOptions inGroup(String group) {
        return new SubscribeOptions(queue, overflow, own, retained, group);
    }
}
