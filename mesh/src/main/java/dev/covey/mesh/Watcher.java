package dev.covey.mesh;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import dev.covey.mesh.Change.Cause;
import dev.covey.mesh.core.ObjectState;
import dev.covey.patch.Path;
import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** One observer: a path, and where its changes wait. */
final class Watcher {
    private final Path path;
    private final JsonPointer pointer;
    private final Mailbox<Change> mailbox;

    Watcher(String object, Path path, Executor executor, Consumer<Change> listener) {
        this.path = path;
        this.pointer = JsonPointer.compile(path.toString());
        this.mailbox = new Mailbox<>("the observer of " + object + " at " + path, executor, listener, Watcher::fold);
    }

    Path path() {
        return path;
    }

    /** Agent's thread: tells of the difference at this path, if there is one. */
    @SuppressWarnings("ReferenceEquality") // unchanged subtrees are the same reference: the quick answer for most
    void look(ObjectState before, ObjectState after, Member by, Cause cause) {
        JsonNode was = before.value().at(pointer);
        JsonNode is = after.value().at(pointer);
        if (was != is && !was.equals(is)) {
            mailbox.deliver(new Change(
                    after.id(), path.toString(), was, is, after.revision(), by, instant(after.timeMicros()), cause));
        }
    }

    static Instant instant(long micros) {
        return Instant.EPOCH.plusNanos(TimeUnit.MICROSECONDS.toNanos(micros));
    }

    /** What an observer that does not keep up gets: one change from the oldest to the newest. */
    private static Change fold(Change first, Change last) {
        return new Change(
                last.object(),
                last.path(),
                first.before(),
                last.after(),
                last.revision(),
                last.by(),
                last.time(),
                Cause.SNAPSHOT);
    }

    Mailbox<Change> mailbox() {
        return mailbox;
    }
}
