package dev.covey.mesh.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.covey.mesh.MeshCode;
import dev.covey.mesh.MeshException;
import dev.covey.patch.FrozenTree;
import dev.covey.patch.Limits;
import dev.covey.patch.PatchException;
import dev.covey.patch.ValueCodec;
import dev.covey.store.Durability;
import dev.covey.store.Retention;
import dev.covey.store.StoreDirectory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The options that all members of a mesh share: fixed by the first one, kept in the control file, compared with
 * what every later one says.
 *
 * @param durability when a patch counts as safe
 * @param store directory of journal and revision files, its real path, or null
 * @param hostTimeoutMillis after which silence a host that still has a process is deposed
 * @param limits of patches and values
 * @param keepWhenEmpty whether the mesh directory stays when the last member has left
 * @param driver directory of a media driver that somebody else runs, absolute, or null
 * @param maxWriters how many members with the role writer there may be, 0 for no limit
 * @param retention how much history the revision files keep
 */
public record Settings(
        Durability durability,
        @Nullable String store,
        long hostTimeoutMillis,
        Limits limits,
        boolean keepWhenEmpty,
        @Nullable String driver,
        int maxWriters,
        Retention retention) {
    static final long DEFAULT_HOST_TIMEOUT_MILLIS = 2_000;
    /** Beats are late by up to 0.4 s on a small machine under load; below this a healthy host would be deposed. */
    static final long SHORTEST_HOST_TIMEOUT_MILLIS = 500;

    /** What a mesh gets whose first member says this. */
    static Settings of(JoinRequest first) {
        Durability durability = first.durability();
        if (durability == null) {
            durability = first.store() == null ? Durability.MEMORY : Durability.OS;
        }
        if (durability != Durability.MEMORY && first.store() == null) {
            throw new MeshException(
                    MeshCode.STORE_FAILED,
                    "mesh " + first.mesh() + ": durability " + durability
                            + " needs a directory to write to; give one with withStore(path), or ask for MEMORY");
        }
        return new Settings(
                durability,
                first.store() == null ? null : real(first.store()),
                hostTimeout(first, DEFAULT_HOST_TIMEOUT_MILLIS),
                first.limits() == null ? Limits.DEFAULT : first.limits(),
                Boolean.TRUE.equals(first.keepWhenEmpty()),
                first.driver() == null ? null : absolute(first.driver()),
                first.maxWriters() == null ? 0 : first.maxWriters(),
                first.retention() == null ? Retention.EVERYTHING : first.retention());
    }

    private static long hostTimeout(JoinRequest request, long otherwise) {
        if (request.hostTimeout() == null) {
            return otherwise;
        }
        long millis = request.hostTimeout().toMillis();
        if (millis < SHORTEST_HOST_TIMEOUT_MILLIS) {
            throw new MeshException(
                    MeshCode.LIMIT_EXCEEDED,
                    "mesh " + request.mesh() + ": hostTimeout is " + millis + " ms, at least "
                            + SHORTEST_HOST_TIMEOUT_MILLIS + " ms are needed or healthy hosts would be deposed");
        }
        return millis;
    }

    /** The same with a store of that name. */
    Settings withStore(String path) {
        return new Settings(durability, path, hostTimeoutMillis, limits, keepWhenEmpty, driver, maxWriters, retention);
    }

    private static String absolute(Path driver) {
        return driver.toAbsolutePath().normalize().toString();
    }

    /** A store is one store by whatever name, so all compare the same one. */
    private static String real(Path store) {
        return StoreDirectory.real(store).toString();
    }

    /** Refuses a joiner that says something else than what holds here. */
    void requireMatch(JoinRequest joiner) {
        if (joiner.durability() != null) {
            same(joiner.mesh(), "durability", durability, joiner.durability());
        }
        if (joiner.store() != null) {
            same(joiner.mesh(), "store", store, real(joiner.store()));
        }
        if (joiner.hostTimeout() != null) {
            same(joiner.mesh(), "hostTimeout", hostTimeoutMillis + " ms", hostTimeout(joiner, 0) + " ms");
        }
        if (joiner.limits() != null) {
            same(joiner.mesh(), "limits", limits, joiner.limits());
        }
        if (joiner.keepWhenEmpty() != null) {
            same(joiner.mesh(), "keepWhenEmpty", keepWhenEmpty, joiner.keepWhenEmpty());
        }
        if (joiner.driver() != null) {
            same(joiner.mesh(), "driver", driver, absolute(joiner.driver()));
        }
        if (joiner.maxWriters() != null) {
            same(joiner.mesh(), "maxWriters", maxWriters, joiner.maxWriters());
        }
        if (joiner.retention() != null) {
            same(joiner.mesh(), "retention", retention, joiner.retention());
        }
    }

    private static void same(String mesh, String option, @Nullable Object ours, Object theirs) {
        if (!Objects.equals(ours, theirs)) {
            throw new MeshException(
                    MeshCode.OPTIONS_MISMATCH,
                    "mesh " + mesh + " was started with " + option + " " + (ours == null ? "none" : ours)
                            + ", this member asks for " + theirs + "; ask for the same, or leave " + option
                            + " out to take what the mesh has");
        }
    }

    /** As a frozen value of the patch room: reading it needs no data binding, whose classes would slow down every join. */
    byte[] toBytes() {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("durability", durability.name()).put("store", store == null ? "" : store);
        node.put("hostTimeoutMillis", hostTimeoutMillis).put("keepWhenEmpty", keepWhenEmpty);
        node.put("driver", driver == null ? "" : driver).put("maxWriters", maxWriters);
        ObjectNode kept = node.putObject("retention");
        kept.put("revisions", retention.revisions()).put("ageMillis", retention.ageMillis());
        kept.put("bytes", retention.bytes());
        ObjectNode limit = node.putObject("limits");
        limit.put("depth", limits.depth()).put("padding", limits.padding());
        limit.put("arrayLength", limits.arrayLength()).put("objectMembers", limits.objectMembers());
        limit.put("patchBytes", limits.patchBytes()).put("operations", limits.operations());
        limit.put("valueBytes", limits.valueBytes()).put("keyBytes", limits.keyBytes());
        limit.put("stringBytes", limits.stringBytes()).put("comparisons", limits.comparisons());
        return ValueCodec.toBytes(FrozenTree.freeze(node));
    }

    static Settings fromBytes(byte[] bytes) {
        try {
            JsonNode node = ValueCodec.fromBytes(ByteBuffer.wrap(bytes), Limits.DEFAULT);
            String store = node.required("store").asText();
            String driver = node.required("driver").asText();
            return new Settings(
                    Durability.valueOf(node.required("durability").asText()),
                    store.isEmpty() ? null : store,
                    node.required("hostTimeoutMillis").asLong(),
                    limits(node.required("limits")),
                    node.required("keepWhenEmpty").asBoolean(),
                    driver.isEmpty() ? null : driver,
                    node.required("maxWriters").asInt(),
                    retention(node.required("retention")));
        } catch (PatchException | IllegalArgumentException malformed) {
            throw new MeshException(
                    MeshCode.CORRUPT,
                    "the options in the mesh's control file cannot be read: " + malformed.getMessage(),
                    malformed);
        }
    }

    private static Retention retention(JsonNode kept) {
        return new Retention(
                kept.required("revisions").asLong(),
                kept.required("ageMillis").asLong(),
                kept.required("bytes").asLong());
    }

    private static Limits limits(JsonNode limit) {
        return new Limits(
                limit.required("depth").asInt(),
                limit.required("padding").asInt(),
                limit.required("arrayLength").asInt(),
                limit.required("objectMembers").asInt(),
                limit.required("patchBytes").asInt(),
                limit.required("operations").asInt(),
                limit.required("valueBytes").asLong(),
                limit.required("keyBytes").asInt(),
                limit.required("stringBytes").asInt(),
                limit.required("comparisons").asLong());
    }
}
