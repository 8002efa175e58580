package dev.covey.mesh;

import com.fasterxml.jackson.databind.JsonNode;
import dev.covey.mesh.core.ObjectState;
import dev.covey.mesh.core.State;
import dev.covey.patch.Patch;
import dev.covey.patch.Resolution;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Small patches and patterns over few names, so that they meet often. */
final class RandomPatches {
    private static final List<String> NAMES = List.of("a", "b", "0", "1", "2");
    private static final Member SOMEBODY = new Member(1, "somebody", 0, List.of(), Instant.EPOCH, Map.of());

    private RandomPatches() {}

    static String pattern(SplittableRandom random) {
        StringBuilder pattern = new StringBuilder();
        for (int i = random.nextInt(5); i > 0; i--) {
            int kind = random.nextInt(10);
            pattern.append('/').append(kind < 2 ? "*" : kind < 4 ? "**" : name(random));
        }
        return pattern.toString();
    }

    private static String name(SplittableRandom random) {
        return NAMES.get(random.nextInt(NAMES.size()));
    }

    private static String path(SplittableRandom random) {
        StringBuilder path = new StringBuilder();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            path.append('/').append(name(random));
        }
        return path.toString();
    }

    static Patch patch(SplittableRandom random) {
        Patch patch = one(random);
        return random.nextInt(3) == 0 ? patch.and(one(random)) : patch;
    }

    private static Patch one(SplittableRandom random) {
        String path = path(random);
        return switch (random.nextInt(7)) {
            case 0 -> Patch.unset(path);
            case 1 -> Patch.set(path, List.of(random.nextInt(3), Map.of("a", random.nextInt(3)), List.of(1, 2)));
            case 2 -> Patch.set(path, Map.of("a", random.nextInt(3), "b", Map.of("a", 1, "0", List.of(1))));
            case 3 -> Patch.push(path, random.nextInt(3));
            case 4 -> Patch.popFirst(path);
            case 5 -> Patch.pull(path, 1);
            default -> Patch.set(path, random.nextInt(3));
        };
    }

    /** What an observer is told of a change, guided by its operations or as if several revisions had been folded. */
    static List<String> places(PathPattern pattern, Resolution change, boolean guided) {
        ObjectState before = state(1, change.before());
        ObjectState after = state(2, change.after());
        Advance advance = guided
                ? Advance.patch(before, after, SOMEBODY, change.operations())
                : Advance.jump(before, after, SOMEBODY, Change.Cause.SNAPSHOT);
        List<String> places = new ArrayList<>();
        new Expansion(pattern, advance, told -> places.add(told.path())).run();
        return places;
    }

    private static ObjectState state(long revision, JsonNode value) {
        return State.EMPTY.adopting("o", revision, value, 0, false).object("o");
    }
}
