package dev.covey.mesh.agent;

import dev.covey.mesh.MeshCode;
import dev.covey.mesh.MeshException;
import dev.covey.mesh.core.Core;
import dev.covey.mesh.core.State;
import dev.covey.mesh.local.ControlFile;
import dev.covey.mesh.protocol.Cell;
import dev.covey.mesh.protocol.FactDecoder;
import dev.covey.mesh.protocol.LogRecord;
import dev.covey.store.Durability;
import dev.covey.store.Journal;
import dev.covey.store.JournalReader;
import dev.covey.store.StoreCode;
import dev.covey.store.StoreException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads what is committed and hands it to the core. Step 7 of the street.
 *
 * <p>The journal is the broadcast: its segments are mapped by every member, and the commit cell tells how far they may be
 * read. A member that slept, or was frozen for a minute, is simply further behind; nothing was dropped for it and nobody
 * waits for it.
 */
final class Follower {
    /** Records applied in one round, so that a member far behind still looks after its other duties. */
    private static final int RECORDS_PER_ROUND = 512;

    /** A snapshot can go while it is looked for, as a newer one was written; not so often in a row. */
    private static final int MOST_MISSES = 3;

    private final ControlFile control;
    private final Journal journal;
    private final Core core;
    private final FactDecoder facts;
    private final Supplier<State> newestState;
    private final Shortcut shortcut;
    private final String mesh;
    /** Then the host goes on in another segment, or {@link Rescue} ends this member. */
    private final boolean inMemory;

    private int missed;
    private @Nullable JournalReader reader;

    Follower(Premises premises, Journal journal, Core core, AgentListener listener) {
        this.control = premises.control;
        this.journal = journal;
        this.inMemory = premises.settings.durability() == Durability.MEMORY;
        this.mesh = premises.directory.name() + ": the journal in " + premises.journalDirectory;
        this.core = core;
        this.facts = new FactDecoder(premises.settings.limits());
        this.newestState = premises::newestState;
        this.shortcut = new Shortcut(premises, listener::wantsEachChange, System.nanoTime());
    }

    /** Tells the core what the cell holds, and applies records up to it; returns how many. */
    int follow(long cell) {
        long epoch = control.epochOf(cell);
        long position = Cell.position(cell);
        core.cell(epoch, position);
        int applied = 0;
        if (core.role() == Core.Role.FOLLOWER) {
            shortcut.from(core.state(), position, System.nanoTime()).ifPresent(core::restored);
        }
        while (applied < RECORDS_PER_ROUND && isBehind(position)) {
            if (!next(epoch, position)) {
                break;
            }
            applied++;
        }
        return applied;
    }

    /** As {@link #follow}, as far as no file has to be opened for it. */
    int followAtHand(long cell) {
        long epoch = control.epochOf(cell);
        long position = Cell.position(cell);
        core.cell(epoch, position);
        int applied = 0;
        while (applied < RECORDS_PER_ROUND && isBehind(position) && isAtHand(epoch, position)) {
            next(epoch, position);
            applied++;
        }
        return applied;
    }

    private boolean isAtHand(long epoch, long position) {
        JournalReader open = reader;
        return open != null && open.position() == core.state().position() && open.isAtHand(epoch, position);
    }

    private boolean isBehind(long position) {
        return core.role() != Core.Role.HOST
                && core.role() != Core.Role.GONE
                && core.state().position() < position;
    }

    private boolean next(long epoch, long position) {
        JournalReader open = open();
        try {
            if (!open.next(epoch, position)) {
                return false;
            }
        } catch (StoreException unreadable) {
            if (unreadable.code() == StoreCode.JOURNAL_GONE && inMemory) {
                return false;
            }
            if (unreadable.code() != StoreCode.SEGMENT_GONE) {
                throw unreadable;
            }
            close();
            restore(unreadable);
            return true;
        }
        missed = 0;
        core.record(read(open, facts));
        return true;
    }

    /** What was removed has a snapshot beyond it, which was published before; where there is none somebody else removed it. */
    private void restore(StoreException gone) {
        State newest = newestState.get();
        if (newest.position() > core.state().position()) {
            missed = 0;
            core.restored(newest);
        } else if (++missed == MOST_MISSES) {
            throw new MeshException(
                    MeshCode.STORE_MISMATCH,
                    "mesh " + mesh + " has neither position " + (core.state().position() + 1)
                            + ", which was committed, nor a"
                            + " snapshot beyond: somebody removed or replaced it under the mesh. End all members, then put"
                            + " it back, or see what the next start says",
                    gone);
        }
    }

    /** The state at the position applied here, worked out again from the newest snapshot and the journal behind it. */
    State rebuilt() {
        long target = core.state().position();
        long epoch = control.epochOf(control.cell());
        State rebuilt = newestState.get();
        try (JournalReader again = journal.reader(rebuilt.position())) {
            while (rebuilt.position() < target && again.next(epoch, target)) {
                rebuilt = rebuilt.apply(read(again, facts));
            }
        }
        return rebuilt;
    }

    /** The record a reader stands on. */
    static LogRecord read(JournalReader at, FactDecoder facts) {
        return new LogRecord(
                at.epoch(), at.position(), at.timeMicros(), at.member(), at.sequence(), facts.decode(at.payload()));
    }

    /** A reader that stands where the state is; one that was left behind while this member was host is of no use. */
    private JournalReader open() {
        JournalReader open = reader;
        if (open == null || open.position() != core.state().position()) {
            close();
            open = journal.reader(core.state().position());
            reader = open;
        }
        return open;
    }

    void close() {
        JournalReader open = reader;
        reader = null;
        if (open != null) {
            open.close();
        }
    }
}
