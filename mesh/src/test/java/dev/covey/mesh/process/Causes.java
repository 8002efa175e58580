package dev.covey.mesh.process;

import dev.covey.mesh.Change;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** What an observer was told of each object, and why: for few changes. */
final class Causes {
    private final Map<String, List<String>> told = new ConcurrentHashMap<>();

    Consumer<Change> of(String object) {
        List<String> changes = told.computeIfAbsent(object, unused -> new CopyOnWriteArrayList<>());
        return change -> changes.add(
                change.cause() + "-" + change.revision() + "-from-" + change.before() + "-to-" + change.after());
    }

    /** {@code causes CAUSE-REVISION-from-BEFORE-to-AFTER …}. */
    String report(String object) {
        return "causes " + String.join(" ", told.getOrDefault(object, List.of()));
    }
}
