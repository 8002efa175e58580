package dev.covey.mesh.core;

import dev.covey.mesh.protocol.Envelope;
import dev.covey.mesh.protocol.LogRecord;
import java.util.ArrayDeque;

/**
 * One process with its core. What the core asks for waits in {@link #asked} until the process is made to do it, one by
 * one; what came of it waits in {@link #news} until the core is told.
 */
abstract class Station implements Effects {
    final ArrayDeque<Ask> asked = new ArrayDeque<>();
    final ArrayDeque<Runnable> news = new ArrayDeque<>();
    final SimulatedCell cell;
    final SimulatedJournal journal;

    Station(SimulatedCell cell, SimulatedJournal journal) {
        this.cell = cell;
        this.journal = journal;
    }

    abstract Core core();

    /** Does the oldest thing the core asked for. */
    void doOldest() {
        if (asked.peek() instanceof Ask.Append append && !hasRoom(append)) {
            return;
        }
        Ask ask = asked.remove();
        if (ask instanceof Ask.Append append) {
            journal.append(append.record(), append.committed());
        } else if (ask instanceof Ask.Force force) {
            if (isForced(force)) {
                news.add(() -> core().forced(force.epoch(), force.position()));
            }
        } else if (ask instanceof Ask.Commit commit) {
            commit(commit);
        } else if (ask instanceof Ask.Take take) {
            take(take);
        } else if (ask instanceof Ask.Begin begin) {
            begin(begin);
        } else if (ask instanceof Ask.Serve serve) {
            openDoor(serve.epoch());
        } else if (ask instanceof Ask.StepDown down) {
            closeDoor(down.epoch());
        } else if (ask instanceof Ask.Send send) {
            carry(send.envelope());
        }
    }

    private void commit(Ask.Commit commit) {
        if (cell.move(commit.epoch(), commit.from(), commit.epoch(), commit.to())) {
            onCommitted(commit);
            news.add(() -> core().committed(commit.epoch(), commit.to()));
        } else {
            onNotCommitted();
            news.add(() -> core().deposed(commit.epoch()));
        }
    }

    private void take(Ask.Take take) {
        if (cell.move(take.epoch(), take.position(), take.epoch() + 1, take.position())) {
            onTaken(take);
            news.add(() -> core().taken(take.epoch() + 1, takenAt(take)));
        } else {
            news.add(core()::notTaken);
        }
    }

    private void begin(Ask.Begin begin) {
        onBegun(begin, publish(begin));
        news.add(() -> core().begun(begin.epoch()));
    }

    /** Whether the journal takes the record now; if not it waits, and all behind it. */
    boolean hasRoom(Ask.Append append) {
        return true;
    }

    /** Whether that is as durable as promised. If it is not, it never will be. */
    boolean isForced(Ask.Force force) {
        return journal.force(force.epoch());
    }

    boolean publish(Ask.Begin begin) {
        return journal.publish(begin.epoch(), begin.firstPosition());
    }

    /** Tells the core the oldest thing it has not heard of. */
    final void hearOldest() {
        news.remove().run();
    }

    long takenAt(Ask.Take take) {
        return take.position();
    }

    abstract void onCommitted(Ask.Commit commit);

    /** The cell held something else. */
    void onNotCommitted() {}

    abstract void onTaken(Ask.Take take);

    abstract void onBegun(Ask.Begin begin, boolean first);

    abstract void openDoor(long epoch);

    abstract void closeDoor(long epoch);

    abstract void carry(Envelope envelope);

    @Override
    public void append(LogRecord record, long committed) {
        asked.add(new Ask.Append(record, committed));
    }

    @Override
    public void force(long epoch, long position) {
        asked.add(new Ask.Force(epoch, position));
    }

    @Override
    public void commit(long epoch, long from, long to) {
        asked.add(new Ask.Commit(epoch, from, to));
    }

    @Override
    public void take(long epoch, long position) {
        asked.add(new Ask.Take(epoch, position));
    }

    @Override
    public void begin(long epoch, long firstPosition) {
        asked.add(new Ask.Begin(epoch, firstPosition));
    }

    @Override
    public void serve(long epoch) {
        asked.add(new Ask.Serve(epoch));
    }

    @Override
    public void stepDown(long epoch) {
        asked.add(new Ask.StepDown(epoch));
    }

    @Override
    public void send(Envelope envelope) {
        asked.add(new Ask.Send(envelope));
    }
}
