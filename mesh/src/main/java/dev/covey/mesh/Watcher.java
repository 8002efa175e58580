package dev.covey.mesh;

import com.fasterxml.jackson.databind.JsonNode;
import dev.covey.mesh.Change.Cause;
import dev.covey.patch.Path;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One observer: the places it means, and where the object's steps wait for it. */
final class Watcher {
    private final PathPattern pattern;
    private final @Nullable Path exact;
    private final Consumer<Change> listener;
    private final Mailbox<Advance> mailbox;
    private long told;

    Watcher(String object, PathPattern pattern, ObserveOptions options, Executor executor, Consumer<Change> listener) {
        this.pattern = pattern;
        this.exact = pattern.isExact() ? pattern.path() : null;
        this.listener = listener;
        String whose = "the observer of " + object + " at \"" + pattern.text() + "\"";
        this.mailbox = new Mailbox<>(whose, executor, this::tell, Advance::with, options.room());
    }

    PathPattern pattern() {
        return pattern;
    }

    /** Takes notice that everything up to that revision is known or told. */
    void begin(long revision) {
        told = revision;
    }

    /** The agent's thread, or whoever opens the observation, under the object's turn: one at a time. */
    void take(Advance advance) {
        if (advance.revision() <= told && advance.cause() != Cause.RESTORE) {
            return;
        }
        told = advance.revision();
        if (exact == null || !Places.same(Places.at(advance.before(), exact), Places.at(advance.after(), exact))) {
            mailbox.deliver(advance);
        }
    }

    /** The observer's thread. */
    private void tell(Advance advance) {
        Path place = exact;
        if (place == null) {
            new Expansion(pattern, advance, this::tell).run();
            return;
        }
        JsonNode was = Places.at(advance.before(), place);
        JsonNode is = Places.at(advance.after(), place);
        if (advance.isFolded() || !Places.same(was, is)) {
            tell(advance.at(pattern.text(), was, is));
        }
    }

    /** One that throws gets the next one all the same. */
    private void tell(Change change) {
        mailbox.guarded(listener, change);
    }

    Mailbox<Advance> mailbox() {
        return mailbox;
    }
}
