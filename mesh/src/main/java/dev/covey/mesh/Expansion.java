package dev.covey.mesh;

import com.fasterxml.jackson.databind.JsonNode;
import dev.covey.mesh.PathPattern.Step;
import dev.covey.patch.ChangeSet;
import dev.covey.patch.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The places of one {@link Advance} that match a pattern and differ. On the observer's thread: a pattern with asterisks may
 * match a great many.
 *
 * <p>The operations of a patch lead the way, so that one changed member of a large object is found without looking at the
 * others. Where several revisions were folded only the two values are left to compare; what they share by reference costs
 * nothing.
 */
final class Expansion {
    private final List<Step> steps;
    private final Set<Path> told;
    private final boolean ambiguous;
    private final Advance advance;
    private final Consumer<Change> tell;

    Expansion(PathPattern pattern, Advance advance, Consumer<Change> tell) {
        this.steps = pattern.steps();
        this.ambiguous = pattern.isAmbiguous();
        this.told = new HashSet<>();
        this.advance = advance;
        this.tell = tell;
    }

    void run() {
        walk(0, Path.ROOT, advance.before(), advance.after(), leading(advance.changes()));
    }

    private void walk(int index, Path path, JsonNode was, JsonNode is, @Nullable ChangeSet guide) {
        if (Places.same(was, is)) {
            return;
        }
        if (index == steps.size()) {
            emit(path, was, is);
            return;
        }
        Step step = steps.get(index);
        switch (step.kind()) {
            case NAME -> walkChild(index + 1, path, step.name(), was, is, guide);
            case ANY -> ways(was, is, guide).forEach(way -> walkChild(index + 1, path, way, was, is, guide));
            case DEEP -> walkDeep(index, path, was, is, guide);
        }
    }

    private void walkDeep(int index, Path path, JsonNode was, JsonNode is, @Nullable ChangeSet guide) {
        if (index == steps.size() - 1) {
            deepest(path, was, is, guide);
        } else {
            walk(index + 1, path, was, is, guide);
            ways(was, is, guide).forEach(way -> walkChild(index, path, way, was, is, guide));
        }
    }

    private void walkChild(int index, Path path, String step, JsonNode was, JsonNode is, @Nullable ChangeSet guide) {
        ChangeSet next = guide == null ? null : child(guide, step);
        if (guide == null || next != null) {
            walk(index, path.child(step), Places.child(was, step), Places.child(is, step), leading(next));
        }
    }

    /** The deepest places that differ: what appeared, went, changed its kind or, of an array, its length. */
    private void deepest(Path path, JsonNode was, JsonNode is, @Nullable ChangeSet guide) {
        if (Places.same(was, is)) {
            return;
        }
        if (!Places.differFurtherDown(was, is)) {
            emit(path, was, is);
            return;
        }
        for (String way : ways(was, is, guide)) {
            ChangeSet next = guide == null ? null : child(guide, way);
            deepest(path.child(way), Places.child(was, way), Places.child(is, way), leading(next));
        }
    }

    private static Iterable<String> ways(JsonNode was, JsonNode is, @Nullable ChangeSet guide) {
        if (guide == null) {
            return Places.steps(was, is);
        }
        List<String> ways = new ArrayList<>();
        for (ChangeSet child : guide.children()) {
            ways.add(last(child.path()));
        }
        return ways;
    }

    /** A change set without children changed as a whole: from there on only the values tell. */
    private static @Nullable ChangeSet leading(@Nullable ChangeSet guide) {
        return guide == null || guide.children().isEmpty() ? null : guide;
    }

    private static @Nullable ChangeSet child(ChangeSet guide, String step) {
        for (ChangeSet child : guide.children()) {
            if (last(child.path()).equals(step)) {
                return child;
            }
        }
        return null;
    }

    private static String last(Path path) {
        return path.step(path.size() - 1);
    }

    private void emit(Path path, JsonNode was, JsonNode is) {
        if (!ambiguous || told.add(path)) {
            tell.accept(advance.at(path.toString(), was, is));
        }
    }
}
