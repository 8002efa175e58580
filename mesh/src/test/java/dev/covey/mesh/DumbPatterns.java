package dev.covey.mesh;

import com.fasterxml.jackson.databind.JsonNode;
import dev.covey.mesh.PathPattern.Step;
import dev.covey.patch.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Matches patterns by looking at every place of both values; slow, and easy to believe. */
final class DumbPatterns {
    private DumbPatterns() {}

    static Set<String> differing(PathPattern pattern, JsonNode before, JsonNode after) {
        Set<String> places = new TreeSet<>();
        collect(Path.ROOT, before, after, places);
        places.removeIf(place -> !matches(pattern.steps(), Path.parse(place).steps()));
        return places;
    }

    private static void collect(Path path, JsonNode was, JsonNode is, Set<String> places) {
        if (was.equals(is)) {
            return;
        }
        places.add(path.toString());
        for (String step : Places.steps(was, is)) {
            collect(path.child(step), Places.child(was, step), Places.child(is, step), places);
        }
    }

    private static boolean matches(List<Step> steps, List<String> names) {
        if (steps.isEmpty()) {
            return names.isEmpty();
        }
        List<Step> rest = steps.subList(1, steps.size());
        return switch (steps.get(0).kind()) {
            case NAME ->
                !names.isEmpty()
                        && names.get(0).equals(steps.get(0).name())
                        && matches(rest, names.subList(1, names.size()));
            case ANY -> !names.isEmpty() && matches(rest, names.subList(1, names.size()));
            case DEEP -> matches(rest, names) || (!names.isEmpty() && matches(steps, names.subList(1, names.size())));
        };
    }
}
