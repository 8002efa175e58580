package dev.covey.examples.tour.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.covey.store.ObjectStore;
import dev.covey.store.StoredRevision;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The ledger's history as the store has it, read from the first revision to the last and worked out again by means of its
 * own, which know three kinds of change and nothing of Covey's patches.
 */
final class History {
    private static final int MAX_COMPLAINTS = 20;

    private final ObjectStore store;
    private final Consumer<String> complaints;
    private final Map<String, LongList> revisionsOf = new LinkedHashMap<>();
    private ObjectNode value = Ledger.initial();
    private long last;
    private long doubled;
    private int complained;

    private History(ObjectStore store, Consumer<String> complaints) {
        this.store = store;
        this.complaints = complaints;
    }

    static History read(ObjectStore store, Consumer<String> complaints) {
        History history = new History(store, complaints);
        try (Stream<StoredRevision> revisions = store.revisions(Ledger.OBJECT)) {
            revisions.forEach(history::add);
        }
        return history;
    }

    private void add(StoredRevision revision) {
        if (revision.number() != last + 1) {
            complain("revision " + revision.number() + " follows revision " + last);
        }
        last = revision.number();
        if (last == 1) {
            value = state(1);
            if (!value.equals(Ledger.initial())) {
                complain("revision 1 is " + value + ", the initial value was expected");
            }
            return;
        }
        Map<String, Long> before = counters(value);
        value = after(revision);
        note(revision, before, counters(value));
    }

    private ObjectNode after(StoredRevision revision) {
        JsonNode change = revision.change();
        if (change == null) {
            return state(revision.number());
        }
        for (JsonNode operation : change) {
            apply(operation, revision.number());
        }
        return value;
    }

    private ObjectNode state(long revision) {
        return store.at(Ledger.OBJECT, revision)
                .map(stored -> (ObjectNode) stored.value().deepCopy())
                .orElseThrow(() -> new IllegalStateException("revision " + revision + " cannot be read"));
    }

    /** An {@code add} or {@code replace} of RFC 6902 at one of the three places that the workers touch. */
    private void apply(JsonNode operation, long revision) {
        String path = operation.path("path").asText();
        String kind = operation.path("op").asText();
        List<String> steps = List.of(path.split("/", -1));
        if (!kind.equals("add") && !kind.equals("replace")) {
            complain("revision " + revision + " has a change that no worker made: " + operation);
        } else if (path.equals("/" + Ledger.TOTAL)) {
            value.set(Ledger.TOTAL, operation.path("value"));
        } else if (steps.size() == 3 && steps.get(1).equals(Ledger.WORKERS)) {
            ((ObjectNode) value.path(Ledger.WORKERS)).set(steps.get(2), operation.path("value"));
        } else if (steps.size() == 3 && steps.get(1).equals(Ledger.MARKS)) {
            mark(steps.get(2), operation, revision);
        } else {
            complain("revision " + revision + " has a change that no worker made: " + operation);
        }
    }

    private void mark(String step, JsonNode operation, long revision) {
        ArrayNode marks = (ArrayNode) value.path(Ledger.MARKS);
        if (!step.equals("-") && Integer.parseInt(step) != marks.size()) {
            complain("revision " + revision + " marks at " + step + ", the list has " + marks.size());
        }
        marks.add(operation.path("value"));
    }

    private static Map<String, Long> counters(ObjectNode of) {
        Map<String, Long> counters = new LinkedHashMap<>();
        of.path(Ledger.WORKERS)
                .properties()
                .forEach(entry -> counters.put(entry.getKey(), entry.getValue().asLong()));
        return counters;
    }

    /** Each revision is one patch of one worker: its counter is one further, and nobody else's. */
    private void note(StoredRevision revision, Map<String, Long> before, Map<String, Long> after) {
        boolean noted = false;
        for (Map.Entry<String, Long> counter : after.entrySet()) {
            String worker = counter.getKey();
            long steps = counter.getValue() - before.getOrDefault(worker, 0L);
            if (steps == 0) {
                continue;
            }
            if (steps != 1 || noted || !revision.author().equals(worker)) {
                complain("revision " + revision.number() + " by " + revision.author() + " moves " + worker + " by "
                        + steps);
                doubled += Math.max(0, steps - 1);
            }
            noted = true;
            revisionsOf.computeIfAbsent(worker, unused -> new LongList()).add(counter.getValue(), revision.number());
        }
        if (!noted) {
            complain("revision " + revision.number() + " by " + revision.author() + " moves no worker's counter");
        }
    }

    /** Whether the counters, the total and the list say the same. */
    boolean addsUp() {
        long sum = counters(value).values().stream().mapToLong(Long::longValue).sum();
        long marks = counters(value).values().stream()
                .mapToLong(count -> count / Ledger.MARK_EVERY)
                .sum();
        boolean equal = sum == value.path(Ledger.TOTAL).asLong()
                && sum == last - 1
                && marks == value.path(Ledger.MARKS).size();
        if (!equal) {
            complain("the workers' counters make " + sum + ", total is " + value.path(Ledger.TOTAL) + ", there are "
                    + (last - 1) + " patches, and " + value.path(Ledger.MARKS).size() + " marks of " + marks);
        }
        return equal;
    }

    void complain(String sentence) {
        if (++complained <= MAX_COMPLAINTS) {
            complaints.accept(sentence);
        }
    }

    boolean isClean() {
        return complained == 0;
    }

    ObjectNode value() {
        return value;
    }

    long last() {
        return last;
    }

    long doubled() {
        return doubled
                + revisionsOf.values().stream().mapToLong(LongList::repeated).sum();
    }

    /** Whether that revision is that worker's n-th patch. */
    boolean holds(String worker, long n, long revision) {
        LongList revisions = revisionsOf.get(worker);
        return revisions != null && revisions.get(n) == revision;
    }
}
