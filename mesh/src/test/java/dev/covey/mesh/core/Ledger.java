package dev.covey.mesh.core;

import com.fasterxml.jackson.databind.JsonNode;
import dev.covey.mesh.protocol.Fact;
import dev.covey.mesh.protocol.LogRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is true: written down at the instant the cell moved, by somebody who sees everything, and never changed. All that
 * members apply, answer and say is held against it. It applies the records by itself, the slow way.
 */
final class Ledger {
    private record Submission(int process, boolean ended) {}

    private final List<LogRecord> records = new ArrayList<>();
    private final List<State> states = new ArrayList<>(List.of(State.EMPTY));
    private final Map<Long, Long> lastSequences = new TreeMap<>();
    private final Map<Long, Long> effects = new TreeMap<>();
    private final Map<Integer, Long> newestEffects = new TreeMap<>();
    private final Map<Long, Submission> submissions = new TreeMap<>();
    private final Map<Integer, Long> newestEnds = new TreeMap<>();

    long position() {
        return records.size();
    }

    State state() {
        return states.get(records.size());
    }

    LogRecord at(long position) {
        return records.get((int) position - 1);
    }

    /** The cell moved over this record. */
    void committed(LogRecord record) {
        if (record.position() <= position()) {
            throw new Violation(
                    "committed prefix changed: " + Words.of(at(record.position())) + " became " + Words.of(record));
        }
        Violation.unless(record.position() == position() + 1, "a gap before " + Words.of(record));
        State before = state();
        Violation.unless(record.timeMicros() > before.timeMicros(), "time does not rise at " + Words.of(record));
        Violation.unless(record.epoch() >= before.epoch(), "epochs go back at " + Words.of(record));
        boolean first = record.epoch() > before.epoch();
        Violation.unless(first == record.fact() instanceof Fact.EpochBegan, "an epoch begins with " + Words.of(record));
        sequence(record);
        State after = before.apply(record);
        records.add(record);
        states.add(after);
        if (record.fact() instanceof Fact.Patched patched) {
            effect(record, ids(before, patched.object()), ids(after, patched.object()));
        }
    }

    private void sequence(LogRecord record) {
        if (record.sequence() > 0) {
            Long last = lastSequences.put(record.member(), record.sequence());
            Violation.unless(
                    record.sequence() == (last == null ? 0 : last) + 1,
                    "after sequence " + last + " of member " + record.member() + ": " + Words.of(record));
        }
    }

    /** Every patch pushes its ticket, so that the value itself tells which of them took effect, and in which order. */
    private static JsonNode ids(State state, String object) {
        return state.object(object).value().path("ids");
    }

    private void effect(LogRecord record, JsonNode before, JsonNode after) {
        for (int i = before.size(); i < after.size(); i++) {
            long ticket = after.get(i).longValue();
            Long earlier = effects.put(ticket, record.position());
            Violation.unless(earlier == null, "ticket " + ticket + " took effect at " + earlier + " and at " + record);
            Submission submission = submissions.get(ticket);
            if (submission == null) {
                throw new Violation("nobody asked for ticket " + ticket);
            }
            Long newest = newestEffects.put(submission.process(), ticket);
            Violation.unless(newest == null || newest < ticket, "ticket " + ticket + " took effect after " + newest);
        }
    }

    /** A member applied this record and got to this state. */
    void applied(LogRecord record, State after) {
        Violation.unless(record.position() <= position(), "applied before it was committed: " + Words.of(record));
        LogRecord truth = at(record.position());
        Violation.unless(record.equals(truth), "applied " + Words.of(record) + " instead of " + Words.of(truth));
        same(after);
    }

    /** Somebody is at that state. */
    void same(State state) {
        Violation.unless(state.position() <= position(), "nothing is committed at " + state.position());
        Violation.unless(
                state.hash() == states.get((int) state.position()).hash(),
                "another state hash at position " + state.position());
    }

    /** The same, every byte of it. */
    void identical(State state) {
        same(state);
        Violation.unless(
                Arrays.equals(StateEncoder.encode(state), StateEncoder.encode(states.get((int) state.position()))),
                "another state at position " + state.position());
    }

    void submitted(long ticket, int process) {
        submissions.put(ticket, new Submission(process, false));
    }

    /** A caller got its answer. */
    void completed(long ticket, long member, Outcome outcome) {
        end(ticket);
        Violation.unless(outcome.position() <= position(), "answered before it was committed: ticket " + ticket);
        LogRecord record = at(outcome.position());
        boolean own = record.member() == member && record.sequence() == outcome.sequence();
        Violation.unless(own, "ticket " + ticket + " was answered with " + Words.of(record));
        boolean changed = outcome instanceof Outcome.Accepted accepted && accepted.changed();
        Long effect = effects.get(ticket);
        if (changed && record.fact() instanceof Fact.Patched patched && patched.revision() > 0) {
            boolean there = effect == null ? isInitial(record) : effect == outcome.position();
            Violation.unless(there, "ticket " + ticket + " was acknowledged and is not there");
        } else {
            Violation.unless(effect == null, "ticket " + ticket + " took effect and got " + Words.of(outcome));
        }
    }

    private boolean isInitial(LogRecord record) {
        return record.fact() instanceof Fact.Patched patched && patched.revision() == 1;
    }

    void lost(long ticket) {
        end(ticket);
    }

    private void end(long ticket) {
        Submission submission = submissions.get(ticket);
        if (submission == null || submission.ended()) {
            throw new Violation("ticket " + ticket + " ended twice");
        }
        submissions.put(ticket, new Submission(submission.process(), true));
        Long newest = newestEnds.put(submission.process(), ticket);
        Violation.unless(newest == null || newest < ticket, "ticket " + ticket + " ended after " + newest);
    }

    boolean hasOpen(int process) {
        return submissions.values().stream().anyMatch(open -> open.process() == process && !open.ended());
    }
}
