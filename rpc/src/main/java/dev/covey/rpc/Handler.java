package dev.covey.rpc;

import org.jspecify.annotations.Nullable;

/** Answers calls of one name. */
@FunctionalInterface
public interface Handler {
    /**
     * One call, on a thread of its own or, once it is known to be quick, on the mesh's ({@link RpcOptions#handlersInPlace}); it
     * may wait on either. The thread is interrupted when the caller cancels or its deadline passes.
     *
     * @return what becomes JSON: any value, null, an {@code Optional}; a {@code CompletableFuture} is answered when it ends
     */
    @Nullable
    Object call(Arguments arguments) throws Exception;
}
