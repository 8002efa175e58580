package dev.covey.mesh.core;

import dev.covey.mesh.protocol.Command;
import dev.covey.mesh.protocol.Command.Change;
import dev.covey.mesh.protocol.Command.Initialize;
import dev.covey.patch.Patch;
import java.util.SplittableRandom;

/** What applications ask for: every patch that changes something also pushes its ticket to the list {@code /ids}. */
final class Workload {
    private static final int OBJECTS = 3;
    private static final long STALE_MICROS = 5_000;

    private Workload() {}

    static Command next(SplittableRandom random, SimulatedMember member, long ticket) {
        String object = "o" + random.nextInt(OBJECTS);
        long created = member.createdMicros();
        State state = member.core().state();
        int kind = random.nextInt(12);
        if (kind == 0) {
            return new Initialize(object, Patch.set("/n", 0), created);
        } else if (kind == 1) {
            return new Change(object, Patch.unset("/nothing"), created, Command.ANY_REVISION);
        }
        Patch patch = patch(random, kind).and(Patch.push("/ids", ticket));
        long ifRevision = kind == 2 ? state.object(object).revision() - random.nextInt(2) : Command.ANY_REVISION;
        boolean stale = random.nextInt(6) == 0;
        long when = stale ? created - STALE_MICROS - random.nextInt((int) STALE_MICROS) : created;
        return new Change(object, patch, when, Math.max(Command.ANY_REVISION, ifRevision));
    }

    private static Patch patch(SplittableRandom random, int kind) {
        return switch (kind) {
            case 2, 3, 4 -> Patch.inc("/n", random.nextInt(-9, 10));
            case 5, 6 -> Patch.set("/a/" + random.nextInt(3), random.nextInt(100));
            case 7 -> Patch.unset("/a/" + random.nextInt(3));
            case 8 -> Patch.push("/list", random.nextInt(100));
            case 9 -> Patch.jsonPatch("[{\"op\":\"test\",\"path\":\"/n\",\"value\":" + random.nextInt(5) + "}]");
            case 10 -> Patch.set("/a", random.nextInt(100));
            default -> Patch.set("/b", random.nextInt(100));
        };
    }
}
