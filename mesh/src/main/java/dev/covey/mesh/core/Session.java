package dev.covey.mesh.core;

import dev.covey.mesh.protocol.Command.Profile;
import dev.covey.mesh.protocol.Token;

/**
 * One membership in the replicated state.
 *
 * @param number never given twice
 * @param token of its join
 * @param profile who it says it is
 * @param joinedMicros time of the record that made it a member
 * @param lastSequence the last of its commands that was decided
 * @param results what became of the last ones
 */
public record Session(
        long number, Token token, Profile profile, long joinedMicros, long lastSequence, Results results) {

    Session decided(Outcome outcome) {
        return new Session(number, token, profile, joinedMicros, outcome.sequence(), results.with(outcome));
    }
}
