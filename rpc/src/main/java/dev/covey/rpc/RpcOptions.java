package dev.covey.rpc;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;

/**
 * Limits of calls in this member, and how values become JSON.
 *
 * @param deadline of calls that name none; default 5 s
 * @param maxBytes of the arguments of a call, and of a result, as JSON; default 16 MiB, at most 31 MiB
 * @param maxCalls of this member that are under way at a time; default 2,048, at most 4,096
 * @param maxHandlers of this member that run at a time; default 1,024. A call beyond is answered OVERLOADED
 * @param maxDepth how deep calls may nest (A calls B calls A …); default 16
 * @param handlersInPlace whether a handler that was quick many times in a row (50 us) is run by the mesh's own thread, which
 *     saves waking another; default true. If it takes long all the same, another thread does the mesh's work after a
 *     millisecond or two. False if handlers rely on threads of their own
 * @param mapper makes JSON; must be the same in all members. The default knows records, generics and {@code Optional}
 */
public record RpcOptions(
        Duration deadline,
        int maxBytes,
        int maxCalls,
        int maxHandlers,
        int maxDepth,
        boolean handlersInPlace,
        ObjectMapper mapper) {
    private static final int MOST_BYTES = 31 << 20;
    private static final int MOST_CALLS = 4_096;

    /** 5 s, 16 MiB, 2,048 calls, 1,024 handlers, 16 deep. */
    public static final RpcOptions DEFAULT =
            new RpcOptions(Duration.ofSeconds(5), 16 << 20, 2_048, 1_024, 16, true, Json.defaultMapper());

    public RpcOptions {
        between("maxBytes", maxBytes, MOST_BYTES);
        between("maxCalls", maxCalls, MOST_CALLS);
        between("maxHandlers", maxHandlers, Integer.MAX_VALUE);
        between("maxDepth", maxDepth, Byte.MAX_VALUE);
        if (deadline.isNegative() || deadline.isZero()) {
            throw new RpcException(RpcCode.LIMIT_EXCEEDED, "a deadline of " + deadline + "; give a positive one");
        }
    }

    private static void between(String name, int value, int most) {
        if (value < 1 || value > most) {
            throw new RpcException(RpcCode.LIMIT_EXCEEDED, name + " is " + value + ", allowed are 1 to " + most);
        }
    }

    public RpcOptions withDeadline(Duration deadline) {
        return new RpcOptions(deadline, maxBytes, maxCalls, maxHandlers, maxDepth, handlersInPlace, mapper);
    }

    public RpcOptions withMaxBytes(int maxBytes) {
        return new RpcOptions(deadline, maxBytes, maxCalls, maxHandlers, maxDepth, handlersInPlace, mapper);
    }

    public RpcOptions withMaxCalls(int maxCalls) {
        return new RpcOptions(deadline, maxBytes, maxCalls, maxHandlers, maxDepth, handlersInPlace, mapper);
    }

    public RpcOptions withMaxHandlers(int maxHandlers) {
        return new RpcOptions(deadline, maxBytes, maxCalls, maxHandlers, maxDepth, handlersInPlace, mapper);
    }

    public RpcOptions withMaxDepth(int maxDepth) {
        return new RpcOptions(deadline, maxBytes, maxCalls, maxHandlers, maxDepth, handlersInPlace, mapper);
    }

    public RpcOptions withHandlersInPlace(boolean handlersInPlace) {
        return new RpcOptions(deadline, maxBytes, maxCalls, maxHandlers, maxDepth, handlersInPlace, mapper);
    }

    public RpcOptions withMapper(ObjectMapper mapper) {
        return new RpcOptions(deadline, maxBytes, maxCalls, maxHandlers, maxDepth, handlersInPlace, mapper);
    }
}
