package dev.covey.mesh.core;

import com.fasterxml.jackson.databind.JsonNode;
import dev.covey.mesh.protocol.Fact;
import dev.covey.mesh.protocol.LogRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongFunction;

/**
 * What is true: written down at the instant the cell moved, by somebody who sees everything, and never changed. All that
 * members apply, answer and say is held against it. It applies the records by itself, the slow way.
 */
final class Ledger {
    private record Submission(int process, boolean pushes, boolean ended, boolean refused) {
        Submission over(boolean unsent) {
            return new Submission(process, pushes, true, unsent);
        }
    }

    private static final int EPOCH_SHIFT = 32;

    private final Belongings belongings = new Belongings();
    private DumbLines lines = new DumbLines();

    private final List<LogRecord> records = new ArrayList<>();
    private final List<State> states = new ArrayList<>(List.of(State.EMPTY));
    private final List<Long> hashes = new ArrayList<>(List.of(State.EMPTY.hash()));
    private final Map<Long, LogRecord> places = new HashMap<>();
    private final List<LogRecord> told = new ArrayList<>();
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

    /**
     * A new life begins at a position, with the records that a starter found.
     *
     * @param from up to here a snapshot says it all
     * @param lossy whether the end may be lost: then what is lost never happened
     */
    void reborn(long from, long position, boolean lossy, LongFunction<LogRecord> found) {
        Violation.unless(
                lossy || position >= position(),
                () -> "acknowledged up to " + position() + ", found " + position + " records when everybody was dead");
        long same = Math.min(position, position());
        for (long next = from + 1; next <= same; next++) {
            if (!at(next).equals(found.apply(next))) {
                long differs = next;
                Violation.unless(
                        lossy,
                        () -> "found " + Words.of(found.apply(differs)) + ", acknowledged was "
                                + Words.of(at(differs)));
                same = next - 1;
            }
        }
        if (same < position()) {
            cut(same);
        }
        while (position() < position) {
            committed(found.apply(position() + 1));
        }
    }

    private void cut(long position) {
        while (position() > position) {
            records.remove(records.size() - 1);
            states.remove(states.size() - 1);
            hashes.remove(hashes.size() - 1);
        }
        places.values().removeIf(record -> record.position() > position);
        lines = new DumbLines();
        for (int i = 0; i < position; i++) {
            lines.check(states.get(i), records.get(i), states.get(i + 1));
        }
        State now = state();
        effects.values().removeIf(effect -> effect > position);
        newestEffects.clear();
        effects.keySet().forEach(ticket -> {
            Submission submission = submissions.get(ticket);
            if (submission != null) {
                newestEffects.merge(submission.process(), ticket, Math::max);
            }
        });
        told.removeIf(record -> record.position() > position);
        lastSequences.keySet().removeIf(member -> member >= now.nextNumber());
        now.sessions().values().forEach(session -> lastSequences.put(session.number(), session.lastSequence()));
    }

    /** The cell moved over this record. */
    void committed(LogRecord record) {
        if (record.position() <= position()) {
            throw new Violation(
                    "committed prefix changed: " + Words.of(at(record.position())) + " became " + Words.of(record));
        }
        Violation.unless(record.position() == position() + 1, () -> "a gap before " + Words.of(record));
        State before = state();
        Violation.unless(record.timeMicros() > before.timeMicros(), () -> "time does not rise at " + Words.of(record));
        Violation.unless(record.epoch() >= before.epoch(), () -> "epochs go back at " + Words.of(record));
        boolean first = record.epoch() > before.epoch();
        Violation.unless(
                first == record.fact() instanceof Fact.EpochBegan, () -> "an epoch begins with " + Words.of(record));
        LogRecord same = places.putIfAbsent(record.epoch() << EPOCH_SHIFT | record.position(), record);
        Violation.unless(same == null || same.equals(record), () -> "a place comes back: " + Words.of(record));
        sequence(record);
        State after = before.apply(record);
        records.add(record);
        states.add(after);
        hashes.add(after.hash());
        belongings.check(before, record, after);
        lines.check(before, record, after);
        if (record.fact() instanceof Fact.Patched patched) {
            effect(record, ids(before, patched.object()), ids(after, patched.object()));
        }
    }

    private void sequence(LogRecord record) {
        if (record.sequence() > 0) {
            Long last = lastSequences.put(record.member(), record.sequence());
            Violation.unless(
                    record.sequence() == (last == null ? 0 : last) + 1,
                    () -> "after sequence " + last + " of member " + record.member() + ": " + Words.of(record));
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
            Violation.unless(
                    earlier == null, () -> "ticket " + ticket + " took effect at " + earlier + " and at " + record);
            Submission submission = submissions.get(ticket);
            if (submission == null) {
                throw new Violation("nobody asked for ticket " + ticket);
            }
            Violation.unless(!submission.refused(), () -> "ticket " + ticket + " took effect, and was never sent");
            Long newest = newestEffects.put(submission.process(), ticket);
            Violation.unless(
                    newest == null || newest < ticket, () -> "ticket " + ticket + " took effect after " + newest);
        }
    }

    /** A member applied this record and got to this state. */
    void applied(LogRecord record, State after) {
        Violation.unless(record.position() <= position(), () -> "applied before it was committed: " + Words.of(record));
        LogRecord truth = at(record.position());
        Violation.unless(record.equals(truth), () -> "applied " + Words.of(record) + " instead of " + Words.of(truth));
        same(after);
    }

    /** Somebody is at that state. */
    void same(State state) {
        Violation.unless(state.position() <= position(), () -> "nothing is committed at " + state.position());
        Violation.unless(
                state.hash() == hashes.get((int) state.position()),
                () -> "another state hash at position " + state.position());
    }

    /** The same, every byte of it. */
    void identical(State state) {
        same(state);
        Violation.unless(
                Arrays.equals(StateEncoder.encode(state), StateEncoder.encode(states.get((int) state.position()))),
                () -> "another state at position " + state.position());
    }

    /** Somebody asked for something that, if it changes anything, pushes its ticket; or not. */
    void submitted(long ticket, int process, boolean pushes) {
        submissions.put(ticket, new Submission(process, pushes, false, false));
    }

    /** A caller got its answer. */
    void completed(long ticket, long member, Outcome outcome) {
        Submission submission = end(ticket, false);
        Violation.unless(outcome.position() <= position(), () -> "answered before it was committed: ticket " + ticket);
        LogRecord record = at(outcome.position());
        boolean own = record.member() == member && record.sequence() == outcome.sequence();
        Violation.unless(own, () -> "ticket " + ticket + " was answered with " + Words.of(record));
        boolean changed = outcome instanceof Outcome.Accepted accepted && accepted.changed();
        Long effect = effects.get(ticket);
        if (changed && submission.pushes()) {
            boolean there = effect != null && effect == outcome.position();
            Violation.unless(there, () -> "ticket " + ticket + " was acknowledged and is not there");
        } else {
            Violation.unless(effect == null, () -> "ticket " + ticket + " took effect and got " + Words.of(outcome));
        }
    }

    /** A host said already what it decided, before anybody knows whether that will count. */
    void told(LogRecord record) {
        told.add(record);
    }

    /** What was told must have come true. */
    void checkTold() {
        for (LogRecord record : told) {
            boolean came =
                    record.position() <= position() && at(record.position()).equals(record);
            Violation.unless(came, () -> "told and never committed: " + Words.of(record));
        }
    }

    void lost(long ticket) {
        end(ticket, false);
    }

    /** A caller was told that its command was never sent. */
    void refusedBeforeSending(long ticket) {
        end(ticket, true);
    }

    private Submission end(long ticket, boolean unsent) {
        Submission submission = submissions.get(ticket);
        if (submission == null || submission.ended()) {
            throw new Violation("ticket " + ticket + " ended twice");
        }
        submissions.put(ticket, submission.over(unsent));
        Long newest = newestEnds.put(submission.process(), ticket);
        Violation.unless(newest == null || newest < ticket, () -> "ticket " + ticket + " ended after " + newest);
        return submission;
    }

    boolean hasOpen(int process) {
        return submissions.values().stream().anyMatch(open -> open.process() == process && !open.ended());
    }
}
