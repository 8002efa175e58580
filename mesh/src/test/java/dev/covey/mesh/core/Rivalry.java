package dev.covey.mesh.core;

import dev.covey.mesh.protocol.Command;
import dev.covey.mesh.protocol.Command.Change;
import dev.covey.mesh.protocol.Command.Guard;
import dev.covey.mesh.protocol.Command.QueueUp;
import dev.covey.mesh.protocol.Command.StepOut;
import dev.covey.mesh.protocol.LineId;
import dev.covey.patch.Patch;
import dev.covey.patch.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** What applications ask for that want what only so many can have. Part of the {@link Workload}. */
final class Rivalry {
    static final String GUARDED = "guarded";

    private static final LineId WRITERS = LineId.writers(GUARDED);
    private static final LineId SCOPE = LineId.scope("o0", Path.ROOT.child("a"));
    private static final int EXPIRY_MILLIS = 25;

    private Rivalry() {}

    static Command next(SplittableRandom random, State state, long member, long created, long ticket) {
        if (state.holdings().writers(GUARDED) == null) {
            return guard(random);
        }
        LineId line = random.nextInt(3) == 0 ? SCOPE : WRITERS;
        List<Permit> own = own(state.holdings().line(line), member);
        return switch (random.nextInt(6)) {
            case 0, 1, 2 -> random.nextInt(12) == 0 ? guard(random) : new QueueUp(line, random.nextInt(3) > 0);
            case 3 ->
                new StepOut(
                        line, own.isEmpty() ? random.nextInt(50) : own.get(0).request());
            default -> change(random, state, member, created, ticket);
        };
    }

    private static Command guard(SplittableRandom random) {
        return new Guard(GUARDED, 1 + random.nextInt(2), random.nextBoolean() ? 0 : EXPIRY_MILLIS);
    }

    private static Command change(SplittableRandom random, State state, long member, long created, long ticket) {
        List<Permit> own = own(state.holdings().line(WRITERS), member);
        long permit = own.isEmpty() ? random.nextInt(30) : own.get(0).request();
        return new Change(GUARDED, Patch.push("/ids", ticket), created, Command.ANY_REVISION, permit);
    }

    private static List<Permit> own(Line line, long member) {
        List<Permit> own = new ArrayList<>(line.holders().values());
        own.addAll(line.waiting().values());
        own.removeIf(permit -> !permit.isOf(member));
        return own;
    }
}
