package dev.covey.mesh;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The one exception of the mesh. Its message is a sentence that names the object, what was expected, what was found and
 * what to do, and ends with the code in brackets: {@code mesh name "Hello" holds 'H' …, use … [BAD_NAME]}.
 */
public final class MeshException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final MeshCode code;

    public MeshException(MeshCode code, String sentence) {
        this(code, sentence, null);
    }

    public MeshException(MeshCode code, String sentence, @Nullable Throwable cause) {
        super(sentence + " [" + Objects.requireNonNull(code, "code") + "]", cause);
        this.code = code;
    }

    /** Why, as a word to compare with. */
    public MeshCode code() {
        return code;
    }
}
