package dev.covey.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Requests of this member that wait for a reply. Any thread. */
final class Replies {
    /** Requests under way; beyond, OVERLOADED. */
    static final int MAX_WAITING = 4_096;

    /** A request, and where its reply will be. */
    record Asked(long id, CompletableFuture<JsonNode> answer) {}

    private final String mesh;
    private final Map<Long, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();
    private final AtomicLong lastId = new AtomicLong();
    private volatile @Nullable RpcException ended;

    Replies(String mesh) {
        this.mesh = mesh;
    }

    Asked ask(String topic, Duration timeout) {
        if (waiting.size() >= MAX_WAITING) {
            throw new RpcException(
                    RpcCode.OVERLOADED,
                    topic + ": " + MAX_WAITING + " requests of this member wait for replies, which is the limit");
        }
        long id = lastId.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        waiting.put(id, answer);
        CompletableFuture.delayedExecutor(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .execute(() -> late(topic, timeout, answer));
        CompletableFuture<JsonNode> unused = answer.whenComplete((reply, why) -> waiting.remove(id));
        RpcException closed = ended;
        if (closed != null) {
            answer.completeExceptionally(closed);
        }
        return new Asked(id, answer);
    }

    private void late(String topic, Duration timeout, CompletableFuture<JsonNode> answer) {
        answer.completeExceptionally(new RpcException(
                RpcCode.DEADLINE_EXCEEDED,
                "nobody in mesh " + mesh + " replied to " + topic + " within " + timeout.toMillis() + " ms"));
    }

    void came(long id, JsonNode reply) {
        CompletableFuture<JsonNode> answer = waiting.get(id);
        if (answer != null) {
            CompletableFuture<JsonNode> unused = answer.completeAsync(() -> reply);
        }
    }

    void end(RpcException why) {
        ended = why;
        waiting.values().forEach(answer -> answer.completeExceptionally(why));
    }
}
