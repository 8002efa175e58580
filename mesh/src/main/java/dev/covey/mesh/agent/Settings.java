package dev.covey.mesh.agent;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.covey.mesh.MeshCode;
import dev.covey.mesh.MeshException;
import dev.covey.patch.Limits;
import dev.covey.store.Durability;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The options that all members of a mesh share: fixed by the first one, kept in the control file as JSON, compared with
 * what every later one says.
 *
 * @param durability when a patch counts as safe
 * @param store directory of journal and revision files, absolute, or null
 * @param hostTimeoutMillis after which silence a host that still has a process is deposed
 * @param limits of patches and values
 */
record Settings(Durability durability, @Nullable String store, long hostTimeoutMillis, Limits limits) {
    static final long DEFAULT_HOST_TIMEOUT_MILLIS = 2_000;
    /** Beats are late by up to 0.4 s on a small machine under load; below this a healthy host would be deposed. */
    static final long SHORTEST_HOST_TIMEOUT_MILLIS = 500;

    private static final ObjectMapper JSON = new ObjectMapper();

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
                first.store() == null ? null : absolute(first.store()),
                hostTimeout(first, DEFAULT_HOST_TIMEOUT_MILLIS),
                first.limits() == null ? Limits.DEFAULT : first.limits());
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

    private static String absolute(Path store) {
        return store.toAbsolutePath().normalize().toString();
    }

    /** Refuses a joiner that says something else than what holds here. */
    void requireMatch(JoinRequest joiner) {
        if (joiner.durability() != null) {
            same(joiner.mesh(), "durability", durability, joiner.durability());
        }
        if (joiner.store() != null) {
            same(joiner.mesh(), "store", store, absolute(joiner.store()));
        }
        if (joiner.hostTimeout() != null) {
            same(joiner.mesh(), "hostTimeout", hostTimeoutMillis + " ms", hostTimeout(joiner, 0) + " ms");
        }
        if (joiner.limits() != null) {
            same(joiner.mesh(), "limits", limits, joiner.limits());
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

    byte[] toBytes() {
        try {
            return JSON.writeValueAsBytes(this);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static Settings fromBytes(byte[] bytes) {
        try {
            return JSON.readValue(bytes, Settings.class);
        } catch (IOException malformed) {
            throw new MeshException(
                    MeshCode.CORRUPT,
                    "the options in the mesh's control file cannot be read: " + malformed.getMessage(),
                    malformed);
        }
    }
}
