package dev.covey.mesh;

import dev.covey.mesh.core.CommandId;
import dev.covey.mesh.core.State;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of commands that had no answer in their time, by id: the last {@link #MAX_KEPT} of this process, which it
 * hears of itself, and those of other processes as far as the replicated results reach.
 */
final class Outcomes {
    /** How many of this process can be asked for, and how many of others at once. */
    static final int MAX_KEPT = 1_024;

    private final Mesh mesh;
    private final Map<String, Answer> late = new LinkedHashMap<>();
    private final Set<Question> open = ConcurrentHashMap.newKeySet();

    Outcomes(Mesh mesh) {
        this.mesh = mesh;
    }

    /** Remembers where the end of a command will be told; returns the id to ask by. */
    synchronized OutcomeId keep(CommandId command, String object, Answer later) {
        OutcomeId id = new OutcomeId(command, object);
        late.put(id.text(), later);
        if (late.size() > MAX_KEPT) {
            late.remove(late.keySet().iterator().next());
        }
        return id;
    }

    private synchronized @Nullable Answer kept(String id) {
        return late.get(id);
    }

    /** A future of the caller's own: whatever is done to it, others who ask get theirs. */
    CompletableFuture<Revision> ask(String id) {
        Answer own = kept(id);
        if (own != null) {
            return own.thenApply(Function.identity());
        }
        Optional<OutcomeId> parsed = OutcomeId.parse(id);
        if (parsed.isEmpty()) {
            return failed(
                    MeshCode.UNKNOWN_OUTCOME,
                    "no command is called \"" + id + "\"; ask with what outcome() of the exception says");
        }
        if (open.size() >= MAX_KEPT) {
            return failed(
                    MeshCode.LIMIT_EXCEEDED,
                    MAX_KEPT
                            + " questions for outcomes are open, which is the limit; wait for answers before asking more");
        }
        return ask(new Question(mesh, parsed.get()));
    }

    private CompletableFuture<Revision> ask(Question question) {
        open.add(question);
        if (question.look(mesh.state())) {
            open.remove(question);
        }
        MeshException ended = mesh.endedWith();
        if (ended != null) {
            question.ended(ended);
        }
        return question.answer();
    }

    private CompletableFuture<Revision> failed(MeshCode code, String sentence) {
        return CompletableFuture.failedFuture(new MeshException(code, "mesh " + mesh.name() + ": " + sentence));
    }

    /** Agent's thread, after each record. */
    void look(State state) {
        if (!open.isEmpty()) {
            open.removeIf(question -> question.look(state));
        }
    }

    /** Nobody will hear of anything any more. */
    void ended(MeshException why) {
        open.forEach(question -> question.ended(why));
        open.clear();
    }
}
