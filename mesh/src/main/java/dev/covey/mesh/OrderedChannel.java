package dev.covey.mesh;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.covey.patch.Patch;
import dev.covey.patch.PushOptions;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Events in one order that is the same for every member, through the journal: slower than a {@link Channel} itself, and
 * safe as a patch is. What was acknowledged survives its publisher and any change of host, and is heard once by every
 * listener; one that begins later can hear again what is kept.
 *
 * <p>An event is a revision of a shared object named for the channel, which keeps the last {@link #KEPT}; so it counts
 * towards the mesh's limits and, with a store, is in its history. Those of one member come in the order in which it
 * published them. Any thread.
 */
public final class OrderedChannel {
    /** Events that can be heard again. */
    public static final int KEPT = 1_000;

    private static final String PREFIX = "covey.ordered/";
    private static final String EVENTS = "/events";
    /** How often a publisher tries again that others have overtaken. */
    private static final int ATTEMPTS = 100;

    private final Mesh mesh;
    private final SharedObject object;
    private CompletableFuture<?> before = CompletableFuture.completedFuture(null);

    OrderedChannel(Mesh mesh, String channel) {
        this.mesh = mesh;
        this.object = mesh.object(PREFIX + channel);
    }

    /**
     * Publishes an event, after those that this member published before.
     *
     * @return ends with its number once it is acknowledged, or with a {@link MeshException} as a patch does
     */
    public synchronized CompletableFuture<Long> publish(JsonNode event) {
        ObjectNode element = JsonNodeFactory.instance.objectNode();
        element.put("from", mesh.self().number()).set("value", event);
        Patch patch = Patch.push(EVENTS, List.of(element), PushOptions.NONE.withSlice(-KEPT));
        PatchOptions options = PatchOptions.DEFAULT.withRestamped(ATTEMPTS);
        CompletableFuture<Long> published = before.handle((ended, failed) -> patch)
                .thenCompose(next -> object.patch(next, options))
                .thenApply(Revision::number);
        before = published;
        return published;
    }

    /** The number of the newest event, 0 before the first. Never waits. */
    public long last() {
        return object.revision();
    }

    /**
     * Listens.
     *
     * @param after number of the event after which to begin: 0 for all that are kept, {@link #last} for those to come
     */
    public Observation receive(long after, OrderedListener listener) {
        Reader reader = new Reader(after, listener);
        return object.observe(EVENTS, ObserveOptions.DEFAULT.withFromCurrent(true), reader::read);
    }

    /** What one listener has heard so far. */
    private static final class Reader {
        private final OrderedListener listener;
        private long heard;

        private Reader(long after, OrderedListener listener) {
            this.heard = after;
            this.listener = listener;
        }

        /** Every revision is one event, so a state tells by itself which numbers its events have. */
        private void read(Change change) {
            JsonNode events = change.after();
            long first = change.revision() - events.size() + 1;
            if (events.isEmpty() || change.revision() <= heard) {
                return;
            }
            if (heard + 1 < first) {
                listener.missed(heard + 1, first - 1);
                heard = first - 1;
            }
            while (heard < change.revision()) {
                JsonNode next = events.get((int) (heard + 1 - first));
                heard++;
                listener.received(heard, next.path("from").asLong(), next.path("value"));
            }
        }
    }
}
