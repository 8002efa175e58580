package dev.covey.mesh.core;

import dev.covey.mesh.protocol.Command.Profile;
import dev.covey.mesh.protocol.Envelope;
import dev.covey.mesh.protocol.LogRecord;
import dev.covey.mesh.protocol.Refusal;
import dev.covey.mesh.protocol.Token;
import dev.covey.store.Coverage;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One party of a {@link Conversation}: says aloud what its core asks for. */
final class Speaker extends Station {
    private final String name;
    private final Conversation conversation;
    private final Core core;
    final ArrayDeque<Envelope> inFlight = new ArrayDeque<>();
    private long cellEpoch;
    private long cellPosition;
    private @Nullable Speaker host;

    Speaker(String name, Token life, State state, CoreOptions options, Conversation conversation) {
        super(conversation.cell, conversation.journal);
        this.name = name;
        this.conversation = conversation;
        this.core = new Core(life, state, options, this);
    }

    @Override
    Core core() {
        return core;
    }

    void join(Token token, List<String> roles) {
        core.join(token, new Profile(name, "process of " + name, "seat of " + name, roles));
    }

    /** Does everything asked for, and tells the core at once what came of each. */
    void doAll() {
        while (!asked.isEmpty() || !news.isEmpty()) {
            if (news.isEmpty()) {
                doOldest();
            } else {
                hearOldest();
            }
        }
    }

    void look() {
        cellEpoch = cell.epoch();
        cellPosition = cell.position();
        core.cell(cellEpoch, cellPosition);
    }

    void read(long atMost) {
        Coverage listing = journal.list();
        for (long i = 0; i < atMost && core.state().position() < cellPosition; i++) {
            LogRecord record = journal.read(listing, core.state().position() + 1);
            if (record == null) {
                throw new IllegalStateException("no record at " + (core.state().position() + 1));
            }
            core.record(record);
        }
    }

    void connect() {
        host = conversation.host(cell.epoch());
        inFlight.clear();
        core.connected(cell.epoch());
        doAll();
    }

    /** The host hears the oldest command that is on its way from here. */
    void deliver() {
        Envelope envelope = inFlight.poll();
        Speaker receiver = host;
        if (envelope == null || receiver == null) {
            say("(nothing is on its way)");
        } else {
            receiver.core.command(envelope);
        }
    }

    void drop() {
        host = null;
        inFlight.clear();
    }

    void tell() {
        State state = core.state();
        say(core.role() + ", number " + core.number() + ", at position " + state.position() + ", " + core.uncommitted()
                + " uncommitted");
        state.objects().values().forEach(object -> say(object.id() + " r" + object.revision() + " " + object.value()));
    }

    private void say(String words) {
        conversation.say("  " + name + ": " + words);
    }

    @Override
    void onCommitted(Ask.Commit commit) {
        say("(the cell is at epoch " + commit.epoch() + ", position " + commit.to() + ")");
    }

    @Override
    void onTaken(Ask.Take take) {
        say("(the cell is at epoch " + (take.epoch() + 1) + ", position " + take.position() + ")");
    }

    @Override
    void onBegun(Ask.Begin begin, boolean first) {
        say("(the segment of epoch " + begin.epoch() + " is there)");
    }

    @Override
    void openDoor(long epoch) {
        conversation.open(epoch, this);
    }

    @Override
    void closeDoor(long epoch) {
        conversation.close(epoch);
    }

    @Override
    void carry(Envelope envelope) {
        if (host != null) {
            inFlight.add(envelope);
        }
    }

    @Override
    public void append(LogRecord record, long committed) {
        say("append " + Words.of(record));
        super.append(record, committed);
    }

    @Override
    public void force(long epoch, long position) {
        say("force epoch " + epoch + " up to " + position);
        super.force(epoch, position);
    }

    @Override
    public void commit(long epoch, long from, long to) {
        say("commit epoch " + epoch + " from " + from + " to " + to);
        super.commit(epoch, from, to);
    }

    @Override
    public void take(long epoch, long position) {
        say("take over from epoch " + epoch + " at " + position);
        super.take(epoch, position);
    }

    @Override
    public void begin(long epoch, long firstPosition) {
        say("begin epoch " + epoch + " at " + firstPosition);
        super.begin(epoch, firstPosition);
    }

    @Override
    public void serve(long epoch) {
        say("serve epoch " + epoch);
        super.serve(epoch);
    }

    @Override
    public void stepDown(long epoch) {
        say("step down from epoch " + epoch);
        super.stepDown(epoch);
    }

    @Override
    public void send(Envelope envelope) {
        say("send " + Words.of(envelope));
        super.send(envelope);
    }

    @Override
    public void applied(State before, LogRecord record, State after) {
        say("applied " + record.position());
    }

    @Override
    public void jumped(State before, State after) {
        say("jumped from " + before.position() + " to " + after.position());
    }

    @Override
    public void completed(long ticket, Outcome outcome, State state) {
        say("ticket " + ticket + " " + Words.of(outcome));
    }

    @Override
    public void lost(long ticket) {
        say("ticket " + ticket + " is lost");
    }

    @Override
    public void joined(long number) {
        say("joined as member " + number);
    }

    @Override
    public void joinRefused(Refusal refusal) {
        say("join refused: " + Words.of(refusal));
    }

    @Override
    public void expelled() {
        say("expelled");
    }

    @Override
    public void left() {
        say("left");
    }

    @Override
    public void repeated(long member, long sequence) {
        say("repeated " + (member == 0 ? "join" : member + "#" + sequence));
    }

    @Override
    public void diverged(long position, long expectedHash, long foundHash) {
        say("diverged at " + position);
    }
}
