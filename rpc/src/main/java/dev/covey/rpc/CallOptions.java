package dev.covey.rpc;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How one call, or all calls of a {@link Caller}, are made.
 *
 * @param target which member
 * @param deadline from the call to its answer; null for that of the options. Inside a handler it is never later than the
 *     deadline of the call that is being handled
 * @param idempotent whether the call may run twice: only then it is made again on another member when one dies under it
 */
public record CallOptions(Target target, @Nullable Duration deadline, boolean idempotent) {
    /** Any member, the usual deadline, never again. */
    public static final CallOptions DEFAULT = new CallOptions(Target.any(), null, false);

    public CallOptions withTarget(Target target) {
        return new CallOptions(target, deadline, idempotent);
    }

    public CallOptions withDeadline(Duration deadline) {
        return new CallOptions(target, deadline, idempotent);
    }

    public CallOptions withIdempotent() {
        return new CallOptions(target, deadline, true);
    }
}
