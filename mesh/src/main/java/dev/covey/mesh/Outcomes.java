package dev.covey.mesh;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** What becomes of commands that had no answer in their time: the last {@link #MAX_KEPT} of this process, by id. */
final class Outcomes {
    /** How many can be asked for. */
    static final int MAX_KEPT = 1_024;

    private final String mesh;
    private final Map<String, Answer> late = new LinkedHashMap<>();
    private long last;

    Outcomes(String mesh) {
        this.mesh = mesh;
    }

    /** Remembers where the end of a command will be told; returns the id to ask by. */
    synchronized String keep(Answer later) {
        String id = Long.toUnsignedString(ProcessHandle.current().pid()) + "-" + ++last;
        late.put(id, later);
        if (late.size() > MAX_KEPT) {
            late.remove(late.keySet().iterator().next());
        }
        return id;
    }

    /** A future of the caller's own: whatever is done to it, others who ask get theirs. */
    synchronized CompletableFuture<Revision> ask(String id) {
        Answer later = late.get(id);
        if (later == null) {
            return CompletableFuture.failedFuture(new MeshException(
                    MeshCode.UNKNOWN_OUTCOME,
                    "mesh " + mesh + ": no command \"" + id + "\" is waited for here; the last " + MAX_KEPT
                            + " that were late can be asked for, in the process that sent them"));
        }
        return later.thenApply(Function.identity());
    }
}
