package dev.covey.mesh.core;

import dev.covey.mesh.protocol.Envelope;
import dev.covey.mesh.protocol.LogRecord;
import dev.covey.mesh.protocol.Refusal;

/**
 * All that the core asks of the world, in the order the world must perform it.
 *
 * <p>Contract: an effect never calls the core back. Where it has a result, the result is a later input of {@link Core},
 * named with the effect, and what depends on it is not asked for before. An effect does not throw; what fails is an
 * input too, or the end of the member.
 */
public interface Effects {
    /** Write the record behind the last one in this epoch's segment. {@code committed} is stored with it (rule J3). */
    void append(LogRecord record, long committed);

    /** Make all appended records up to {@code position} as durable as the mesh promises; then {@link Core#forced}. */
    void force(long epoch, long position);

    /**
     * Move the commit cell from (epoch, from) to (epoch, to) by compare-and-set; then {@link Core#committed}, or
     * {@link Core#deposed} if the cell held anything else.
     */
    void commit(long epoch, long from, long to);

    /**
     * Take the mesh over: move the cell from (epoch, position) to (epoch + 1, position) by compare-and-set; then
     * {@link Core#taken} or {@link Core#notTaken}.
     */
    void take(long epoch, long position);

    /** Publish the epoch's first segment, which seals every epoch before it; then {@link Core#begun}. */
    void begin(long epoch, long firstPosition);

    /** Open the door to the members' commands: they arrive by {@link Core#command}. */
    void serve(long epoch);

    /** Close that door. Nothing of this epoch is decided here any more. */
    void stepDown(long epoch);

    /** Carry a command to the host of the envelope's epoch; it may get lost with the connection, never on it. */
    void send(Envelope envelope);

    /** A committed record was applied: show the change to whoever watches. */
    void applied(State before, LogRecord record, State after);

    /** The state came as a whole, and what lies between is not known one by one. */
    void jumped(State before, State after);

    /**
     * A command of this member was decided. Called once for each ticket, unless {@link #lost} is, in the order of the
     * tickets, and after {@link #applied} of the record.
     *
     * @param state just after that record, or the one that this member jumped to over it
     */
    void completed(long ticket, Outcome outcome, State state);

    /** What became of a command can no longer be found out: too many members left since this one was declared dead. */
    void lost(long ticket);

    /** This member has a number now. */
    void joined(long number);

    /** The mesh does not take this member. */
    void joinRefused(Refusal refusal);

    /** This member was declared dead while it lived. It may {@link Core#join} again, with a fresh token. */
    void expelled();

    /** This member left as it asked to. */
    void left();

    /** A command came again that is decided already; its sender finds the answer in the journal. */
    void repeated(long member, long sequence);

    /** The state here differs from the host's at this position: it must be rebuilt, then {@link Core#restored}. */
    void diverged(long position, long expectedHash, long foundHash);
}
