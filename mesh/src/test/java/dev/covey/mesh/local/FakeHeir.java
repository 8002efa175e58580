package dev.covey.mesh.local;

import dev.covey.mesh.protocol.Wire;
import java.util.ArrayList;
import java.util.List;

/** Writes down what it is asked to carry, and fails or does something else meanwhile if the test wants. */
final class FakeHeir implements Heir {
    static final int VERSION = Wire.VERSION;

    final List<String> asked = new ArrayList<>();
    Runnable duringCheck = () -> {};
    Runnable duringCarry = () -> {};

    @Override
    public String givingUp(MeshDirectory directory) {
        return "Mesh.remove(\"" + directory.name() + "\")";
    }

    @Override
    public void check(Estate estate) {
        asked.add("check " + describe(estate));
        duringCheck.run();
    }

    @Override
    public void carry(Estate estate) {
        asked.add("carry " + describe(estate));
        duringCarry.run();
    }

    private static String describe(Estate estate) {
        return estate.directory().name() + " to " + Long.toHexString(estate.cell());
    }
}
