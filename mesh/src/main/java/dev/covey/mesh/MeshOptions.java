package dev.covey.mesh;

import dev.covey.mesh.protocol.Command;
import dev.covey.mesh.protocol.Wire;
import dev.covey.patch.Limits;
import dev.covey.store.Durability;
import dev.covey.store.Retention;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How to join. {@code store}, {@code durability}, {@code hostTimeout}, {@code limits}, {@code keepWhenEmpty}, {@code driver},
 * {@code maxWriters} and {@code retention} belong to the mesh: the first member fixes them, whoever joins later and says something else gets OPTIONS_MISMATCH, whoever says nothing (null) takes
 * what the mesh has. The rest is this member's own.
 *
 * @param store directory of the journal and the revision files; without one the state ends with the last member. A symbolic
 *     link of this user's own that leads there is the same store
 * @param durability when a patch counts as safe; by default {@code OS} with a store, {@code MEMORY} without
 * @param hostTimeout after which silence a host that still has a process is deposed; default 2 s, at least 0.5 s
 * @param limits of patches and values
 * @param memberName for people, at most 256 bytes of UTF-8; not unique
 * @param roles what this member says it is for
 * @param directory where mesh directories are kept, the same for all members; null for what the system property
 *     {@code covey.directory} names, else the environment variable {@code COVEY_DIRECTORY}, else {@code /dev/shm/covey-USER}
 * @param joinTimeout how long joining may take in all, from the first look for the mesh to its answer; default 30 s
 * @param keepWhenEmpty whether the mesh directory with its state stays when the last member has left, for whoever joins
 *     next before the machine restarts; default false
 * @param mayHost whether this member can become host; one that cannot waits in {@code join} for a mesh that others started
 * @param driver directory of an Aeron media driver that somebody else runs, of the version Covey is built with; null has
 *     each host run its own. Belongs to the mesh
 * @param maxWriters how many members with the role {@link #WRITER} there may be at a time; only they may write then. Belongs
 *     to the mesh; null for what the mesh has, 0, the default, for no limit
 * @param metadata what this member tells the others about itself: at most 32 names and values of at most 256 bytes each
 * @param retention how much history the revision files keep; all of it unless told otherwise. Belongs to the mesh
 * @param spinning whether this member's own thread never sleeps, which spares others the ringing and itself the waking, some
 *     ten microseconds each, and costs a core as long as the member lives; default false: it sleeps when there is nothing to
 *     do. This member's own. With fewer cores than spinning members and callers at work it makes things slower
 */
public record MeshOptions(
        @Nullable Path store,
        @Nullable Durability durability,
        @Nullable Duration hostTimeout,
        @Nullable Limits limits,
        String memberName,
        List<String> roles,
        @Nullable Path directory,
        Duration joinTimeout,
        @Nullable Boolean keepWhenEmpty,
        boolean mayHost,
        @Nullable Path driver,
        @Nullable Integer maxWriters,
        Map<String, String> metadata,
        @Nullable Retention retention,
        boolean spinning) {

    /** Nothing said: takes what the mesh has, or its defaults. */
    public static final MeshOptions DEFAULT = new MeshOptions(
            null,
            null,
            null,
            null,
            "pid-" + ProcessHandle.current().pid(),
            List.of(),
            null,
            Duration.ofSeconds(30),
            null,
            true,
            null,
            null,
            Map.of(),
            null,
            false);

    /** The role of the members that write, where their number is limited. */
    public static final String WRITER = Command.Profile.WRITER;

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
        store = absolute(store);
        directory = absolute(directory);
        driver = absolute(driver);
        if (maxWriters != null && (maxWriters < 0 || maxWriters > Wire.MAX_MEMBERS)) {
            throw new MeshException(
                    MeshCode.LIMIT_EXCEEDED,
                    "maxWriters is " + maxWriters + ", 1 to " + Wire.MAX_MEMBERS + " can be given, or 0 for no limit");
        }
        metadata = Map.copyOf(metadata);
        requireFits(metadata);
    }

    /** A relative path means what it means here and now, wherever it is used later. */
    private static @Nullable Path absolute(@Nullable Path path) {
        return path == null ? null : path.toAbsolutePath();
    }

    private static void requireLabel(String what, String text) {
        if (text.isEmpty() || text.length() > MAX_NAME_CHARS) {
            throw new MeshException(
                    MeshCode.BAD_NAME,
                    what + " has " + text.length() + " characters, 1 to " + MAX_NAME_CHARS + " are expected");
        }
    }

    private static void requireFits(Map<String, String> metadata) {
        boolean fit = metadata.size() <= Wire.MAX_ROLES
                && Stream.concat(metadata.keySet().stream(), metadata.values().stream())
                        .allMatch(text -> text.getBytes(StandardCharsets.UTF_8).length <= Wire.MAX_LABEL_BYTES);
        if (!fit) {
            throw new MeshException(
                    MeshCode.LIMIT_EXCEEDED,
                    "metadata has " + metadata.size() + " entries, at most " + Wire.MAX_ROLES
                            + " can be given, with names and values of at most " + Wire.MAX_LABEL_BYTES
                            + " bytes; put what is larger into an object");
        }
    }

    public MeshOptions withStore(Path store) {
        return with(draft -> draft.store = store);
    }

    public MeshOptions withDurability(Durability durability) {
        return with(draft -> draft.durability = durability);
    }

    public MeshOptions withHostTimeout(Duration hostTimeout) {
        return with(draft -> draft.hostTimeout = hostTimeout);
    }

    public MeshOptions withLimits(Limits limits) {
        return with(draft -> draft.limits = limits);
    }

    public MeshOptions withMemberName(String memberName) {
        return with(draft -> draft.memberName = memberName);
    }

    public MeshOptions withRoles(String... roles) {
        return with(draft -> draft.roles = List.of(roles));
    }

    public MeshOptions withDirectory(Path directory) {
        return with(draft -> draft.directory = directory);
    }

    public MeshOptions withJoinTimeout(Duration joinTimeout) {
        return with(draft -> draft.joinTimeout = joinTimeout);
    }

    public MeshOptions withKeepWhenEmpty(boolean keepWhenEmpty) {
        return with(draft -> draft.keepWhenEmpty = keepWhenEmpty);
    }

    /** For a process that must not have to decide for others, say a short-lived tool or one that cannot write the store. */
    public MeshOptions neverHost() {
        return with(draft -> draft.mayHost = false);
    }

    public MeshOptions withDriver(Path driver) {
        return with(draft -> draft.driver = driver);
    }

    public MeshOptions withMaxWriters(int maxWriters) {
        return with(draft -> draft.maxWriters = maxWriters);
    }

    /** With one more role. */
    public MeshOptions withRole(String role) {
        List<String> more =
                Stream.concat(roles.stream(), Stream.of(role)).distinct().toList();
        return with(draft -> draft.roles = more);
    }

    public MeshOptions withMetadata(Map<String, String> metadata) {
        return with(draft -> draft.metadata = metadata);
    }

    /** How much history the revision files keep; removed in the background by the host. */
    public MeshOptions withRetention(Retention retention) {
        return with(draft -> draft.retention = retention);
    }

    /** For a member that counts in single microseconds and has a core to give. */
    public MeshOptions withSpinning(boolean spinning) {
        return with(draft -> draft.spinning = spinning);
    }

    private MeshOptions with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.options();
    }

    /** The same values, to be changed before they are options again. */
    private static final class Draft {
        private @Nullable Path store;
        private @Nullable Durability durability;
        private @Nullable Duration hostTimeout;
        private @Nullable Limits limits;
        private String memberName;
        private List<String> roles;
        private @Nullable Path directory;
        private Duration joinTimeout;
        private @Nullable Boolean keepWhenEmpty;
        private boolean mayHost;
        private @Nullable Path driver;
        private @Nullable Integer maxWriters;
        private Map<String, String> metadata;
        private @Nullable Retention retention;
        private boolean spinning;

        private Draft(MeshOptions from) {
            store = from.store;
            durability = from.durability;
            hostTimeout = from.hostTimeout;
            limits = from.limits;
            memberName = from.memberName;
            roles = from.roles;
            directory = from.directory;
            joinTimeout = from.joinTimeout;
            keepWhenEmpty = from.keepWhenEmpty;
            mayHost = from.mayHost;
            driver = from.driver;
            maxWriters = from.maxWriters;
            metadata = from.metadata;
            retention = from.retention;
            spinning = from.spinning;
        }

        private MeshOptions options() {
            return new MeshOptions(
                    store,
                    durability,
                    hostTimeout,
                    limits,
                    memberName,
                    roles,
                    directory,
                    joinTimeout,
                    keepWhenEmpty,
                    mayHost,
                    driver,
                    maxWriters,
                    metadata,
                    retention,
                    spinning);
        }
    }
}
