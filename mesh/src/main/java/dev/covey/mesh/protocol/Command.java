package dev.covey.mesh.protocol;

import dev.covey.patch.Patch;
import dev.covey.patch.Path;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

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
     * @param ifRevision the revision the object must have, {@link #ANY_REVISION} or {@link #ABSENT}
     * @param permit the writer permit it is done with, named by the position of its request; {@link #NO_PERMIT}
     */
    record Change(String object, Patch patch, long createdMicros, long ifRevision, long permit) implements Command {
        /** Without a permit. */
        public Change(String object, Patch patch, long createdMicros, long ifRevision) {
            this(object, patch, createdMicros, ifRevision, NO_PERMIT);
        }
    }

    /**
     * To take an object out of the mesh. Accepted without an effect when there is none.
     *
     * @param object the object's id
     * @param createdMicros as of {@link Change}
     * @param ifRevision as of {@link Change}
     * @param permit as of {@link Change}
     */
    record Delete(String object, long createdMicros, long ifRevision, long permit) implements Command {}

    /**
     * To give a free place a value that goes when the sender does. It is never STALE: that the place is free is what
     * counts, not since when.
     *
     * @param object the object's id
     * @param path where, not the root
     * @param value a patch that sets the path
     */
    record Place(String object, Path path, Patch value) implements Command {}

    /**
     * To take back what was {@link Place}d. Accepted without an effect when it is not there any more.
     *
     * @param object the object's id
     * @param path where
     * @param position of the record that placed it
     */
    record Withdraw(String object, Path path, long position) implements Command {}

    /**
     * To let only holders of a permit patch an object. Accepted without an effect when that is so already.
     *
     * @param object the object's id
     * @param writers how many permits there are
     * @param expiryMillis after how long without a sign of life a holder loses its permit; 0 for never
     */
    record Guard(String object, int writers, long expiryMillis) implements Command {
        /** The shortest expiry there is; members are late by up to 0.4 s on a small machine under load. */
        public static final long SHORTEST_EXPIRY_MILLIS = 500;
    }

    /**
     * To get what a line is for, or a place in it. Named afterwards by the position of the record that answers this.
     *
     * @param line which
     * @param waits whether to wait if nothing is free, instead of being refused
     */
    record QueueUp(LineId line, boolean waits) implements Command {}

    /**
     * To give back what a line is for, or the place in it. Accepted without an effect when it is not there any more.
     *
     * @param line which
     * @param request the position of the record that answered {@link QueueUp}
     */
    record StepOut(LineId line, long request) implements Command {}

    /** To be known to be alive. It has no sequence, gets no record, and is not repeated when it got lost. */
    record Alive() implements Command {}

    /** No condition on the revision. */
    long ANY_REVISION = -1;

    /** The object must not be there: never written, or deleted. */
    long ABSENT = -2;

    /** Not with a permit. */
    long NO_PERMIT = 0;

    /**
     * What a member tells about itself when it joins.
     *
     * @param name for people, not unique
     * @param process pid, start time and namespace in the text form of {@code local}; opaque here
     * @param seat name of the file the member keeps locked while it lives
     * @param roles what it says it is for
     * @param mayHost whether it stands in the line for being host
     * @param metadata what else it says about itself
     */
    record Profile(
            String name,
            String process,
            String seat,
            List<String> roles,
            boolean mayHost,
            SortedMap<String, String> metadata) {
        /** The role of those who may write where a mesh limits its writers. */
        public static final String WRITER = "writer";

        public Profile {
            roles = List.copyOf(roles);
            metadata = Collections.unmodifiableSortedMap(new TreeMap<>(metadata));
        }

        /** Of a member that may become host, as nearly all do. */
        public Profile(String name, String process, String seat, List<String> roles) {
            this(name, process, seat, roles, true, Collections.emptySortedMap());
        }
    }
}
