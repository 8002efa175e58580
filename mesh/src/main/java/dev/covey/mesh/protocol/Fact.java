package dev.covey.mesh.protocol;

import dev.covey.mesh.protocol.Command.Profile;
import dev.covey.patch.Operations;
import dev.covey.patch.Path;
import org.jspecify.annotations.Nullable;

/** The content of a record. Replicas apply it without judging it. */
public sealed interface Fact {

    /**
     * The first record of every epoch, so that no value of the commit cell ever returns.
     *
     * @param host the token of the host's membership
     */
    record EpochBegan(Token host) implements Fact {}

    /**
     * Somebody became a member.
     *
     * @param number its number, never given twice
     * @param token of its {@link Command.Join}
     * @param profile who it says it is
     */
    record Joined(long number, Token token, Profile profile) implements Fact {}

    /**
     * Somebody may not become a member.
     *
     * @param token of its {@link Command.Join}
     * @param refusal why
     */
    record JoinRefused(Token token, Refusal refusal) implements Fact {}

    /**
     * A member is gone; whatever it had sent and was not decided before this record never happens.
     *
     * @param number whose membership ended
     * @param departure how
     */
    record Left(long number, Departure departure) implements Fact {}

    /**
     * An object has a new revision.
     *
     * @param object its id
     * @param revision the new revision's number: the old one plus 1
     * @param author name of the member that asked, so that a record explains itself when that member is long gone
     * @param stampMicros creation time of the patch, never ahead of the record's own time
     * @param operations what to do to the value of the revision before
     * @param deletes whether the object is gone by this; its value is {@code {}} then
     * @param held the place that goes with the member whose record this is; null for none
     */
    record Patched(
            String object,
            long revision,
            String author,
            long stampMicros,
            Operations operations,
            boolean deletes,
            @Nullable Path held)
            implements Fact {
        /** Of an ordinary patch. */
        public Patched(String object, long revision, String author, long stampMicros, Operations operations) {
            this(object, revision, author, stampMicros, operations, false, null);
        }
    }

    /**
     * The command was accepted and changed nothing.
     *
     * @param object its id
     * @param revision the revision the object has and keeps
     */
    record Unchanged(String object, long revision) implements Fact {}

    /**
     * The command was refused.
     *
     * @param object the object it was about
     * @param refusal why
     */
    record Refused(String object, Refusal refusal) implements Fact {}

    /**
     * The hash of the whole state just before this record; every member compares its own.
     *
     * @param hash see {@code State.hash()}
     */
    record StateHashed(long hash) implements Fact {}

    /**
     * From here on only holders of a permit patch an object.
     *
     * @param object its id
     * @param writers how many permits there are
     * @param expiryMillis after how long without a sign of life a holder loses its permit; 0 for never
     */
    record Guarded(String object, int writers, long expiryMillis) implements Fact {}

    /**
     * The sender stands in a line from here on, and has what it is for if nobody is before it.
     *
     * @param line which
     */
    record QueuedUp(LineId line) implements Fact {}

    /**
     * Somebody gave back what a line is for, or the place in it; whoever is next gets it by this very record.
     *
     * @param line which
     * @param request the position of the record by which it queued up
     */
    record SteppedOut(LineId line, long request) implements Fact {}

    /** How a membership ended. */
    enum Departure {
        /** By its own {@code close()}. */
        CLOSED(0),
        /** Its process died, or was declared dead. */
        DIED(1);

        private final int code;

        Departure(int code) {
            this.code = code;
        }

        /** The byte that stands for it in a record. */
        public int code() {
            return code;
        }
    }
}
