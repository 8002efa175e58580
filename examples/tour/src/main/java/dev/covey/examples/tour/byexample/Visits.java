package dev.covey.examples.tour.byexample;

import dev.covey.mesh.Mesh;
import dev.covey.mesh.Revision;
import dev.covey.mesh.SharedObject;
import dev.covey.patch.Patch;
import java.io.PrintStream;

/** Processes that count themselves and see each other do it. */
public final class Visits {
    private Visits() {}

    /** Start it several times; argument: the mesh's name. */
    public static void main(String[] arguments) {
        try (Mesh mesh = Mesh.join(arguments.length == 0 ? "tour" : arguments[0])) {
            visit(mesh, System.out);
        }
    }

    static void visit(Mesh mesh, PrintStream out) {
        SharedObject visits = mesh.object("visits");
        visits.observe("/by/*", change -> out.println(change.path() + " was here " + change.after() + " times"));
        Patch patch = Patch.inc("/count", 1).and(Patch.inc("/by/" + mesh.self().name(), 1));
        Revision revision = visits.patch(patch).join();
        out.println("visit " + visits.value().get("count") + " is revision " + revision.number());
    }
}
