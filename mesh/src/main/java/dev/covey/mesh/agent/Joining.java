package dev.covey.mesh.agent;

import dev.covey.mesh.MeshCode;
import dev.covey.mesh.MeshException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** How who joins waits until the mesh has recorded it. */
final class Joining {
    private final CompletableFuture<Void> joined = new CompletableFuture<>();

    void done() {
        joined.complete(null);
    }

    /** It never will be, unless it was. */
    void refused(MeshException why) {
        joined.completeExceptionally(why);
    }

    /** Returns when it is; else the reason is thrown. */
    void await(Entry entry, Premises premises) {
        entry.deadline.now("waiting for its answer");
        try {
            joined.get(entry.deadline.left().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            throw premises.noAnswer(entry.request, entry.deadline);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new MeshException(MeshCode.CLOSED, "mesh " + entry.request.mesh() + ": interrupted while joining");
        } catch (ExecutionException refused) {
            throw refused.getCause() instanceof MeshException why
                    ? why
                    : new MeshException(MeshCode.TRANSPORT_LOST, "mesh " + entry.request.mesh() + " ended", refused);
        }
    }
}
