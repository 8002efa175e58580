package dev.covey.mesh.core;

import dev.covey.mesh.core.Tally.Event;
import dev.covey.mesh.protocol.Command;
import dev.covey.mesh.protocol.Envelope;
import dev.covey.mesh.protocol.LogRecord;
import dev.covey.mesh.protocol.Token;
import dev.covey.patch.Limits;
import dev.covey.store.Coverage;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A whole machine with its processes, in which one thing happens at a time, chosen by a seed. First a storm of steps with
 * every accident there is, then peace, in which everybody must come to rest at the same state with every question answered.
 */
final class World {
    static final Token LIFE = new Token(5, 5);

    private static final int STORM_STEPS = 1_200;
    private static final int MOST_PROCESSES = 14;
    private static final int MOST_TICKETS = 120;
    private static final int PEACE_ROUNDS = 400;
    private static final int TRACE_STEPS = 60;

    final Mutant mutant;
    final Tally tally = new Tally();
    final SimulatedCell cell;
    final SimulatedJournal journal = new SimulatedJournal();
    final SimulatedNetwork network = new SimulatedNetwork();
    final Ledger ledger = new Ledger();
    private final SplittableRandom random;
    private final boolean traced;
    private final ArrayDeque<String> trace = new ArrayDeque<>();
    private final List<SimulatedMember> living = new ArrayList<>();
    private final Map<Token, SimulatedMember> byToken = new TreeMap<>();
    private final Map<Long, SimulatedMember> takers = new TreeMap<>();
    private final int size;
    private byte[] snapshot = StateEncoder.encode(State.EMPTY);
    private int processes;
    private long step;
    long clock = 1_000_000;
    long ticket = 1;

    World(long seed, Mutant mutant, boolean traced) {
        this.random = new SplittableRandom(seed);
        this.mutant = mutant;
        this.traced = traced;
        this.cell = mutant.cell();
        this.size = random.nextInt(2, 7);
    }

    void run() {
        for (step = 0; step < STORM_STEPS; step++) {
            clock += random.nextInt(40);
            if (!accident()) {
                turn();
            }
            living.removeIf(SimulatedMember::isGone);
        }
        new Peace().come();
    }

    String trace() {
        return String.join(System.lineSeparator(), trace);
    }

    private void note(Supplier<String> what) {
        if (traced) {
            trace.add(step + ": " + what.get());
            if (trace.size() > TRACE_STEPS) {
                trace.remove();
            }
        }
    }

    @Nullable
    SimulatedMember takerOf(long epoch) {
        return takers.get(epoch);
    }

    void taken(SimulatedMember member, Ask.Take take) {
        takers.put(take.epoch() + 1, member);
        if (take.epoch() > 0) {
            tally.count(Event.TAKE_OVER);
            if (!journal.hasBegun(take.epoch())) {
                tally.count(Event.TAKE_OVER_DURING_TAKE_OVER);
            }
        }
    }

    boolean hasUncommitted(long epoch) {
        return journal.written(epoch, cell.position() + 1) != null;
    }

    private boolean isAsleep(SimulatedMember member) {
        return member.asleepUntil > step;
    }

    private boolean accident() {
        int chance = random.nextInt(1000);
        if (living.isEmpty() || (chance < 11 && living.size() < size && processes < MOST_PROCESSES)) {
            return start();
        }
        SimulatedMember victim = victim();
        if (chance < 13) {
            kill(victim);
        } else if (chance < 22) {
            note(() -> victim + " is frozen");
            victim.asleepUntil = step + 10 + random.nextInt(150);
            tally.count(Event.FROZEN);
        } else if (chance < 32) {
            note(() -> victim + " loses its connection");
            victim.drop();
            tally.count(Event.CONNECTION_DROPPED);
        } else if (chance < 36) {
            snapshot = StateEncoder.encode(victim.core().state());
        } else if (chance < 37) {
            note(() -> victim + " wants to leave");
            victim.tick();
            victim.submit(new Command.Leave());
        } else {
            return false;
        }
        return true;
    }

    /** Every other time the one who matters most. */
    private SimulatedMember victim() {
        SimulatedMember taker = takers.get(cell.epoch());
        return taker != null && living.contains(taker) && random.nextBoolean()
                ? taker
                : living.get(random.nextInt(living.size()));
    }

    private void kill(SimulatedMember victim) {
        note(() -> victim + " is killed");
        if (takers.get(cell.epoch()) == victim && !journal.hasBegun(cell.epoch())) {
            tally.count(Event.KILLED_BETWEEN_TAKE_AND_BEGIN);
        }
        living.remove(victim);
        network.forget(victim);
        tally.count(Event.KILLED);
        if (living.isEmpty()) {
            tally.count(Event.ALL_DEAD);
        }
    }

    private boolean start() {
        State state = random.nextInt(3) == 0 ? thaw() : State.EMPTY;
        SimulatedMember member = new SimulatedMember(++processes, this, state, random.nextInt(-3000, 3000));
        living.add(member);
        note(() -> member + " starts");
        join(member);
        return true;
    }

    private State thaw() {
        return StateDecoder.decode(ByteBuffer.wrap(snapshot), Limits.DEFAULT);
    }

    private void join(SimulatedMember member) {
        Token token = new Token(1, byToken.size() + 1L);
        byToken.put(token, member);
        member.tick();
        member.join(token);
    }

    private void turn() {
        SimulatedMember member = living.isEmpty() ? null : living.get(random.nextInt(living.size()));
        if (member == null || isAsleep(member)) {
            return;
        }
        member.tick();
        int choice = random.nextInt(100);
        note(() -> member + " " + choice + " asked " + member.asked + " news " + member.news.size());
        if (choice < 34) {
            for (int i = random.nextInt(8); i >= 0 && !member.asked.isEmpty(); i--) {
                member.doOldest();
            }
        } else if (choice < 50) {
            for (int i = random.nextInt(3); i >= 0 && !member.news.isEmpty(); i--) {
                member.hearOldest();
            }
        } else if (choice < 58) {
            member.look();
        } else if (choice < 70) {
            read(member);
        } else if (choice < 76) {
            if (!member.isConnected() || random.nextInt(12) == 0) {
                member.connect();
            }
        } else if (choice < 84) {
            deliver(member);
            member.core().flush();
        } else if (choice < 92) {
            ask(member);
        } else if (choice < 95) {
            bury(member, false);
        } else if (member.needsJoin()) {
            join(member);
        } else {
            suspect(member);
        }
    }

    private void read(SimulatedMember member) {
        boolean restored = random.nextInt(6) == 0 && member.restore(thaw());
        if (!restored) {
            member.read(1 + random.nextInt(12));
        }
    }

    private void deliver(SimulatedMember member) {
        for (int i = random.nextInt(3); i >= 0; i--) {
            Envelope envelope = network.poll(member, random.nextInt(64));
            if (envelope != null) {
                note(() -> member + " hears " + Words.of(envelope));
                member.hear(envelope);
            }
        }
    }

    private void ask(SimulatedMember member) {
        for (int i = random.nextInt(3); i >= 0 && member.mayAsk() && ticket < MOST_TICKETS; i--) {
            member.submit(Workload.next(random, member, ticket));
        }
    }

    private boolean isDead(Session session) {
        SimulatedMember process = byToken.get(session.token());
        return process == null || !living.contains(process);
    }

    private boolean seemsDead(Session session, boolean peaceful) {
        SimulatedMember process = byToken.get(session.token());
        if (peaceful || process == null || isDead(session)) {
            return isDead(session);
        }
        return random.nextInt(isAsleep(process) ? 2 : 40) == 0;
    }

    /** The host looks who is dead; in the storm it errs now and then. */
    private void bury(SimulatedMember member, boolean peaceful) {
        if (member.core().role() == Core.Role.HOST) {
            for (Session session : List.copyOf(member.core().state().sessions().values())) {
                if (seemsDead(session, peaceful)) {
                    member.core().died(session.number());
                }
            }
        }
    }

    private void suspect(SimulatedMember member) {
        SimulatedMember host = takers.get(cell.epoch());
        boolean silent = host == null || !living.contains(host) || isAsleep(host);
        if (random.nextInt(silent ? 2 : 60) == 0) {
            suspect(member, false);
        }
    }

    private void suspect(SimulatedMember member, boolean peaceful) {
        NavigableSet<Long> dead = new TreeSet<>();
        for (Session session : member.core().state().sessions().values()) {
            if (session.number() != member.core().number() && seemsDead(session, peaceful)) {
                dead.add(session.number());
            }
        }
        note(() -> member + " suspects " + dead);
        member.core().suspected(dead);
    }

    /** Nobody dies or sleeps any more, and everybody does all there is to do. */
    private final class Peace {
        void come() {
            step++;
            living.forEach(member -> member.asleepUntil = 0);
            rest();
            living.forEach(member -> {
                member.tick();
                member.submit(new Command.Change(
                        "o0", dev.covey.patch.Patch.push("/ids", ticket), member.createdMicros(), -1));
            });
            rest();
            living.forEach(member -> ledger.identical(member.core().state()));
            rereads();
        }

        private void rest() {
            for (int round = 0; round < PEACE_ROUNDS; round++) {
                step++;
                clock += 10;
                living.removeIf(SimulatedMember::isGone);
                if (living.isEmpty()) {
                    start();
                }
                List.copyOf(living).forEach(this::work);
                if (living.stream().allMatch(this::rests)) {
                    return;
                }
                replaceHost();
            }
            throw new Violation("no rest: " + living + " at cell " + cell.epoch() + "/" + cell.position());
        }

        private boolean rests(SimulatedMember member) {
            return member.isIdle()
                    && !member.isGone()
                    && member.core().number() != 0
                    && member.core().uncommitted() == 0
                    && member.hasApplied(cell.position())
                    && !ledger.hasOpen(member.id)
                    && member.core().state().sessions().size() == living.size();
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
            member.read(Integer.MAX_VALUE);
            if (member.needsJoin()) {
                join(member);
            }
            if (!member.isConnected()) {
                member.connect();
            }
            for (Envelope envelope = network.poll(member, 0); envelope != null; envelope = network.poll(member, 0)) {
                member.hear(envelope);
            }
            bury(member, true);
            member.core().flush();
        }

        private void replaceHost() {
            SimulatedMember host = takers.get(cell.epoch());
            boolean serves = host != null
                    && living.contains(host)
                    && !host.isGone()
                    && (host.core().role() == Core.Role.HOST || host.core().role() == Core.Role.SUCCEEDING);
            boolean underway = living.stream().anyMatch(member -> !member.isIdle());
            if (!serves && !underway) {
                living.stream()
                        .filter(member -> !member.isGone())
                        .min(Comparator.comparingLong(World::turnOf))
                        .ifPresent(next -> suspect(next, true));
            }
        }

        /** A stranger that comes now and reads the whole journal sees what was committed, all of it. */
        private void rereads() {
            Coverage listing = journal.list();
            for (long position = 1; position <= cell.position(); position++) {
                LogRecord record = journal.read(listing, position);
                Violation.unless(ledger.at(position).equals(record), "a stranger reads " + record);
            }
            Violation.unless(ledger.position() == cell.position(), "the cell forgot something");
        }
    }

    private static long turnOf(SimulatedMember member) {
        return member.core().number() == 0 ? Long.MAX_VALUE : member.core().number();
    }
}
