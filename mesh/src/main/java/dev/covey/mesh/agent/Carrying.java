package dev.covey.mesh.agent;

import dev.covey.mesh.core.State;
import dev.covey.mesh.local.Heir;
import dev.covey.mesh.local.MeshDirectory;
import dev.covey.mesh.protocol.Cell;
import dev.covey.store.Durability;
import dev.covey.store.Journal;

/**
 * Makes what a store's former owner had committed into revision files, for a mesh that goes on with that store: at MEMORY the
 * journal of the former is in its own directory, else in the store. A journal in the store is ended there besides, so that
 * whoever reads it goes on at exactly that position.
 *
 * <p>It is done as a recorder does it, from the mark up to which files are written; so doing it again, or beside a recorder
 * that has not noticed its end, writes the same files.
 */
final class Carrying implements Heir {
    static final Carrying INSTANCE = new Carrying();

    private Carrying() {}

    @Override
    public String givingUp(MeshDirectory directory) {
        return Removing.call(directory);
    }

    /** Reads all of it. */
    @Override
    public void check(Estate estate) {
        state(estate);
    }

    @Override
    public void carry(Estate estate) {
        State state = state(estate);
        RevisionFiles files = new RevisionFiles(
                estate.control(),
                settings(estate),
                journal(estate),
                new CommittedObjects(() -> state, () -> true),
                estate.cell());
        try {
            boolean more = true;
            while (more) {
                more = files.feed(estate.cell(), state.position());
            }
        } finally {
            files.close();
        }
        if (settings(estate).durability() != Durability.MEMORY) {
            try (Journal journal = journal(estate)) {
                journal.seal(state.position());
            }
        }
    }

    private static State state(Estate estate) {
        return Premises.stateAt(
                estate.directory(),
                settings(estate),
                estate.control(),
                estate.control().epochOf(estate.cell()),
                Cell.position(estate.cell()));
    }

    private static Journal journal(Estate estate) {
        return Premises.openJournal(estate.directory(), settings(estate), estate.control());
    }

    /** The store may have another name here than that mesh gave it. */
    private static Settings settings(Estate estate) {
        return Settings.fromBytes(estate.control().birth().options())
                .withStore(estate.store().toString());
    }
}
