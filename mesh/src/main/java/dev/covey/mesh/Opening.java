package dev.covey.mesh;

import com.fasterxml.jackson.databind.JsonNode;
import dev.covey.mesh.core.Line;
import dev.covey.mesh.protocol.Command;
import dev.covey.patch.Patch;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What somebody who opens an object says about it, brought to the mesh before he gets it. */
final class Opening {
    private final Mesh mesh;
    private final SharedObject object;
    private final Duration timeout;

    private Opening(Mesh mesh, SharedObject object, Duration timeout) {
        this.mesh = mesh;
        this.object = object;
        this.timeout = timeout;
    }

    /** Waits only for what is not so already. */
    static void of(Mesh mesh, SharedObject object, ObjectOptions options) {
        Opening opening = new Opening(mesh, object, options.timeout());
        if (options.maxWriters() > 0) {
            opening.guard(options.maxWriters(), options.writerExpiry().toMillis());
        }
        JsonNode initial = options.initial();
        if (initial != null && !object.exists()) {
            opening.initialize(initial);
        }
    }

    private void guard(int writers, long expiryMillis) {
        Line there = mesh.holdings().writers(object.id());
        if (there == null || there.permits() != writers || there.expiryMillis() != expiryMillis) {
            await(
                    ObjectRequest.send(
                            mesh, object, unused -> new Command.Guard(object.id(), writers, expiryMillis), timeout),
                    "maxWriters");
        }
    }

    private void initialize(JsonNode value) {
        Patch patch = Patch.set("", value);
        object.requireFits(patch);
        await(
                ObjectRequest.send(
                        mesh, object, created -> new Command.Initialize(object.id(), patch, created), timeout),
                "its first value");
    }

    private void await(CompletableFuture<Revision> answer, String what) {
        String id = object.id();
        try {
            answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            throw new MeshException(
                    MeshCode.UNKNOWN_OUTCOME,
                    id + ": no answer within " + timeout.toMillis() + " ms to " + what
                            + "; open it again to see whether there is one");
        } catch (ExecutionException refused) {
            throw refused.getCause() instanceof MeshException why
                    ? why
                    : new MeshException(MeshCode.INVALID_PATCH, id + ": " + refused.getCause(), refused);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new MeshException(MeshCode.UNKNOWN_OUTCOME, id + ": interrupted while waiting for " + what);
        }
    }
}
