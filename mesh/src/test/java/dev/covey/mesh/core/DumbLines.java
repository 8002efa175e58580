package dev.covey.mesh.core;

import dev.covey.mesh.core.Tally.Event;
import dev.covey.mesh.protocol.Fact;
import dev.covey.mesh.protocol.LineId;
import dev.covey.mesh.protocol.LogRecord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Lines as one would keep them on paper: everybody in the order in which they came, and the first so many have it. The
 * state of every position must say the same, and nobody but they may have patched.
 */
final class DumbLines {
    private record Standing(long request, long member) {}

    private final Map<LineId, List<Standing>> lines = new TreeMap<>();
    private final Map<LineId, Integer> permits = new TreeMap<>();
    private final Map<LineId, Long> newestTokens = new TreeMap<>();

    void check(State before, LogRecord record, State after) {
        Fact fact = record.fact();
        if (fact instanceof Fact.Patched patched && patched.object().equals(Rivalry.GUARDED)) {
            patched(before, record);
        } else if (fact instanceof Fact.Guarded guarded) {
            Integer earlier = permits.put(LineId.writers(guarded.object()), guarded.writers());
            Violation.unless(earlier == null, () -> "a limit changed by " + Words.of(record));
        } else if (fact instanceof Fact.QueuedUp queued) {
            line(queued.line()).add(new Standing(record.position(), record.member()));
        } else if (fact instanceof Fact.SteppedOut stepped) {
            line(stepped.line()).removeIf(standing -> standing.request() == stepped.request());
        } else if (fact instanceof Fact.Left left) {
            lines.values().forEach(line -> line.removeIf(standing -> standing.member() == left.number()));
        }
        lines.forEach((id, line) -> same(id, line, after, record));
    }

    private List<Standing> line(LineId id) {
        return lines.computeIfAbsent(id, unused -> new ArrayList<>());
    }

    /** Before there is a limit everybody may. */
    private void patched(State before, LogRecord record) {
        Integer limit = permits.get(LineId.writers(Rivalry.GUARDED));
        List<Standing> first = limit == null
                ? List.of()
                : line(LineId.writers(Rivalry.GUARDED)).stream().limit(limit).toList();
        boolean may = limit == null || first.stream().anyMatch(standing -> standing.member() == record.member());
        Violation.unless(may, () -> "patched without a permit: " + Words.of(record) + " after " + before.position());
    }

    private void same(LineId id, List<Standing> line, State after, LogRecord record) {
        int limit = permits.getOrDefault(id, 1);
        Line there = after.holdings().line(id);
        List<Long> first = line.stream().limit(limit).map(Standing::request).toList();
        List<Long> rest = line.stream().skip(limit).map(Standing::request).toList();
        boolean same = first.equals(List.copyOf(there.holders().keySet()))
                && rest.equals(List.copyOf(there.waiting().keySet()));
        Violation.unless(
                same, () -> id + " should be " + first + ", " + rest + " at " + Words.of(record) + ": " + there);
        Violation.unless(first.size() <= limit, () -> id + " has more than " + limit + " at " + Words.of(record));
        if (!first.isEmpty()) {
            long newest = Collections.max(
                    there.holders().values().stream().map(Permit::token).toList());
            Long before = newestTokens.put(id, Math.max(newest, newestTokens.getOrDefault(id, 0L)));
            boolean fresh = before == null || newest <= before || newest == record.position();
            Violation.unless(fresh, () -> id + ": a token is not of the record that granted it at " + Words.of(record));
        }
    }

    static void count(LogRecord record, Tally tally) {
        if (record.fact() instanceof Fact.QueuedUp) {
            tally.count(Event.QUEUED_UP);
        } else if (record.fact() instanceof Fact.SteppedOut) {
            tally.count(record.sequence() == 0 ? Event.EXPIRED : Event.STEPPED_OUT);
        }
    }
}
