package dev.covey.mesh.protocol;

import dev.covey.patch.Patch;
import java.util.List;

/** What a member asks the host for. Every command gets exactly one record: its effect, or its refusal. */
public sealed interface Command {

    /**
     * To become a member. It carries no sequence, since there is no member number yet; the token dedupes it.
     *
     * @param token drawn anew for each attempt to join
     * @param profile who asks
     */
    record Join(Token token, Profile profile) implements Command {}

    /** To leave; the member's last command. */
    record Leave() implements Command {}

    /**
     * To give an object its first value. Accepted without an effect when the object has one.
     *
     * @param object the object's id
     * @param value a patch that sets the root
     * @param createdMicros the sender's hybrid clock, microseconds since 1970
     */
    record Initialize(String object, Patch value, long createdMicros) implements Command {}

    /**
     * To change an object.
     *
     * @param object the object's id
     * @param patch what to change
     * @param createdMicros the sender's hybrid clock when the caller asked, microseconds since 1970
     * @param ifRevision the revision the object must have, or {@link #ANY_REVISION}
     */
    record Change(String object, Patch patch, long createdMicros, long ifRevision) implements Command {}

    /** No condition on the revision. */
    long ANY_REVISION = -1;

    /**
     * What a member tells about itself when it joins.
     *
     * @param name for people, not unique
     * @param process pid, start time and namespace in the text form of {@code local}; opaque here
     * @param seat name of the file the member keeps locked while it lives
     * @param roles what it says it is for
     */
    record Profile(String name, String process, String seat, List<String> roles) {
        public Profile {
            roles = List.copyOf(roles);
        }
    }
}
