package dev.covey.examples.tour.byexample;

import dev.covey.mesh.Mesh;
import dev.covey.mesh.ObjectOptions;
import dev.covey.mesh.Revision;
import dev.covey.mesh.SharedObject;
import dev.covey.mesh.Writer;
import dev.covey.patch.Patch;
import java.io.PrintStream;
import java.time.Duration;

/** A book that many read and one at a time writes. */
public final class Ledger {
    private Ledger() {}

    /** Start it several times; argument: the mesh's name. */
    public static void main(String[] arguments) {
        try (Mesh mesh = Mesh.join(arguments.length == 0 ? "tour" : arguments[0])) {
            book(mesh, 10, System.out);
        }
    }

    static Revision book(Mesh mesh, int amount, PrintStream out) {
        SharedObject ledger = mesh.object("ledger", ObjectOptions.DEFAULT.withMaxWriters(1));
        try (Writer writer = ledger.writer(Duration.ofSeconds(10))) {
            Revision booked = writer.patch(Patch.inc("/balance", amount).and(Patch.push("/entries", amount)))
                    .join();
            out.println("the balance is " + ledger.value().get("balance") + ", written under permit " + writer.token());
            return booked;
        }
    }
}
