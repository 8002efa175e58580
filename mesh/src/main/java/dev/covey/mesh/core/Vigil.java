package dev.covey.mesh.core;

import dev.covey.mesh.protocol.Command.Guard;
import dev.covey.mesh.protocol.Fact;
import dev.covey.mesh.protocol.LineId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * When a host last heard of whom, for permits that a silent holder loses. Nothing of it is replicated: it only says when to
 * decide that somebody stepped out, and a wrong guess costs a permit, never the limit.
 *
 * <p>A host that did not look for a while was frozen itself, or stood in a queue for a processor. It has heard of nobody
 * meanwhile, and begins to count anew. So does one whose clock was set: when it heard of whom says nothing any more.
 */
final class Vigil {
    private static final long MICROS_PER_MILLI = 1_000;
    private static final long ROUND_MICROS = 20 * MICROS_PER_MILLI;
    private static final long FROZEN_MICROS = Guard.SHORTEST_EXPIRY_MILLIS / 2 * MICROS_PER_MILLI;

    private final SortedMap<Long, Long> heard = new TreeMap<>();
    private long lookedMicros;
    private long since;

    Vigil(long nowMicros) {
        lookedMicros = nowMicros;
        since = nowMicros;
    }

    void heard(long member, long nowMicros) {
        heard.put(member, nowMicros);
    }

    /** What the host finds overdue now. */
    List<Fact.SteppedOut> overdue(State state, long nowMicros) {
        if (state.holdings().lines().isEmpty() || Math.abs(nowMicros - lookedMicros) < ROUND_MICROS) {
            return List.of();
        }
        if (Math.abs(nowMicros - lookedMicros) > FROZEN_MICROS) {
            since = nowMicros;
            heard.clear();
        }
        lookedMicros = nowMicros;
        heard.keySet().retainAll(state.sessions().keySet());
        List<Fact.SteppedOut> overdue = new ArrayList<>();
        for (Map.Entry<LineId, Line> entry : state.holdings().lines().entrySet()) {
            overdue(entry.getKey(), entry.getValue(), state.hostNumber(), nowMicros, overdue);
        }
        return overdue;
    }

    private void overdue(LineId id, Line line, long host, long nowMicros, List<Fact.SteppedOut> overdue) {
        long expiry = line.expiryMillis() * MICROS_PER_MILLI;
        for (Permit permit : line.holders().values()) {
            long last = Math.max(since, heard.getOrDefault(permit.member(), since));
            if (expiry > 0 && permit.member() != host && nowMicros - last > expiry) {
                overdue.add(new Fact.SteppedOut(id, permit.request()));
            }
        }
    }
}
