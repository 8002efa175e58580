package dev.covey.rpc;

/**
 * A gap in what a subscription hears.
 *
 * @param why the reason
 * @param from number of the member whose events are missed; 0 if of several
 * @param count how many at most, since those of other topics count too where only their publisher knew them;
 *     {@link #UNKNOWN} if nobody can tell
 */
public record Missed(Reason why, long from, long count) {
    public static final long UNKNOWN = -1;

    /** Why events are missed. */
    public enum Reason {
        /** The subscription's own queue was full. */
        QUEUE_FULL,
        /** The publisher could not send more to this member, which did not take in what was under way. */
        OVERLOADED,
        /** Ordered events that are not kept any more. */
        FORGOTTEN,
        /** This member was declared dead while it lived, and joined again. */
        EXPELLED
    }
}
