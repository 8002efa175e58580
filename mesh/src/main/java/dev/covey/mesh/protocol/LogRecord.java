package dev.covey.mesh.protocol;

/**
 * What the host decided, at its place in the one journal of the mesh. A fact: applying it cannot fail.
 *
 * @param epoch the epoch that decided it
 * @param position its place: 1, 2, 3 … without a gap
 * @param timeMicros microseconds since 1970; rises strictly from record to record, across epochs too
 * @param member whose command it answers, 0 if it answers none
 * @param sequence that command's sequence, 0 if it answers none
 * @param fact the effect or the refusal
 */
public record LogRecord(long epoch, long position, long timeMicros, long member, long sequence, Fact fact) {}
