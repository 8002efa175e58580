package dev.covey.mesh.agent;

import dev.covey.mesh.MeshCode;
import dev.covey.mesh.MeshException;
import dev.covey.mesh.local.ControlFile;
import dev.covey.mesh.local.LifeId;
import dev.covey.mesh.local.MeshDirectory;
import dev.covey.mesh.local.StoreClaim;
import dev.covey.mesh.protocol.Cell;
import dev.covey.store.Checkpointer;
import dev.covey.store.Journal;
import dev.covey.store.JournalOptions;
import dev.covey.store.JournalReach;
import dev.covey.store.Winner;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Rule C8: whether journal and store are those that a commit cell belongs to. Asked by who finds a cell and no living member,
 * behind the door: the cell lay in shared memory while nobody watched the store, which may have been replaced, restored from
 * a copy, or removed. A store that was is never cut to an old cell, and a cell never raised to a store.
 *
 * <table>
 * <caption>What is found beside a cell of life L at position p</caption>
 * <tr><th>life in .mesh, and above L's birth in the journal</th><th>journal</th><th>revision files</th><th></th></tr>
 * <tr><td>L, or none told</td><td>whole up to p, no claim beyond</td><td>none beyond p</td><td>goes on</td></tr>
 * <tr><td>L</td><td>ends below p: an older copy, or removed</td><td>any</td><td>refused</td></tr>
 * <tr><td>L</td><td>says that more than p was committed: a newer copy</td><td>any</td><td>refused</td></tr>
 * <tr><td>L</td><td>whole up to p</td><td>some beyond p</td><td>refused</td></tr>
 * <tr><td>another</td><td>any</td><td>any</td><td>refused</td></tr>
 * </table>
 *
 * Revision files that are missing, or older than the journal, change nothing about what is true: the journal has it. What
 * somebody wrote without a mesh meanwhile, which has no position, is taken in as at a birth ({@link LoneWriters}).
 */
final class StoreMatch {
    private final MeshDirectory directory;
    private final ControlFile control;
    private final Settings settings;
    private final long position;

    private StoreMatch(MeshDirectory directory, ControlFile control, Settings settings) {
        this.directory = directory;
        this.control = control;
        this.settings = settings;
        this.position = Cell.position(control.cell());
    }

    /**
     * Returns if it is certain that they belong together. Changes nothing.
     *
     * @return what the store has newest of objects that somebody wrote last without a mesh
     * @param options of the journal, with the life of the cell
     * @throws MeshException STORE_MISMATCH naming both, and the call that decides; CORRUPT naming a damaged file
     */
    static List<Winner> require(
            MeshDirectory directory, ControlFile control, Settings settings, Path journal, JournalOptions options) {
        StoreMatch match = new StoreMatch(directory, control, settings);
        String store = settings.store();
        if (store != null) {
            match.requireOwner(Path.of(store));
        }
        match.requireJournal(journal, Journal.reach(journal, options, match.position));
        return store == null ? List.of() : match.requireNoNewerFiles(Path.of(store));
    }

    private void requireOwner(Path store) {
        StoreClaim.owner(store)
                .filter(owner -> !owner.lifeId().equals(control.lifeId()))
                .ifPresent(other -> {
                    throw mismatch("the store " + store + " belongs to life " + other.lifeId() + " of the mesh in "
                            + other.meshDirectory());
                });
    }

    private void requireJournal(Path journal, JournalReach reach) {
        if (!reach.strange().isEmpty()) {
            throw mismatch("in the journal " + journal + " life " + reach.strangeLife() + " wrote " + reach.strange());
        }
        if (reach.damaged()) {
            throw damaged(reach);
        }
        if (reach.position() < position) {
            throw mismatch("the journal " + journal + " has records up to position " + reach.position()
                    + " only: it is an older copy, or was removed");
        }
        if (reach.claim() > position) {
            throw mismatch("the journal " + journal + " says that position " + reach.claim()
                    + " was committed: it is a newer copy");
        }
    }

    private List<Winner> requireNoNewerFiles(Path store) {
        long mark = Checkpointer.markOf(store);
        if (mark > position) {
            throw mismatch("the store " + store + " has revision files of all positions up to " + mark
                    + ": it is a newer copy");
        }
        List<Winner> alone = new ArrayList<>();
        Winner.each(store, winner -> {
            if (winner.position() == 0) {
                alone.add(winner);
            }
            if (winner.position() > position) {
                throw mismatch("the store " + store + " has revision " + winner.revision() + " of " + winner.id()
                        + ", accepted at position " + winner.position() + ": it is a newer copy");
            }
        });
        return alone;
    }

    private MeshException mismatch(String found) {
        return new MeshException(
                MeshCode.STORE_MISMATCH,
                cell() + ", but " + found + ". They do not belong together, and nothing was changed. Put back the store"
                        + " that does; or give up what is in shared memory by " + removing()
                        + ", and the next start begins with what the store has");
    }

    private MeshException damaged(JournalReach reach) {
        String store = settings.store();
        return new MeshException(
                MeshCode.CORRUPT,
                cell() + ", but " + reach.where() + ": record " + (reach.position() + 1)
                        + " is damaged, which was acknowledged. Restore that file from a copy; or give up what is in shared"
                        + " memory by " + removing()
                        + (store == null
                                ? ""
                                : ", and let the revision files decide by ObjectStore.repair(Path.of(\"" + store
                                        + "\"), StoreRepair.JOURNAL_ASIDE)"));
    }

    private String cell() {
        LifeId life = control.lifeId();
        return "mesh " + directory.name() + ": nobody lives in it, and its commit cell in " + control.path()
                + " says that life " + life + " committed up to position " + position + " in epoch "
                + control.epochOf(control.cell());
    }

    private String removing() {
        return Removing.call(directory);
    }
}
