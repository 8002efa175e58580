package dev.covey.rpc;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The call that the current thread is answering. Calls made by that thread end by the same deadline. */
public final class CallContext {
    private static final ThreadLocal<@Nullable CallContext> CURRENT = new ThreadLocal<>();

    private final long from;
    private final int depth;
    private final long deadline;
    private volatile boolean cancelled;

    CallContext(long from, int depth, long deadline) {
        this.from = from;
        this.depth = depth;
        this.deadline = deadline;
    }

    /** The call being answered by this thread; empty outside of handlers. */
    public static Optional<CallContext> current() {
        return Optional.ofNullable(CURRENT.get());
    }

    static void enter(@Nullable CallContext context) {
        if (context == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(context);
        }
    }

    /** Number of the member that calls. */
    public long from() {
        return from;
    }

    /** In how many calls this one is nested, 0 for none. */
    public int depth() {
        return depth;
    }

    /** What is left of the deadline; zero or less when it has passed. */
    public Duration remaining() {
        return Duration.ofNanos(deadline - System.nanoTime());
    }

    /** Whether the caller has given up, or died, or its deadline has passed. */
    public boolean isCancelled() {
        return cancelled || deadline - System.nanoTime() < 0;
    }

    long deadline() {
        return deadline;
    }

    void cancel() {
        cancelled = true;
    }
}
