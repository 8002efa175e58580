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

    public MeshException(MeshCode code, String sentence) {
        this(code, sentence, null);
    }

    public MeshException(MeshCode code, String sentence, @Nullable Throwable cause) {
        this(code, sentence, cause, null);
    }

    MeshException(MeshCode code, String sentence, @Nullable Throwable cause, @Nullable Refused refused) {
        super(sentence + " [" + Objects.requireNonNull(code, "code") + "]", cause);
        this.code = code;
        this.refused = refused;
    }

    /** Why, as a word to compare with. */
    public MeshCode code() {
        return code;
    }

    /** The current value and who won, where a host refused a command; empty otherwise. */
    public Optional<Refused> refused() {
        return Optional.ofNullable(refused);
    }
}
