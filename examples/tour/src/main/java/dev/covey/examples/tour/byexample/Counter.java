package dev.covey.examples.tour.byexample;

import dev.covey.mesh.Mesh;
import java.io.PrintStream;

/** Numbers that are given out once, by a function that reads, decides and writes. */
public final class Counter {
    private Counter() {}

    /** Start it several times at once; argument: the mesh's name. */
    public static void main(String[] arguments) {
        try (Mesh mesh = Mesh.join(arguments.length == 0 ? "tour" : arguments[0])) {
            draw(mesh, System.out);
        }
    }

    /** The function runs again if another process was faster, so it looks at its argument and at nothing else. */
    static int draw(Mesh mesh, PrintStream out) {
        int number = mesh.scoped("tickets", tickets -> {
                    int next = tickets.path("next").asInt(100);
                    tickets.put("next", next + 1);
                    return next;
                })
                .join();
        out.println(mesh.self().name() + " drew number " + number);
        return number;
    }
}
