package dev.covey.mesh.core;

import dev.covey.mesh.protocol.Refusal;

/**
 * What became of a command; part of the replicated state for the last {@link Results#CAPACITY} commands of each member.
 */
public sealed interface Outcome {
    /** The sequence of the command. */
    long sequence();

    /** The position of the record that decided it. */
    long position();

    /** The epoch that decided it. */
    long epoch();

    /** The record's time, microseconds since 1970. */
    long timeMicros();

    /**
     * It took effect, or there was nothing to change.
     *
     * @param revision the object's revision then; 0 where no object was meant
     * @param changed false if the object stayed as it was
     */
    record Accepted(long sequence, long position, long epoch, long timeMicros, long revision, boolean changed)
            implements Outcome {}

    /**
     * It did not take effect and never will.
     *
     * @param refusal why
     */
    record Refused(long sequence, long position, long epoch, long timeMicros, Refusal refusal) implements Outcome {}
}
