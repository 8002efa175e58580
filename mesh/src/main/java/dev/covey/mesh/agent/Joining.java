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

    /** Returns when it is; else {@code close} was called, and the reason is thrown. */
    void await(JoinRequest request, Premises premises, Runnable close) {
        try {
            joined.get(request.joinTimeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            close.run();
            throw premises.noAnswer(request);
        } catch (InterruptedException interrupted) {
            close.run();
            Thread.currentThread().interrupt();
            throw new MeshException(MeshCode.CLOSED, "mesh " + request.mesh() + ": interrupted while joining");
        } catch (ExecutionException refused) {
            close.run();
            throw refused.getCause() instanceof MeshException why
                    ? why
                    : new MeshException(MeshCode.TRANSPORT_LOST, "mesh " + request.mesh() + " ended", refused);
        }
    }
}
