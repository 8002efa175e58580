package dev.covey.examples.tour.demo;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.covey.patch.Patch;
import java.util.Map;

/** The object that the workers share, and the patches they make: what a patch says, the judge can tell from the store. */
final class Ledger {
    static final String MESH = "demo";
    static final String OBJECT = "ledger";
    /** Patches of all workers together. */
    static final String TOTAL = "total";
    /** Patches of each worker, by its name. */
    static final String WORKERS = "workers";
    /** Every so-many-th patch of a worker, as {worker, n}. */
    static final String MARKS = "marks";

    static final int MARK_EVERY = 100;

    private Ledger() {}

    static ObjectNode initial() {
        ObjectNode value = JsonNodeFactory.instance.objectNode();
        value.put(TOTAL, 0);
        value.putObject(WORKERS);
        value.putArray(MARKS);
        return value;
    }

    /** The n-th patch of a worker. Once applied, its own counter says n. */
    static Patch patch(String worker, long n) {
        Patch counters = Patch.inc("/" + WORKERS + "/" + worker, 1).and(Patch.inc("/" + TOTAL, 1));
        return n % MARK_EVERY == 0 ? counters.and(Patch.push("/" + MARKS, Map.of("worker", worker, "n", n))) : counters;
    }
}
