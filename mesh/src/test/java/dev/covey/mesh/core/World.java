package dev.covey.mesh.core;

import dev.covey.mesh.core.Tally.Event;
import dev.covey.mesh.protocol.Command;
import dev.covey.mesh.protocol.Envelope;
import dev.covey.mesh.protocol.Token;
import java.util.ArrayDeque;
import java.util.ArrayList;
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
    private static final int STORM_STEPS = 1_200;
    /** Now and then nobody does anything for a while, and permits expire. */
    private static final int LEAP_MICROS = 60_000;

    private static final int MOST_PROCESSES = 18;
    private static final int MOST_TICKETS = 120;
    private static final int TRACE_STEPS = 80;

    final Mutant mutant;
    final Tally tally = new Tally();
    final Machine machine;
    final SimulatedNetwork network = new SimulatedNetwork();
    final Ledger ledger = new Ledger();
    final SplittableRandom random;
    private final boolean traced;
    private final ArrayDeque<String> trace = new ArrayDeque<>();
    final List<SimulatedMember> living = new ArrayList<>();
    private final Map<Token, SimulatedMember> byToken = new TreeMap<>();
    private final Map<Long, SimulatedMember> takers = new TreeMap<>();
    private final int size;
    /** Whether most of what is asked for is what only so many can have. */
    private final boolean rivals;

    private int processes;
    long step;
    long clock = 1_000_000;
    long ticket = 1;

    World(long seed, Mutant mutant, boolean traced) {
        this.random = new SplittableRandom(seed);
        this.mutant = mutant;
        this.traced = traced;
        this.machine = new Machine(random.nextBoolean(), mutant, ledger, tally);
        this.size = random.nextInt(2, 7);
        this.rivals = random.nextBoolean();
    }

    void run() {
        for (step = 0; step < STORM_STEPS; step++) {
            clock += random.nextInt(100) == 0 ? random.nextInt(LEAP_MICROS) : random.nextInt(40);
            if (!accident()) {
                turn();
            }
            bidFarewell();
        }
        new Peace(this).come();
    }

    /** The last one out removes the mesh directory: nobody else holds a lock in it. */
    void bidFarewell() {
        boolean left = living.removeIf(SimulatedMember::isGone);
        if (left && living.isEmpty() && machine.isOpen() && !machine.saysFailed()) {
            note(() -> "the last one has left");
            machine.wipe();
            tally.count(Event.LAST_ONE_LEFT);
        }
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
            SimulatedMember old = takers.get(take.epoch());
            if (old != null && living.contains(old) && old != member) {
                tally.count(isAsleep(old) ? Event.FROZEN_HOST_DEPOSED : Event.FALSELY_SUSPECTED_HOST_DEPOSED);
            }
            if (machine.isFull()) {
                tally.count(Event.HOST_CHANGED_ON_A_FULL_DISK);
            }
            if (!machine.journal.hasBegun(take.epoch())) {
                tally.count(Event.TAKE_OVER_DURING_TAKE_OVER);
            }
        }
    }

    private SimulatedCell cell() {
        return machine.cell();
    }

    /** Who has the cell; null if that one never told, or is of another life. */
    @Nullable
    SimulatedMember host() {
        return takers.get(cell().epoch());
    }

    boolean hasUncommitted(long epoch) {
        return machine.journal.written(epoch, cell().position() + 1) != null;
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
            note(() -> victim + " takes a snapshot");
            victim.recorder.begin();
        } else if (chance < 37) {
            disaster(random.nextInt(15));
        } else if (chance < 38) {
            mistake(random.nextInt(6));
        } else if (chance < 39) {
            note(() -> victim + " wants to leave");
            victim.tick();
            victim.submit(new Command.Leave());
        } else {
            return false;
        }
        return true;
    }

    /** What happens to all at once. */
    private void disaster(int kind) {
        if (kind < 3) {
            note(() -> "the power fails: " + machine);
            tally.count(Event.POWER_CUT);
            List.copyOf(living).forEach(this::bury);
            machine.cutPower(random);
        } else if (kind < 6 && machine.isOpen() && !machine.hasFailedForce()) {
            note(() -> "somebody wipes the mesh directory: " + machine);
            tally.count(Event.WIPED);
            machine.wipe();
        } else if (kind < 9 && !machine.isFull()) {
            note(() -> "the disk is full");
            tally.count(Event.DISK_FULL);
            machine.fill();
        } else if (kind < 11) {
            machine.makeRoom();
        } else if (machine.journal.forces()) {
            note(() -> "the next force fails");
            machine.failNextForce();
        }
    }

    /** What somebody does, or believes, who is wrong. */
    private void mistake(int kind) {
        if (kind < 2 && machine.isOpen() && !machine.hasFailedForce()) {
            note(() -> "another mesh claims the store from the living: " + machine);
            tally.count(Event.STORE_CLAIMED_FROM_THE_LIVING);
            machine.claimFromTheLiving();
        } else if (kind == 2) {
            note(() -> "somebody removes all seats");
            tally.count(Event.SEATS_REMOVED);
            living.forEach(member -> member.seated = false);
        }
    }

    /** Every other time the one who matters most. */
    private SimulatedMember victim() {
        SimulatedMember taker = host();
        return taker != null && living.contains(taker) && random.nextBoolean()
                ? taker
                : living.get(random.nextInt(living.size()));
    }

    void kill(SimulatedMember victim) {
        note(() -> victim + " is killed");
        if (host() == victim && !machine.journal.hasBegun(cell().epoch())) {
            tally.count(Event.KILLED_BETWEEN_TAKE_AND_BEGIN);
        }
        bury(victim);
        tally.count(Event.KILLED);
        if (living.isEmpty()) {
            tally.count(Event.ALL_DEAD);
        }
    }

    private void bury(SimulatedMember victim) {
        living.remove(victim);
        network.forget(victim);
    }

    /** A process starts: it joins the mesh that it finds, or brings one to life where nobody lives, step by step. */
    boolean start() {
        if (!machine.isOpen()) {
            if (!living.isEmpty()
                    && !machine.isClaimedFromTheLiving()
                    && mutant != Mutant.TAKES_A_STORE_THAT_IS_IN_USE) {
                tally.count(Event.STORE_IN_USE);
            } else if (random.nextInt(20) == 0) {
                note(() -> "who was bringing the mesh to life is killed");
                machine.giveUpBirth();
            } else {
                machine.bear();
                note(() -> "a mesh is being born: " + machine);
            }
            return true;
        }
        if (machine.saysFailed()) {
            if (!living.isEmpty()) {
                return true;
            }
            machine.forgetFailure();
            tally.count(Event.STARTED_AGAIN_AFTER_A_FAILED_FORCE);
        }
        State state = random.nextInt(3) == 0 || machine.hasLostPages()
                ? machine.journal.newestState(cell().position())
                : State.EMPTY;
        SimulatedMember member = new SimulatedMember(++processes, this, state, random.nextInt(-3000, 3000));
        living.add(member);
        note(() -> member + " starts");
        join(member);
        return true;
    }

    void join(SimulatedMember member) {
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
        if (member.asleepUntil > 0) {
            thaw(member);
        }
        member.tick();
        if (random.nextInt(8) == 0) {
            member.recorder.finish();
        }
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
            if (!machine.saysFull()) {
                deliver(member);
            }
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

    /** It goes on where it was, between any two things that it was about to do. */
    private void thaw(SimulatedMember member) {
        member.asleepUntil = 0;
        if (member.core().role() == Core.Role.HOST && host() != member) {
            tally.count(Event.THAWED_AFTER_BEING_DEPOSED);
            note(() -> member + " thaws and believes it is host");
        } else {
            tally.count(member.asked.isEmpty() ? Event.THAWED : Event.THAWED_BETWEEN_TWO_EFFECTS);
        }
    }

    private void read(SimulatedMember member) {
        boolean restored = random.nextInt(6) == 0 && member.restore();
        if (!restored) {
            member.read(1 + random.nextInt(12));
        }
    }

    private void deliver(SimulatedMember member) {
        Envelope stray = random.nextInt(8) == 0 ? network.stray() : null;
        if (stray != null) {
            tally.count(Event.STRAY_COMMAND);
            member.hear(stray);
        }
        for (int i = random.nextInt(3); i >= 0; i--) {
            Envelope envelope = network.poll(member, random.nextInt(64));
            if (envelope != null) {
                note(() -> member + " hears " + Words.of(envelope));
                member.hear(envelope);
            }
        }
    }

    private void ask(SimulatedMember member) {
        for (int i = random.nextInt(rivals ? 8 : 3); i >= 0 && member.mayAsk() && ticket < MOST_TICKETS; i--) {
            member.submit(Workload.next(random, rivals, member, ticket));
        }
    }

    private boolean isDead(Session session) {
        SimulatedMember process = byToken.get(session.token());
        return process == null || !living.contains(process);
    }

    private boolean seemsDead(Session session, boolean peaceful) {
        SimulatedMember process = byToken.get(session.token());
        if (process != null && !process.seated && mutant == Mutant.MISSING_IS_DEAD) {
            return true;
        }
        if (peaceful || process == null || isDead(session)) {
            return isDead(session);
        }
        return random.nextInt(isAsleep(process) ? 2 : 40) == 0;
    }

    /** The host looks who is dead; in the storm it errs now and then. */
    void bury(SimulatedMember member, boolean peaceful) {
        if (member.core().role() == Core.Role.HOST) {
            for (Session session : List.copyOf(member.core().state().sessions().values())) {
                if (seemsDead(session, peaceful)) {
                    tally.count(isDead(session) ? Event.BURIED : Event.BURIED_ALIVE);
                    member.core().died(session.number());
                }
            }
        }
    }

    private void suspect(SimulatedMember member) {
        SimulatedMember host = host();
        boolean silent = host == null || !living.contains(host) || isAsleep(host);
        if (random.nextInt(silent ? 2 : 60) == 0) {
            suspect(member, false);
        }
    }

    void suspect(SimulatedMember member, boolean peaceful) {
        if (machine.saysFailed()) {
            return;
        }
        NavigableSet<Long> dead = new TreeSet<>();
        for (Session session : member.core().state().sessions().values()) {
            if (session.number() != member.core().number() && seemsDead(session, peaceful)) {
                dead.add(session.number());
            }
        }
        note(() -> member + " suspects " + dead);
        member.core().suspected(dead);
    }
}
