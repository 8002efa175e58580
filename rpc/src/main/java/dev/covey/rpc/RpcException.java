package dev.covey.rpc;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The one exception of calls. Its message is a sentence that ends with the code in brackets. What failed in another process
 * comes as text only: no class is ever made from what came over the wire.
 */
public final class RpcException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final RpcCode code;
    private final transient @Nullable RemoteFailure remote;

    public RpcException(RpcCode code, String sentence) {
        this(code, sentence, null, null);
    }

    RpcException(RpcCode code, String sentence, @Nullable Throwable cause) {
        this(code, sentence, cause, null);
    }

    RpcException(RpcCode code, String sentence, @Nullable Throwable cause, @Nullable RemoteFailure remote) {
        super(withCode(sentence, Objects.requireNonNull(code, "code")), cause);
        this.code = code;
        this.remote = remote;
    }

    /** A sentence that is told again, by another exception, has the code already. */
    private static String withCode(String sentence, RpcCode code) {
        String suffix = " [" + code + "]";
        return sentence.endsWith(suffix) ? sentence : sentence + suffix;
    }

    /** Why, as a word to compare with. */
    public RpcCode code() {
        return code;
    }

    /** What the other process said of it; empty if the call did not fail there. */
    public Optional<RemoteFailure> remote() {
        return Optional.ofNullable(remote);
    }
}
