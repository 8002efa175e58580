package dev.covey.mesh.process;

import com.fasterxml.jackson.databind.JsonNode;
import dev.covey.mesh.Mesh;
import dev.covey.mesh.ObjectOptions;
import java.util.Map;
import java.util.StringJoiner;

/** What the users of MemSync and Metaparticle do first. */
final class Drawing {
    private Drawing() {}

    /** Opens an object with defaults; returns what it is. */
    static JsonNode first(Mesh mesh, String object) {
        return mesh.object(object, ObjectOptions.DEFAULT.withInitial(Map.of("foo", 1)))
                .value();
    }

    /** Calls a function that counts, so many times; {@code drew N N …, RETRIES in vain}. */
    static String draw(Mesh mesh, String object, int times) {
        StringJoiner drawn = new StringJoiner(" ", "drew ", "");
        for (int i = 0; i < times; i++) {
            int number = mesh.scoped(object, scope -> {
                        int next = scope.path("calls").asInt() + 1;
                        scope.put("calls", next);
                        return next;
                    })
                    .join();
            drawn.add(Integer.toString(number));
        }
        return drawn + ", " + mesh.statistics().retries() + " in vain";
    }
}
