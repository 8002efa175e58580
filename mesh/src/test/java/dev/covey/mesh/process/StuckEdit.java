package dev.covey.mesh.process;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.covey.mesh.Mesh;
import dev.covey.patch.Patch;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A read-modify-write that loses three times, gets its turn in the line, and then never ends. */
final class StuckEdit {
    private static final int LUCK = 3;

    private final AtomicInteger runs = new AtomicInteger();
    private final CountDownLatch hasItsTurn = new CountDownLatch(1);
    private final CountDownLatch never = new CountDownLatch(1);

    /** Returns when it has its turn. */
    String take(Mesh mesh, String object, String scope) {
        var unused = mesh.object(object).edit(scope, value -> run(mesh, object, scope, value));
        await(hasItsTurn);
        return "has its turn";
    }

    private int run(Mesh mesh, String object, String scope, ObjectNode value) {
        if (runs.incrementAndGet() > LUCK) {
            hasItsTurn.countDown();
            await(never);
        }
        CompletableFuture.runAsync(() ->
                        mesh.object(object).patch(Patch.inc(scope + "/by", 1)).join())
                .join();
        value.put("stuck", true);
        return runs.get();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
