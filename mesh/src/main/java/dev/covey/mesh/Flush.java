package dev.covey.mesh;

import dev.covey.mesh.core.ObjectState;
import dev.covey.store.ObjectStore;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.pcollections.OrderedPSet;

/** Waits until what was asked for has its answer, and until the revision files have what was seen. */
final class Flush {
    private final Collection<SharedObject> objects;
    private final long start = System.nanoTime();
    private final Duration timeout;

    Flush(Collection<SharedObject> objects, Duration timeout) {
        this.objects = objects;
        this.timeout = timeout;
    }

    void run(Optional<ObjectStore> store) {
        awaitAnswers();
        store.ifPresent(this::awaitFiles);
    }

    private void awaitAnswers() {
        Map<SharedObject, OrderedPSet<ObjectCopy.Pending>> asked = new HashMap<>();
        objects.forEach(object -> asked.put(object, object.copy().pending()));
        asked.forEach((object, pending) -> History.awaitUntil(
                () -> object.copy().pending().stream().noneMatch(pending::contains),
                left(),
                () -> object.id() + ": not every patch was answered"));
    }

    private void awaitFiles(ObjectStore store) {
        for (SharedObject object : objects) {
            ObjectState seen = object.copy().committed();
            History.awaitUntil(() -> History.reaches(store, seen), left(), () -> History.behind(store, seen));
        }
    }

    private Duration left() {
        Duration left = timeout.minusNanos(System.nanoTime() - start);
        return left.isNegative() ? Duration.ZERO : left;
    }
}
