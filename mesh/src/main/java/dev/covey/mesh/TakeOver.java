package dev.covey.mesh;

/**
 * How this member became host, step by step, for those who want to know where the time of a host change goes. All times
 * are {@link System#nanoTime} of this member's process; 0 where the step was not reached. Other processes count from the same
 * instant unless they run in another time namespace.
 *
 * @param epoch that began
 * @param noticedNanos the death of the host before was noticed
 * @param takenNanos the commit cell was taken
 * @param drainedNanos everything committed before was applied, so that deciding could begin
 * @param begunNanos the new epoch's segment of the journal was published
 * @param reachableNanos the members could send to it
 * @param committedNanos the first command of a member was committed
 */
public record TakeOver(
        long epoch,
        long noticedNanos,
        long takenNanos,
        long drainedNanos,
        long begunNanos,
        long reachableNanos,
        long committedNanos) {

    /** Before this member was ever host. */
    public static final TakeOver NONE = new TakeOver(0, 0, 0, 0, 0, 0, 0);
}
