package dev.covey.mesh.core;

import dev.covey.mesh.protocol.Envelope;
import dev.covey.mesh.protocol.LogRecord;
import dev.covey.mesh.protocol.Refusal;

/** The effects a host uses, passed on to others; so that one can listen in. */
class ForwardedEffects implements Effects {
    private final Effects effects;

    ForwardedEffects(Effects effects) {
        this.effects = effects;
    }

    @Override
    public void append(LogRecord record, long committed) {
        effects.append(record, committed);
    }

    @Override
    public void force(long epoch, long position) {
        effects.force(epoch, position);
    }

    @Override
    public void commit(long epoch, long from, long to) {
        effects.commit(epoch, from, to);
    }

    @Override
    public void take(long epoch, long position) {
        effects.take(epoch, position);
    }

    @Override
    public void begin(long epoch, long firstPosition) {
        effects.begin(epoch, firstPosition);
    }

    @Override
    public void serve(long epoch) {
        effects.serve(epoch);
    }

    @Override
    public void stepDown(long epoch) {
        effects.stepDown(epoch);
    }

    @Override
    public void send(Envelope envelope) {
        effects.send(envelope);
    }

    @Override
    public void applied(State before, LogRecord record, State after) {
        effects.applied(before, record, after);
    }

    @Override
    public void jumped(State before, State after) {
        effects.jumped(before, after);
    }

    @Override
    public void completed(long ticket, Outcome outcome, State state) {
        effects.completed(ticket, outcome, state);
    }

    @Override
    public void lost(long ticket) {
        effects.lost(ticket);
    }

    @Override
    public void joined(long number) {
        effects.joined(number);
    }

    @Override
    public void joinRefused(Refusal refusal) {
        effects.joinRefused(refusal);
    }

    @Override
    public void expelled() {
        effects.expelled();
    }

    @Override
    public void left() {
        effects.left();
    }

    @Override
    public void repeated(long member, long sequence) {
        effects.repeated(member, sequence);
    }

    @Override
    public void diverged(long position, long expectedHash, long foundHash) {
        effects.diverged(position, expectedHash, foundHash);
    }
}
