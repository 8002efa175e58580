package dev.covey.mesh.agent;

import dev.covey.mesh.local.Heir;
import dev.covey.mesh.local.LifeId;
import dev.covey.mesh.local.MeshDirectory;
import dev.covey.mesh.local.StoreClaim;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** Claims a store whose members are dead, says when it has come to a step, and stands still there until it is killed. */
public final class StoppingClaimer implements Heir {
    private final String step;

    private StoppingClaimer(String step) {
        this.step = step;
    }

    /** Arguments: the base of mesh directories, the store, and where to stop. */
    public static void main(String[] arguments) {
        StoppingClaimer claimer = new StoppingClaimer(arguments[2]);
        StoreClaim.acquire(
                Path.of(arguments[1]),
                StoreClaim.Owner.of(LifeId.random(), MeshDirectory.open("killed", Path.of(arguments[0]))),
                claimer);
        claimer.at("claimed");
    }

    private void at(String here) {
        if (step.equals(here)) {
            System.out.println(here);
            try {
                System.in.read();
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
    }

    @Override
    public String givingUp(MeshDirectory directory) {
        return Carrying.INSTANCE.givingUp(directory);
    }

    @Override
    public void check(Estate estate) {
        Carrying.INSTANCE.check(estate);
        at("checked");
    }

    @Override
    public void carry(Estate estate) {
        at("closed");
        Carrying.INSTANCE.carry(estate);
        at("carried");
    }
}
