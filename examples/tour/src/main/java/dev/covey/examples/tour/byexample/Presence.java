package dev.covey.examples.tour.byexample;

import dev.covey.mesh.Ephemeral;
import dev.covey.mesh.Member;
import dev.covey.mesh.Mesh;
import dev.covey.mesh.ObserveOptions;
import java.io.PrintStream;
import java.util.Map;

/** Who is here and what it does, gone by itself with the process that said so. */
public final class Presence {
    private Presence() {}

    /** Start it several times, and kill some with {@code kill -9}; argument: the mesh's name. */
    public static void main(String[] arguments) throws InterruptedException {
        try (Mesh mesh = Mesh.join(arguments.length == 0 ? "tour" : arguments[0])) {
            watch(mesh, System.out);
            appear(mesh, "waiting");
            Thread.sleep(60_000);
        }
    }

    static Ephemeral appear(Mesh mesh, String doing) {
        Member self = mesh.self();
        return mesh.object("presence")
                .ephemeral("/here/" + self.number(), Map.of("pid", self.pid(), "doing", doing))
                .join();
    }

    static void watch(Mesh mesh, PrintStream out) {
        mesh.object("presence").observe("/here/*", ObserveOptions.DEFAULT.withFromCurrent(true), change -> {
            String what = change.after().isMissingNode()
                    ? "is gone"
                    : "is " + change.after().at("/doing").asText();
            out.println(change.path() + " " + what);
        });
    }
}
