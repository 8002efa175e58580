package dev.covey.mesh;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The one exception of the mesh. Its message is a sentence that names the object, what was expected, what was found and
 * what to do, and ends with the code in brackets: {@code mesh name "Hello" holds 'H' …, use … [BAD_NAME]}.
 */
public final class MeshException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final MeshCode code;
    private final transient @Nullable Refused refused;
    private final @Nullable String outcome;

    public MeshException(MeshCode code, String sentence) {
        this(code, sentence, null);
    }

    public MeshException(MeshCode code, String sentence, @Nullable Throwable cause) {
        this(code, sentence, cause, null, null);
    }

    MeshException(MeshCode code, String sentence, @Nullable Throwable cause, @Nullable Refused refused) {
        this(code, sentence, cause, refused, null);
    }

    private MeshException(
            MeshCode code,
            String sentence,
            @Nullable Throwable cause,
            @Nullable Refused refused,
            @Nullable String outcome) {
        super(withCode(sentence, Objects.requireNonNull(code, "code")), cause);
        this.code = code;
        this.refused = refused;
        this.outcome = outcome;
    }

    /** A sentence that is told again, by another exception, has the code already. */
    private static String withCode(String sentence, MeshCode code) {
        String suffix = " [" + code + "]";
        return sentence.endsWith(suffix) ? sentence : sentence + suffix;
    }

    /** What was sent and had no answer in its time. */
    static MeshException unknown(OutcomeId id, @Nullable Throwable cause) {
        String sentence = id.object() + ": no answer came in the time given for it; it may have happened or may still"
                + " happen, mesh.outcome(\"" + id.text() + "\") of any member tells when it is known";
        return new MeshException(MeshCode.UNKNOWN_OUTCOME, sentence, cause, null, id.text());
    }

    /** Why, as a word to compare with. */
    public MeshCode code() {
        return code;
    }

    /** The id by which {@link Mesh#outcome}, of any process, tells what became of a command that had no answer; else empty. */
    public Optional<String> outcome() {
        return Optional.ofNullable(outcome);
    }

    /** The current value and who won, where a host refused a command; empty otherwise. */
    public Optional<Refused> refused() {
        return Optional.ofNullable(refused);
    }
}
