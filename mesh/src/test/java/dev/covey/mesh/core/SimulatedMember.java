package dev.covey.mesh.core;

import dev.covey.mesh.core.SimulatedNetwork.Line;
import dev.covey.mesh.core.Tally.Event;
import dev.covey.mesh.protocol.Command;
import dev.covey.mesh.protocol.Command.Profile;
import dev.covey.mesh.protocol.Envelope;
import dev.covey.mesh.protocol.Fact;
import dev.covey.mesh.protocol.LogRecord;
import dev.covey.mesh.protocol.Refusal;
import dev.covey.mesh.protocol.Token;
import dev.covey.patch.Limits;
import dev.covey.store.Coverage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One process of a simulated mesh. It does nothing by itself: the world makes it take one step at a time. */
final class SimulatedMember extends Station {
    private static final CoreOptions OPTIONS = new CoreOptions(Limits.DEFAULT, 16);
    private static final int FAR_BEHIND = 20;
    private static final int SPARE_RECORDS = 10;

    final int id;
    private final World world;
    private final Core core;
    final SimulatedRecorder recorder;
    private final long skewMicros;
    private final Token life;
    private Coverage listing = Coverage.NONE;
    private @Nullable Line line;
    private long seenEpoch;
    private long seenPosition;
    private boolean farBehind;
    private boolean expelledOnce;
    private boolean gone;
    private boolean failed;
    private boolean leaving;
    private long created;
    private @Nullable LogRecord newest;
    long asleepUntil;
    /** Whether its seat is there, which somebody may remove (rule C6). */
    boolean seated = true;

    Token token = Token.NONE;

    SimulatedMember(int id, World world, State start, long skewMicros) {
        super(world.machine.cell(), world.machine.journal);
        this.id = id;
        this.world = world;
        this.life = world.machine.life();
        this.skewMicros = skewMicros;
        this.core = new Core(life, start, OPTIONS, this, world.mutant.office());
        this.recorder = new SimulatedRecorder(world, core, cell);
        this.seenEpoch = start.epoch();
        this.seenPosition = start.position();
    }

    @Override
    Core core() {
        return core;
    }

    boolean isGone() {
        return gone;
    }

    boolean needsJoin() {
        return !gone && token.equals(Token.NONE);
    }

    boolean isIdle() {
        return asked.isEmpty() && news.isEmpty();
    }

    boolean hasApplied(long position) {
        return core.state().position() == position;
    }

    private long now() {
        return world.clock + skewMicros;
    }

    void tick() {
        core.now(now());
    }

    void join(Token fresh) {
        token = fresh;
        core.join(fresh, new Profile("process " + id, "", "", List.of()));
    }

    /** Rule C5: the cell first, and only then, in another step, the segments. */
    void look() {
        seated |= world.mutant != Mutant.MISSING_IS_DEAD;
        if (!world.machine.isStill(cell)) {
            gone = true;
            world.network.forget(this);
            world.tally.count(Event.STOPPED_BY_A_WIPE);
            return;
        }
        if (core.role() == Core.Role.HOST) {
            world.machine.look();
        }
        seenEpoch = cell.epoch();
        seenPosition = cell.position();
        core.cell(seenEpoch, seenPosition);
        farBehind |= reads() && seenPosition - core.state().position() > FAR_BEHIND;
    }

    boolean reads() {
        return core.role() != Core.Role.HOST && core.role() != Core.Role.GONE;
    }

    void read(int atMost) {
        boolean knows = world.mutant == Mutant.KEEPS_LISTING
                && journal.read(listing, core.state().position() + 1) != null;
        if (world.mutant != Mutant.LISTS_FIRST && !knows) {
            listing = journal.list();
        }
        for (int i = 0; i < atMost && reads() && core.state().position() < seenPosition; i++) {
            LogRecord next = next();
            if (next != null) {
                core.record(next);
            }
        }
        if (world.mutant == Mutant.LISTS_FIRST) {
            listing = journal.list();
        }
        if (farBehind && core.state().position() == seenPosition) {
            farBehind = false;
            world.tally.count(Event.CATCH_UP);
        }
    }

    /** The next record; or null if its segment is gone, and this went on from a snapshot instead. */
    private @Nullable LogRecord next() {
        long position = core.state().position() + 1;
        LogRecord record =
                world.mutant == Mutant.NO_SEAL ? journal.readLowest(position) : journal.read(listing, position);
        if (record == null) {
            Violation.unless(
                    restore(journal.newestState(cell.position())),
                    () -> "process " + id + " finds no record at " + position);
            world.tally.count(Event.SEGMENT_GONE_UNDER_A_READER);
            return null;
        }
        if (journal.hasZombie(listing, position)) {
            world.tally.count(Event.ZOMBIE_RECORD_REFUSED);
        }
        return record;
    }

    /** Goes on from the newest snapshot, although it need not. */
    boolean restore() {
        return restore(journal.newestState(seenPosition));
    }

    private boolean restore(State snapshot) {
        if (!reads() || snapshot.position() <= core.state().position()) {
            return false;
        }
        core.restored(snapshot);
        world.tally.count(Event.RESTORED_FROM_SNAPSHOT);
        world.tally.count(Event.CATCH_UP);
        farBehind = false;
        return true;
    }

    boolean isConnected() {
        return world.network.holds(line) && line != null && line.epoch() == seenEpoch;
    }

    void connect() {
        Line fresh = world.network.connect(seenEpoch);
        if (fresh != null) {
            line = fresh;
            core.connected(seenEpoch);
        }
    }

    void drop() {
        if (line != null) {
            world.network.drop(line);
            line = null;
        }
    }

    /** Rule R5: a command that is meant for another host, or another life, leaves no trace. */
    void hear(Envelope envelope) {
        LogRecord before = newest;
        core.command(envelope);
        LogRecord after = newest;
        if (after != null && !after.equals(before)) {
            Violation.unless(
                    after.epoch() == envelope.epoch() && envelope.life().equals(life),
                    () -> "decided what was meant for another: " + Words.of(envelope));
        }
    }

    void submit(Command command) {
        if (!mayAsk() || world.machine.saysFailed()) {
            return;
        }
        long ticket = world.ticket;
        boolean refused = world.machine.saysFull() && command instanceof Command.Change;
        if (refused) {
            world.tally.count(Event.REFUSED_FOR_WANT_OF_ROOM);
            if (world.mutant != Mutant.SENDS_WHAT_IT_REFUSES) {
                return;
            }
        }
        leaving = command instanceof Command.Leave;
        world.ledger.submitted(ticket, id, command instanceof Command.Change);
        world.ticket++;
        core.submit(ticket, command);
        if (refused) {
            world.ledger.refusedBeforeSending(ticket);
        }
    }

    boolean mayAsk() {
        return core.accepts() && !leaving;
    }

    /** The hybrid clock: never the same time twice. */
    long createdMicros() {
        created = Math.max(created + 1, now());
        return created;
    }

    @Override
    long takenAt(Ask.Take take) {
        return world.mutant == Mutant.LAGGING ? core.state().position() : take.position();
    }

    /** Rule J5: there is a spare segment, with room for the first records of an epoch. */
    @Override
    boolean hasRoom(Ask.Append append) {
        boolean room =
                !world.machine.isFull() || journal.written(append.record().epoch()) < SPARE_RECORDS;
        if (!room) {
            world.machine.sayFull();
        }
        return room;
    }

    @Override
    boolean isForced(Ask.Force force) {
        if (failed) {
            return false;
        }
        if (world.mutant == Mutant.COMMITS_BEFORE_FORCE || super.isForced(force)) {
            return true;
        }
        world.tally.count(Event.FORCE_FAILED);
        if (world.mutant == Mutant.FORCES_AGAIN) {
            return super.isForced(force);
        }
        if (world.machine.isStill(cell)) {
            world.machine.sayFailed();
        }
        failed = true;
        return false;
    }

    @Override
    boolean publish(Ask.Begin begin) {
        boolean forced = journal.forces() && world.mutant != Mutant.NO_FORCE_OF_HEADER;
        return journal.publish(begin.epoch(), begin.firstPosition(), forced);
    }

    @Override
    void onCommitted(Ask.Commit commit) {
        for (long position = commit.from() + 1; position <= commit.to(); position++) {
            LogRecord record = journal.written(commit.epoch(), position);
            if (record == null) {
                throw new Violation("committed without a record: " + commit.epoch() + "/" + position);
            }
            world.ledger.committed(record);
            world.tally.count(Event.RECORD);
            DumbLines.count(record, world.tally);
        }
    }

    @Override
    void onNotCommitted() {
        if (!world.machine.isStill(cell)) {
            world.tally.count(Event.COMMIT_REFUSED_BY_A_CLOSED_CELL);
        }
    }

    @Override
    void onTaken(Ask.Take take) {
        world.taken(this, take);
    }

    @Override
    void onBegun(Ask.Begin begin, boolean first) {
        Violation.unless(first, () -> "epoch " + begin.epoch() + " has two hosts");
        Violation.unless(world.takerOf(begin.epoch()) == this, () -> "epoch " + begin.epoch() + " begun by a stranger");
    }

    @Override
    void openDoor(long epoch) {
        world.network.open(epoch, this);
    }

    @Override
    void closeDoor(long epoch) {
        world.network.close(epoch);
    }

    @Override
    void carry(Envelope envelope) {
        if (line != null && line.epoch() == envelope.epoch() && world.network.holds(line)) {
            line.send(envelope);
        }
    }

    @Override
    public void append(LogRecord record, long committed) {
        Violation.unless(world.takerOf(record.epoch()) == this, () -> "a stranger writes " + Words.of(record));
        newest = record;
        if (world.mutant == Mutant.REFUSES_UNCOMMITTED && record.fact() instanceof Fact.Refused) {
            world.ledger.told(record);
        }
        super.append(record, committed);
    }

    @Override
    public void stepDown(long epoch) {
        if (core.uncommitted() == 0 && world.hasUncommitted(epoch)) {
            world.tally.count(Event.DEPOSED_WITH_TAIL);
        }
        super.stepDown(epoch);
    }

    @Override
    public void applied(State before, LogRecord record, State after) {
        world.ledger.applied(record, after);
    }

    @Override
    public void jumped(State before, State after) {
        world.ledger.identical(after);
    }

    @Override
    public void completed(long ticket, Outcome outcome, State state) {
        world.ledger.completed(ticket, core.number(), outcome);
        boolean accepted = outcome instanceof Outcome.Accepted;
        boolean changed = accepted && ((Outcome.Accepted) outcome).changed();
        world.tally.count(changed ? Event.ACCEPTED : accepted ? Event.UNCHANGED : Event.REFUSED);
    }

    @Override
    public void lost(long ticket) {
        world.ledger.lost(ticket);
        world.tally.count(Event.LOST);
    }

    @Override
    public void joined(long number) {
        if (expelledOnce) {
            world.tally.count(Event.REJOINED);
        }
        expelledOnce = false;
    }

    @Override
    public void joinRefused(Refusal refusal) {
        throw new Violation("process " + id + " may not join: " + refusal);
    }

    @Override
    public void expelled() {
        token = Token.NONE;
        expelledOnce = true;
        world.tally.count(Event.EXPELLED);
    }

    @Override
    public void left() {
        gone = true;
        world.tally.count(Event.LEFT);
    }

    @Override
    public void repeated(long member, long sequence) {
        if (member > 0) {
            world.tally.count(Event.REPEATED_COMMAND_RECOGNISED);
            if (world.mutant == Mutant.ANSWERS_REPEATS_EARLY) {
                tellUncommitted(member, sequence);
            }
        }
    }

    private void tellUncommitted(long member, long sequence) {
        for (Ask ask : asked) {
            if (ask instanceof Ask.Append append
                    && append.record().member() == member
                    && append.record().sequence() == sequence) {
                world.ledger.told(append.record());
            }
        }
    }

    @Override
    public void diverged(long position, long expectedHash, long foundHash) {
        throw new Violation("process " + id + " diverged at " + position);
    }

    @Override
    public String toString() {
        return "process " + id + " (" + core.role() + ", member " + core.number() + ", at "
                + core.state().position() + ")";
    }
}
