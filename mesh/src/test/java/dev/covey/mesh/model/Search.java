package dev.covey.mesh.model;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks at every state that a model can come to, the nearest first, so that what is found wrong is told in few steps. */
final class Search {
    /** A model that is larger is no small model. */
    private static final int MOST_STATES = 2_000_000;

    private Search() {}

    /** What may happen, one thing at a time. Its states are values. */
    interface Model<S> {
        S start();

        /** All that may happen in that state. */
        List<Step<S>> steps(S state);
    }

    /**
     * One thing that happens.
     *
     * @param what in words
     * @param wrong what must not be; null if all is well
     */
    record Step<S>(String what, S to, @Nullable String wrong) {
        Step(String what, S to) {
            this(what, to, null);
        }
    }

    /**
     * What was found.
     *
     * @param states how many there are
     * @param story the steps to what is wrong, in words; empty if nothing is
     */
    record Found(int states, List<String> story) {}

    private record Seen<S>(S state, @Nullable Seen<S> before, String by) {}

    static <S> Found in(Model<S> model) {
        Set<S> known = new HashSet<>(Set.of(model.start()));
        Deque<Seen<S>> waiting = new ArrayDeque<>(List.of(new Seen<>(model.start(), null, "")));
        while (!waiting.isEmpty()) {
            Seen<S> next = waiting.remove();
            for (Step<S> step : model.steps(next.state())) {
                if (step.wrong() != null) {
                    return new Found(known.size(), story(next, step));
                }
                if (known.add(step.to())) {
                    waiting.add(new Seen<>(step.to(), next, step.what()));
                }
            }
            if (known.size() > MOST_STATES) {
                throw new IllegalStateException("more than " + MOST_STATES + " states; make the model smaller");
            }
        }
        return new Found(known.size(), List.of());
    }

    private static <S> List<String> story(Seen<S> last, Step<S> step) {
        List<String> story = new ArrayList<>(List.of("WRONG: " + step.wrong(), step.what()));
        for (Seen<S> each = last; each != null && each.before() != null; each = each.before()) {
            story.add(each.by());
        }
        Collections.reverse(story);
        return story;
    }
}
