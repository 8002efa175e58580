package dev.covey.mesh.core;

import dev.covey.mesh.protocol.Command;
import dev.covey.mesh.protocol.Envelope;
import dev.covey.mesh.protocol.LogRecord;
import dev.covey.patch.Patch;
import dev.covey.store.Coverage;
import java.util.Comparator;
import java.util.List;

/** Nobody dies or sleeps any more, and everybody does all there is to do. */
final class Peace {
    private static final int PEACE_ROUNDS = 400;

    private final World world;

    Peace(World world) {
        this.world = world;
    }

    void come() {
        world.step++;
        world.machine.makeRoom();
        world.living.forEach(member -> member.asleepUntil = 0);
        rest();
        world.living.forEach(member -> {
            member.tick();
            member.submit(new Command.Change("o0", Patch.push("/ids", world.ticket), member.createdMicros(), -1));
        });
        rest();
        world.living.forEach(member -> world.ledger.identical(member.core().state()));
        rereads();
    }

    private void rest() {
        for (int round = 0; round < PEACE_ROUNDS; round++) {
            world.step++;
            world.clock += 10;
            world.bidFarewell();
            if (world.machine.saysFailed()) {
                List.copyOf(world.living).forEach(world::kill);
            }
            if (world.living.isEmpty()) {
                world.start();
            }
            List.copyOf(world.living).forEach(this::work);
            if (!world.living.isEmpty() && world.living.stream().allMatch(this::rests)) {
                return;
            }
            replaceHost();
        }
        throw new Violation("no rest: " + world.living + " at cell " + cell().epoch() + "/" + cell().position());
    }

    private boolean rests(SimulatedMember member) {
        return member.isIdle()
                && !member.isGone()
                && member.core().number() != 0
                && member.core().uncommitted() == 0
                && member.hasApplied(cell().position())
                && !world.ledger.hasOpen(member.id)
                && member.core().state().sessions().size() == world.living.size();
    }

    private void work(SimulatedMember member) {
        member.tick();
        while (!member.isIdle()) {
            if (member.news.isEmpty()) {
                member.doOldest();
            } else {
                member.hearOldest();
            }
        }
        member.look();
        if (member.isGone()) {
            return;
        }
        member.recorder.finish();
        member.read(Integer.MAX_VALUE);
        if (member.needsJoin()) {
            world.join(member);
        }
        if (!member.isConnected()) {
            member.connect();
        }
        for (Envelope envelope = world.network.poll(member, 0);
                envelope != null;
                envelope = world.network.poll(member, 0)) {
            member.hear(envelope);
        }
        world.bury(member, true);
        member.core().flush();
    }

    private void replaceHost() {
        SimulatedMember host = world.host();
        boolean serves = host != null
                && world.living.contains(host)
                && !host.isGone()
                && (host.core().role() == Core.Role.HOST || host.core().role() == Core.Role.SUCCEEDING);
        boolean underway = world.living.stream().anyMatch(member -> !member.isIdle());
        if (!serves && !underway) {
            world.living.stream()
                    .filter(member -> !member.isGone())
                    .min(Comparator.comparingLong(Peace::turnOf))
                    .ifPresent(next -> world.suspect(next, true));
        }
    }

    /** A stranger that comes now and reads the whole journal sees what was committed, all of it. */
    private void rereads() {
        Coverage listing = world.machine.journal.list();
        State snapshot = world.machine.journal.newestState(cell().position());
        world.ledger.identical(snapshot);
        for (long position = snapshot.position() + 1; position <= cell().position(); position++) {
            LogRecord record = world.machine.journal.read(listing, position);
            Violation.unless(world.ledger.at(position).equals(record), () -> "a stranger reads " + record);
        }
        Violation.unless(world.ledger.position() == cell().position(), "the cell forgot something");
        world.ledger.checkTold();
    }

    private static long turnOf(SimulatedMember member) {
        return member.core().number() == 0 ? Long.MAX_VALUE : member.core().number();
    }

    private SimulatedCell cell() {
        return world.machine.cell();
    }
}
