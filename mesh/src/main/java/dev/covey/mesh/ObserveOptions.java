package dev.covey.mesh;

/**
 * How to observe.
 *
 * @param fromCurrent whether the observer is first told what is there, as a change from nothing with the cause SNAPSHOT
 *     (RESTORE if it was read from files when the mesh started)
 * @param coalescing whether only the latest is kept for an observer that is busy; what came between is counted in
 *     {@link Change#skipped}
 * @param queue how many revisions wait for an observer that does not keep up, 1 to {@link #MAX_QUEUE}. When one more comes
 *     all that waits is folded into one, from the oldest state to the newest, with the cause SNAPSHOT: nothing is lost
 *     silently, and nobody waits for the observer
 */
public record ObserveOptions(boolean fromCurrent, boolean coalescing, int queue) {
    /** The most revisions that can wait for one observer. */
    public static final int MAX_QUEUE = 1_048_576;

    /** From the next change on, every change, 16,384 of them waiting at most. */
    public static final ObserveOptions DEFAULT = new ObserveOptions(false, false, 16_384);

    /** Checks the length of the queue. */
    public ObserveOptions {
        if (queue < 1 || queue > MAX_QUEUE) {
            throw new MeshException(
                    MeshCode.LIMIT_EXCEEDED,
                    "a queue of " + queue + " for an observer; 1 to " + MAX_QUEUE + " are possible");
        }
    }

    public ObserveOptions withFromCurrent(boolean fromCurrent) {
        return new ObserveOptions(fromCurrent, coalescing, queue);
    }

    public ObserveOptions withCoalescing(boolean coalescing) {
        return new ObserveOptions(fromCurrent, coalescing, queue);
    }

    public ObserveOptions withQueue(int queue) {
        return new ObserveOptions(fromCurrent, coalescing, queue);
    }

    /** How many may wait before they are folded. */
    int room() {
        return coalescing ? 1 : queue;
    }
}
