package dev.covey.mesh.core;

import com.fasterxml.jackson.databind.JsonNode;
import dev.covey.mesh.MeshCode;
import dev.covey.mesh.protocol.Command.Alive;
import dev.covey.mesh.protocol.Command.Join;
import dev.covey.mesh.protocol.Command.Leave;
import dev.covey.mesh.protocol.Command.Profile;
import dev.covey.mesh.protocol.Envelope;
import dev.covey.mesh.protocol.Fact;
import dev.covey.mesh.protocol.Fact.Departure;
import dev.covey.mesh.protocol.LogRecord;
import dev.covey.mesh.protocol.Refusal;
import dev.covey.mesh.protocol.Token;
import dev.covey.mesh.protocol.Wire;
import java.util.ArrayDeque;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One epoch in office, from the published segment to the loss of the cell.
 *
 * <p>Decides ahead of what is committed: {@link #tail} is the committed state plus the records that are written and not
 * yet committed. Losing office drops this object and with it the tail; none of it ever happened.
 */
class Hosting {
    private record Decided(LogRecord record, State after) {}

    private final long epoch;
    private final CoreOptions options;
    private final Effects effects;
    private final ArrayDeque<Decided> uncommitted = new ArrayDeque<>();
    private State tail;
    private long committed;
    private long committing;
    private long asked;
    private long hashedAt;
    private boolean resigned;
    private Vigil vigil = new Vigil(0);

    Hosting(long epoch, State committedState, CoreOptions options, Effects effects) {
        this.epoch = epoch;
        this.tail = committedState;
        this.committed = committedState.position();
        this.committing = committed;
        this.asked = committed;
        this.hashedAt = committed;
        this.options = options;
        this.effects = effects;
    }

    long epoch() {
        return epoch;
    }

    int uncommitted() {
        return uncommitted.size();
    }

    /** The epoch's first records: that it began, and who did not live to see it (rule R6). */
    void open(Token host, Iterable<Long> dead, long nowMicros) {
        decide(0, 0, new Fact.EpochBegan(host), nowMicros);
        vigil = new Vigil(nowMicros);
        for (long member : dead) {
            died(member, nowMicros);
        }
    }

    void join(Token token, Profile profile, long nowMicros) {
        if (resigned) {
            return;
        }
        if (tail.byToken(token) != null || tail.buriedWith(token) != null) {
            effects.repeated(0, 0);
            return;
        }
        if (tail.sessions().size() >= Wire.MAX_MEMBERS) {
            Refusal full = Decider.refusal(
                    MeshCode.LIMIT_EXCEEDED,
                    "the mesh has " + Wire.MAX_MEMBERS + " members, which is the limit; close one first");
            decide(0, 0, new Fact.JoinRefused(token, full), nowMicros);
            return;
        }
        Refusal tooMany = Queueing.tooManyWriters(tail, profile, options);
        if (tooMany != null) {
            decide(0, 0, new Fact.JoinRefused(token, tooMany), nowMicros);
        } else {
            decide(0, 0, new Fact.Joined(tail.nextNumber(), token, profile), nowMicros);
        }
    }

    void died(long member, long nowMicros) {
        if (!resigned && tail.sessions().containsKey(member)) {
            farewell(member, nowMicros);
            decide(0, 0, new Fact.Left(member, Departure.DIED), nowMicros);
        }
    }

    /** These records answer nothing that the member asked for, but are its own. */
    void farewell(long member, long nowMicros) {
        Farewell farewell = new Farewell(tail, member);
        for (Decider.Decision removal = farewell.next(tail, member, recordTime(nowMicros), options.limits());
                removal != null;
                removal = farewell.next(tail, member, recordTime(nowMicros), options.limits())) {
            decide(member, 0, removal.fact(), nowMicros, removal.after());
        }
    }

    /** Decides a command, unless it is not this epoch's to decide, or not yet, or no more. */
    void command(Envelope envelope, long nowMicros) {
        if (envelope.epoch() != epoch || resigned) {
            return;
        }
        if (envelope.command() instanceof Join join) {
            join(join.token(), join.profile(), nowMicros);
            return;
        }
        vigil.heard(envelope.member(), nowMicros);
        if (envelope.command() instanceof Alive) {
            return;
        }
        Session sender = tail.sessions().get(envelope.member());
        if (sender == null) {
            return;
        }
        if (isRepeated(sender, envelope.sequence())) {
            effects.repeated(envelope.member(), envelope.sequence());
        } else if (isNext(sender, envelope.sequence())) {
            decideCommand(envelope, nowMicros);
        }
    }

    /** Rule R1, first half: what was decided is not decided again. */
    boolean isRepeated(Session sender, long sequence) {
        return sequence <= sender.lastSequence();
    }

    /** Rule R1, second half: a sequence too far ahead waits until those before it arrive. */
    boolean isNext(Session sender, long sequence) {
        return sequence == sender.lastSequence() + 1;
    }

    private void decideCommand(Envelope envelope, long nowMicros) {
        long member = envelope.member();
        if (envelope.command() instanceof Leave) {
            boolean own = tail.hostNumber() == member;
            farewell(member, nowMicros);
            decide(member, envelope.sequence(), new Fact.Left(member, Departure.CLOSED), nowMicros);
            resigned = own;
            return;
        }
        Decider.Decision decision = Decider.decide(tail, envelope.command(), member, recordTime(nowMicros), options);
        decide(member, envelope.sequence(), decision.fact(), nowMicros, decision.after());
    }

    private void decide(long member, long sequence, Fact fact, long nowMicros) {
        decide(member, sequence, fact, nowMicros, null);
    }

    private void decide(long member, long sequence, Fact fact, long nowMicros, @Nullable JsonNode after) {
        LogRecord record = new LogRecord(epoch, tail.position() + 1, recordTime(nowMicros), member, sequence, fact);
        tail = tail.apply(record, after);
        uncommitted.add(new Decided(record, tail));
        effects.append(record, committed);
    }

    /** Never backwards, not even against an earlier epoch with a faster clock. */
    private long recordTime(long nowMicros) {
        return Math.max(nowMicros, tail.timeMicros() + 1);
    }

    /** Everything decided since the last call goes on its way to be committed, as one batch. */
    void flush(long nowMicros) {
        if (!resigned) {
            vigil.overdue(tail, nowMicros).forEach(stepped -> decide(0, 0, stepped, nowMicros));
        }
        if (tail.position() - hashedAt >= options.recordsPerHash() && !resigned) {
            hashedAt = tail.position();
            decide(0, 0, new Fact.StateHashed(tail.hash()), nowMicros);
        }
        if (tail.position() > asked) {
            asked = tail.position();
            effects.force(epoch, asked);
        }
    }

    /** Commits go on from one another: this one may be asked for before the one before it has moved the cell. */
    void forced(long position) {
        if (position > committing) {
            effects.commit(epoch, committing, position);
            committing = position;
        }
    }

    /** Hands out what is committed now, record by record, with the state behind each. */
    void committed(long position, BiConsumer<LogRecord, State> install) {
        committed = position;
        for (Decided oldest = uncommitted.peek();
                oldest != null && oldest.record().position() <= position;
                oldest = uncommitted.peek()) {
            uncommitted.remove();
            install.accept(oldest.record(), oldest.after());
        }
    }
}
