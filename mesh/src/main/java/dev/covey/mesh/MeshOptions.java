package dev.covey.mesh;

import dev.covey.patch.Limits;
import dev.covey.store.Durability;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How to join. {@code store}, {@code durability}, {@code hostTimeout} and {@code limits} belong to the mesh: the first
 * member fixes them, whoever joins later and says something else gets OPTIONS_MISMATCH, whoever says nothing (null) takes
 * what the mesh has. The rest is this member's own.
 *
 * @param store directory of the journal and the revision files; without one the state ends with the last member
 * @param durability when a patch counts as safe; by default {@code OS} with a store, {@code MEMORY} without
 * @param hostTimeout after which silence a host that still has a process is deposed; default 2 s, at least 0.5 s
 * @param limits of patches and values
 * @param memberName for people, at most 256 bytes of UTF-8; not unique
 * @param roles what this member says it is for
 * @param directory where mesh directories are kept; null for {@code /dev/shm/covey-USER}
 * @param joinTimeout how long to wait for the mesh's answer
 */
public record MeshOptions(
        @Nullable Path store,
        @Nullable Durability durability,
        @Nullable Duration hostTimeout,
        @Nullable Limits limits,
        String memberName,
        List<String> roles,
        @Nullable Path directory,
        Duration joinTimeout) {

    /** Nothing said: takes what the mesh has, or its defaults. */
    public static final MeshOptions DEFAULT = new MeshOptions(
            null, null, null, null, "pid-" + ProcessHandle.current().pid(), List.of(), null, Duration.ofSeconds(10));

    private static final int MAX_NAME_CHARS = 64;
    private static final int MAX_ROLES = 32;

    /** Checks names and counts. */
    public MeshOptions {
        requireLabel("memberName", memberName);
        roles = List.copyOf(roles);
        roles.forEach(role -> requireLabel("a role", role));
        if (roles.size() > MAX_ROLES) {
            throw new MeshException(
                    MeshCode.LIMIT_EXCEEDED, roles.size() + " roles, at most " + MAX_ROLES + " can be given");
        }
        Objects.requireNonNull(joinTimeout, "joinTimeout");
    }

    private static void requireLabel(String what, String text) {
        if (text.isEmpty() || text.length() > MAX_NAME_CHARS) {
            throw new MeshException(
                    MeshCode.BAD_NAME,
                    what + " has " + text.length() + " characters, 1 to " + MAX_NAME_CHARS + " are expected");
        }
    }

    public MeshOptions withStore(Path store) {
        return new MeshOptions(store, durability, hostTimeout, limits, memberName, roles, directory, joinTimeout);
    }

    public MeshOptions withDurability(Durability durability) {
        return new MeshOptions(store, durability, hostTimeout, limits, memberName, roles, directory, joinTimeout);
    }

    public MeshOptions withHostTimeout(Duration hostTimeout) {
        return new MeshOptions(store, durability, hostTimeout, limits, memberName, roles, directory, joinTimeout);
    }

    public MeshOptions withLimits(Limits limits) {
        return new MeshOptions(store, durability, hostTimeout, limits, memberName, roles, directory, joinTimeout);
    }

    public MeshOptions withMemberName(String memberName) {
        return new MeshOptions(store, durability, hostTimeout, limits, memberName, roles, directory, joinTimeout);
    }

    public MeshOptions withRoles(String... roles) {
        return new MeshOptions(
                store, durability, hostTimeout, limits, memberName, List.of(roles), directory, joinTimeout);
    }

    public MeshOptions withDirectory(Path directory) {
        return new MeshOptions(store, durability, hostTimeout, limits, memberName, roles, directory, joinTimeout);
    }

    public MeshOptions withJoinTimeout(Duration joinTimeout) {
        return new MeshOptions(store, durability, hostTimeout, limits, memberName, roles, directory, joinTimeout);
    }
}
