package dev.covey.mesh.agent;

import dev.covey.patch.Limits;
import dev.covey.store.Durability;
import dev.covey.store.Retention;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What somebody who joins says. Null means "whatever the mesh has", and for the first member the default.
 *
 * @param mesh its name
 * @param base directory that holds the mesh directories, or null for the default
 * @param member the member's name, for people
 * @param roles what the member says it is for
 * @param store where journal and revision files are kept
 * @param durability when a patch counts as safe
 * @param hostTimeout after which silence a host that still has a process is deposed
 * @param limits of patches and values
 * @param joinTimeout how long joining may take in all
 * @param keepWhenEmpty whether the mesh directory stays when the last member has left
 * @param mayHost whether it can become host
 * @param driver directory of a media driver that somebody else runs
 * @param maxWriters how many members with the role writer there may be
 * @param metadata what the member tells the others about itself
 * @param retention how much history the revision files keep
 * @param spinning whether the agent's thread never sleeps
 * @param maxUnwritten records that may wait for their revision files while this member is host
 */
public record JoinRequest(
        String mesh,
        @Nullable Path base,
        String member,
        List<String> roles,
        @Nullable Path store,
        @Nullable Durability durability,
        @Nullable Duration hostTimeout,
        @Nullable Limits limits,
        Duration joinTimeout,
        @Nullable Boolean keepWhenEmpty,
        boolean mayHost,
        @Nullable Path driver,
        @Nullable Integer maxWriters,
        Map<String, String> metadata,
        @Nullable Retention retention,
        boolean spinning,
        long maxUnwritten) {
    /** Records that wait for their revision files; beyond, no patches are taken. Bounds the journal too. */
    public static final long MAX_UNWRITTEN = 1_000_000;
}
