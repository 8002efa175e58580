package dev.covey.mesh.core;

import dev.covey.mesh.protocol.Command;
import dev.covey.mesh.protocol.Command.Change;
import dev.covey.mesh.protocol.Command.Delete;
import dev.covey.mesh.protocol.Command.Initialize;
import dev.covey.mesh.protocol.Command.Place;
import dev.covey.mesh.protocol.Command.Withdraw;
import dev.covey.patch.Patch;
import dev.covey.patch.Path;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;

/** What applications ask for: every patch that changes something also pushes its ticket to the list {@code /ids}. */
final class Workload {
    private static final int OBJECTS = 3;
    private static final long STALE_MICROS = 5_000;

    private Workload() {}

    static Command next(SplittableRandom random, boolean rivals, SimulatedMember member, long ticket) {
        String object = "o" + random.nextInt(OBJECTS);
        long created = member.createdMicros();
        State state = member.core().state();
        int kind = random.nextInt(16);
        if (rivals && random.nextInt(4) > 0) {
            return Rivalry.next(random, state, member.core().number(), created, ticket);
        }
        if (kind == 0) {
            return new Initialize(object, Patch.set("/n", 0), created);
        } else if (kind == 1) {
            return new Change(object, Patch.unset("/nothing"), created, Command.ANY_REVISION);
        } else if (kind == 13) {
            String path = "/places/" + random.nextInt(3);
            return new Place(object, Path.parse(path), Patch.set(path, "ticket " + ticket));
        } else if (kind == 14) {
            return withdrawal(state, member.core().number(), object, created);
        }
        Patch patch = patch(random, kind).and(Patch.push("/ids", ticket));
        long ifRevision = kind == 2 ? state.object(object).revision() - random.nextInt(2) : Command.ANY_REVISION;
        boolean stale = random.nextInt(6) == 0;
        long when = stale ? created - STALE_MICROS - random.nextInt((int) STALE_MICROS) : created;
        return new Change(object, patch, when, Math.max(Command.ANY_REVISION, ifRevision));
    }

    /** Takes back a place; who has none deletes something. */
    private static Command withdrawal(State state, long member, String object, long created) {
        List<PlaceId> own = state.holdings().placesOf(member);
        if (own.isEmpty()) {
            return new Delete(object, created, Command.ANY_REVISION, Command.NO_PERMIT);
        }
        PlaceId place = own.get(0);
        Hold hold = Objects.requireNonNull(state.holdings().places().get(place));
        return new Withdraw(place.object(), place.path(), hold.position());
    }

    private static Patch patch(SplittableRandom random, int kind) {
        return switch (kind) {
            case 2, 3, 4 -> Patch.inc("/n", random.nextInt(-9, 10));
            case 5, 6 -> Patch.set("/a/" + random.nextInt(3), random.nextInt(100));
            case 7 -> Patch.unset("/a/" + random.nextInt(3));
            case 8 -> Patch.push("/list", random.nextInt(100));
            case 9 -> Patch.jsonPatch("[{\"op\":\"test\",\"path\":\"/n\",\"value\":" + random.nextInt(5) + "}]");
            case 10 -> Patch.set("/a", random.nextInt(100));
            case 12 -> random.nextBoolean() ? Patch.unset("/places") : Patch.set("/places/1", random.nextInt(100));
            default -> Patch.set("/b", random.nextInt(100));
        };
    }
}
