package dev.covey.rpc;

import dev.covey.patch.FailureTally;
import dev.covey.rpc.SubscribeOptions.Overflow;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One subscription: its queue, and the worker that empties it, one event after the other. Any thread may add; the listener
 * runs on one thread at a time.
 */
final class Listening {
    private static final System.Logger LOG = System.getLogger(Listening.class.getName());
    /** Who had something to tell so shortly before is likely to have more. */
    private static final long LIVELY_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private static final long LINGER_NANOS = TimeUnit.MICROSECONDS.toNanos(50);

    /** What waits: an event with what is to be done after it, or a gap that is to be told in its place. */
    private record Waiting(@Nullable Event event, @Nullable Missed missed, Runnable after) {}

    final TopicPattern pattern;
    final SubscribeOptions options;
    private final EventListener listener;
    private final Workers workers;
    private final FailureTally failures = new FailureTally();
    private final ArrayDeque<Waiting> queue = new ArrayDeque<>();
    private boolean running;
    private volatile long drainedAt = System.nanoTime() - LIVELY_NANOS;
    private boolean closed;
    private long dropped;
    private long missed;
    private long delivered;

    Listening(TopicPattern pattern, SubscribeOptions options, EventListener listener, Workers workers) {
        this.pattern = pattern;
        this.options = options;
        this.listener = listener;
        this.workers = workers;
    }

    boolean isInGroup() {
        return !options.group().isEmpty();
    }

    /** For everybody: what finds no room is dropped by the policy, and told. */
    synchronized void add(Event event) {
        if (closed) {
            return;
        }
        if (queue.size() >= options.queue()) {
            dropped++;
            missed++;
            if (options.overflow() == Overflow.DROP_NEWEST) {
                return;
            }
            queue.removeIf(new FirstEvent()::test);
        }
        queue.add(new Waiting(event, null, Listening::nothing));
        run();
    }

    /** Of a group: whether it was taken; {@code after} runs when the listener is done with it. */
    synchronized boolean offer(Event event, Runnable after) {
        if (closed || queue.size() >= options.queue()) {
            return false;
        }
        queue.add(new Waiting(event, null, after));
        run();
        return true;
    }

    /** A gap, told behind what came before it. */
    synchronized void miss(Missed gap) {
        if (!closed && queue.size() < options.queue()) {
            queue.add(new Waiting(null, gap, Listening::nothing));
            run();
        }
    }

    /** Picks the oldest event alone, not a gap that waits before it. */
    private static final class FirstEvent {
        private boolean found;

        private boolean test(Waiting waiting) {
            boolean first = !found && waiting.event() != null;
            found |= first;
            return first;
        }
    }

    private static void nothing() {
        // There is nothing to do after an event that is for everybody.
    }

    private void run() {
        if (!running) {
            running = true;
            workers.executeOrRun(this::drain);
        }
    }

    private void drain() {
        boolean lively = System.nanoTime() - drainedAt < LIVELY_NANOS;
        for (Waiting next = next(!lively); next != null || lively; next = next(!lively)) {
            if (next != null) {
                tell(next);
            } else {
                lively = isSoonMore();
            }
        }
    }

    /** Where one event comes after the other, waiting for the next a little is far quicker than to be woken for it. */
    @SuppressWarnings(
            "ThreadPriorityCheck") // correctness does not rest on the yields; on few cores others need the turn
    private boolean isSoonMore() {
        long since = System.nanoTime();
        while (System.nanoTime() - since < LINGER_NANOS) {
            if (hasMore()) {
                return true;
            }
            Thread.yield();
        }
        return false;
    }

    private synchronized boolean hasMore() {
        return !queue.isEmpty();
    }

    /** The next to tell, the dropped first; null if there is nothing, which ends this worker if it shall. */
    private synchronized @Nullable Waiting next(boolean ends) {
        if (dropped > 0 && !closed) {
            Missed gap = new Missed(Missed.Reason.QUEUE_FULL, 0, dropped);
            dropped = 0;
            return new Waiting(null, gap, Listening::nothing);
        }
        Waiting next = queue.poll();
        if (next == null && ends) {
            running = false;
            drainedAt = System.nanoTime();
        }
        return next;
    }

    private void tell(Waiting next) {
        try {
            Event event = next.event();
            Missed gap = next.missed();
            if (event != null) {
                synchronized (this) {
                    delivered++;
                }
                listener.heard(event);
            }
            if (gap != null) {
                listener.missed(gap);
            }
        } catch (Throwable thrown) {
            failures.failed(
                    "a listener of " + pattern + " threw; it gets the next event all the same",
                    thrown.getClass(),
                    thrown,
                    System.nanoTime(),
                    (text, trace) -> LOG.log(System.Logger.Level.ERROR, text, trace));
        } finally {
            next.after().run();
        }
    }

    synchronized EventStatistics.Subscribed statistics() {
        return new EventStatistics.Subscribed(pattern.toString(), options.group(), queue.size(), delivered, missed);
    }

    /** What waits is not told any more; returns what has to be done for it. */
    synchronized Iterable<Runnable> close() {
        closed = true;
        Iterable<Runnable> left = queue.stream().map(Waiting::after).toList();
        queue.clear();
        return left;
    }
}
