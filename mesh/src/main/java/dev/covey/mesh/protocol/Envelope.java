package dev.covey.mesh.protocol;

/**
 * A command on its way to a host, with all that tells a stray one from a fresh one.
 *
 * @param life the life of the mesh it is meant for
 * @param epoch the epoch whose host it is sent to; another epoch's host drops it
 * @param member the sender's number, 0 with {@link Command.Join}
 * @param sequence 1, 2, 3 … without gaps for each member, 0 with {@link Command.Join}
 * @param command what is asked
 */
public record Envelope(Token life, long epoch, long member, long sequence, Command command) {}
