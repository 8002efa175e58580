package dev.covey.mesh.core;

import dev.covey.mesh.protocol.Command.Profile;
import dev.covey.mesh.protocol.Fact;
import dev.covey.mesh.protocol.Token;
import org.jspecify.annotations.Nullable;

/**
 * One membership in the replicated state.
 *
 * @param number never given twice
 * @param token of its join
 * @param profile who it says it is
 * @param joinedMicros time of the record that made it a member
 * @param lastSequence the last of its commands that was decided
 * @param rejoined number of its next membership, if it was declared dead while it lived and came back; 0 if not
 * @param results what became of the last ones
 */
public record Session(
        long number,
        Token token,
        Profile profile,
        long joinedMicros,
        long lastSequence,
        long rejoined,
        Results results) {

    static Session begun(Fact.Joined joined, long timeMicros) {
        return new Session(joined.number(), joined.token(), joined.profile(), timeMicros, 0, 0, Results.NONE);
    }

    Session decided(Outcome outcome) {
        return new Session(number, token, profile, joinedMicros, outcome.sequence(), rejoined, results.with(outcome));
    }

    Session withRejoined(long next) {
        return new Session(number, token, profile, joinedMicros, lastSequence, next, results);
    }

    /** Whether it is of the member that holds that seat. */
    boolean isOfSeat(String seat) {
        return !seat.isEmpty() && profile.seat().equals(seat);
    }

    /** What became of that command; null if it is not decided, or so long ago that it is not kept. */
    public @Nullable Outcome outcome(long sequence) {
        return results.of(sequence);
    }
}
