package dev.covey.mesh.core;

import dev.covey.mesh.protocol.Token;

/**
 * What every member calls a command that was sent: no two ever have the same.
 *
 * @param token of the membership that sent it
 * @param sequence its place among what that membership sent
 */
public record CommandId(Token token, long sequence) {}
