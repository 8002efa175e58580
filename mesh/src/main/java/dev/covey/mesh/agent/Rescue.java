package dev.covey.mesh.agent;

import dev.covey.mesh.core.Core;
import dev.covey.mesh.core.State;
import dev.covey.mesh.core.StateEncoder;
import dev.covey.store.Durability;
import dev.covey.store.Journal;
import dev.covey.store.Snapshots;
import dev.covey.store.StoreCode;
import dev.covey.store.StoreException;
import java.util.concurrent.TimeUnit;

/**
 * What keeps a mesh whose journal is in memory going when that journal is removed under it. Every member has the whole state
 * and maps the segment in use, so nothing that was acknowledged is lost yet: the host goes on in a new segment and writes a
 * snapshot of what came before. Members wait for that instead of ending. Agent's thread.
 */
final class Rescue {
    private static final System.Logger LOG = System.getLogger(Rescue.class.getName());

    private final Premises premises;
    private final Journal journal;
    private final Scribe scribe;
    private final Core core;
    private final Standby standby;
    private final long patienceNanos;
    private long goneSince;
    /** A snapshot up to there is missing; 0 if none is. */
    private long needed;

    private volatile boolean writing;

    Rescue(Premises premises, Journal journal, Scribe scribe, Core core, Standby standby) {
        this.premises = premises;
        this.journal = journal;
        this.scribe = scribe;
        this.core = core;
        this.standby = standby;
        this.patienceNanos = TimeUnit.MILLISECONDS.toNanos(2 * premises.settings.hostTimeoutMillis());
    }

    /**
     * Looks whether the journal is this mesh's and there.
     *
     * @throws StoreException as {@link Journal#requireOwn}; JOURNAL_GONE only if the journal is the store's, or no host has
     *     gone on in time
     */
    void look() {
        try {
            journal.requireOwn();
            goneSince = 0;
            if (isHostInMemory()) {
                lookForBeginning();
            }
        } catch (StoreException problem) {
            if (problem.code() != StoreCode.JOURNAL_GONE || !isInMemory()) {
                throw problem;
            }
            gone(problem);
        }
        if (needed != 0 && isHostInMemory() && core.state().position() >= needed && !writing) {
            writeSnapshot(core.state());
        }
    }

    private boolean isInMemory() {
        return premises.settings.durability() == Durability.MEMORY;
    }

    private boolean isHostInMemory() {
        return isInMemory() && core.role() == Core.Role.HOST;
    }

    /** The segments first, then the snapshots: a snapshot is there before what is behind it goes. */
    private void lookForBeginning() {
        long first = journal.firstPosition();
        if (first > 1 && first > snapshots().lastPosition() + 1 && needed == 0) {
            needed = core.state().position();
            tell("older segments or the snapshot before them were removed, another snapshot is written");
        }
    }

    private void gone(StoreException problem) {
        long now = System.nanoTime();
        goneSince = goneSince == 0 ? now : goneSince;
        if (now - goneSince > patienceNanos) {
            throw problem;
        }
        if (isHostInMemory()) {
            long upTo = scribe.beginAgain();
            if (upTo >= 0) {
                needed = Math.max(1, upTo);
                tell("the segment in use was removed, the journal goes on in another behind a snapshot");
            }
        }
    }

    private void tell(String what) {
        LOG.log(
                System.Logger.Level.WARNING,
                "mesh " + premises.directory.name() + ": " + what + "; let nobody but Covey touch "
                        + premises.journalDirectory);
    }

    private void writeSnapshot(State state) {
        writing = true;
        needed = 0;
        standby.later(() -> {
            try {
                snapshots().write(state.epoch(), state.position(), StateEncoder.encode(state));
            } catch (StoreException noRoom) {
                LOG.log(System.Logger.Level.WARNING, "the next look finds that it is missing, and tries again", noRoom);
            } finally {
                writing = false;
            }
        });
    }

    private Snapshots snapshots() {
        return premises.openSnapshots();
    }
}
