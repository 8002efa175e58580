package dev.covey.mesh.core;

import dev.covey.mesh.core.Tally.Event;
import dev.covey.mesh.protocol.LogRecord;
import dev.covey.mesh.protocol.Token;
import dev.covey.store.Coverage;
import java.util.SplittableRandom;

/**
 * The machine that all simulated processes run on: its disk with the journal, its memory with the control file, and its
 * power. A mesh without a control file is born again from the journal, in steps between which everything may die.
 */
final class Machine {
    /** What is done to bring a mesh to life, one after the other, behind the door. */
    private enum Stage {
        CLAIM,
        RECOVER,
        FORCE,
        LINK
    }

    final SimulatedJournal journal;
    private final Mutant mutant;
    private final Ledger ledger;
    private final Tally tally;
    private SimulatedCell cell;
    private boolean open;
    private long lives;
    private long boots = 1;
    private long claimedIn = 1;
    private boolean powerFailed;
    private Stage stage = Stage.CLAIM;
    private long foundEpoch;
    private long foundPosition;
    /** The flags of rule R7. */
    private boolean saysFull;

    private boolean saysFailed;
    private boolean full;
    private boolean forceFailed;
    /** Another mesh has the store by a claim, although members of the former one may live. */
    private boolean claimed;

    Machine(boolean forces, Mutant mutant, Ledger ledger, Tally tally) {
        this.journal = new SimulatedJournal(forces);
        this.mutant = mutant;
        this.ledger = ledger;
        this.tally = tally;
        this.cell = mutant.cell();
    }

    SimulatedCell cell() {
        return cell;
    }

    @Override
    public String toString() {
        return (open ? "life " + lives : "no life, " + stage) + (journal.forces() ? ", forcing" : "")
                + (saysFull ? ", full" : "") + (saysFailed ? ", failed" : "") + ", boot " + boots + ", claimed in "
                + claimedIn
                + ", found " + foundEpoch + "/" + foundPosition + ", snapshot at "
                + journal.newestState(Long.MAX_VALUE).position() + ", " + journal.list();
    }

    Token life() {
        return new Token(5, lives);
    }

    /** Whether there is a control file to be found. */
    boolean isOpen() {
        return open;
    }

    /** Whether the page mapped there is the one that others find (rule C4). */
    boolean isStill(SimulatedCell mapped) {
        return open && cell == mapped;
    }

    /** Whether a journal that promises nothing may have lost something: below a snapshot it is not read any more. */
    boolean hasLostPages() {
        return boots > 1 && !journal.forces();
    }

    /** Somebody removes the mesh directory, under whoever lives. */
    void wipe() {
        open = false;
        stage = Stage.CLAIM;
        saysFull = false;
    }

    /**
     * Rule C7: another mesh claims the store although members live, for every witness was wrong. It closes their cell, and
     * ends the journal at what that held.
     */
    void claimFromTheLiving() {
        if (mutant != Mutant.WALKER) {
            cell.close();
            long epoch = Math.max(cell.epoch(), journal.highestEpochUsed()) + 1;
            journal.publish(epoch, cell.position() + 1);
        }
        wipe();
        claimed = true;
    }

    /** Whether a life may begin here while others live. */
    boolean isClaimedFromTheLiving() {
        return claimed;
    }

    /** Everybody is dead, memory is empty, and the disk has what it was made to keep. */
    void cutPower(SplittableRandom random) {
        wipe();
        boots++;
        powerFailed = true;
        saysFailed = false;
        forceFailed = false;
        claimed = false;
        journal.losePages(random);
    }

    /** Who was bringing a mesh to life is dead. */
    void giveUpBirth() {
        if (stage != Stage.CLAIM) {
            tally.count(Event.KILLED_DURING_BIRTH);
        }
        stage = Stage.CLAIM;
    }

    /** The next step of somebody who finds no control file and owns the store. */
    void bear() {
        switch (stage) {
            case CLAIM -> {
                claimedIn = mutant == Mutant.CLAIMS_THE_BOOT_EARLY ? boots : claimedIn;
                stage = Stage.RECOVER;
            }
            case RECOVER -> {
                recover(claimedIn != boots && !journal.forces());
                stage = Stage.FORCE;
            }
            case FORCE -> {
                if (journal.forces() && mutant != Mutant.NO_FORCE_OF_RECOVERY) {
                    journal.forceAll();
                }
                claimedIn = boots;
                stage = Stage.LINK;
            }
            case LINK -> link();
        }
    }

    /** Rule J3. */
    private void recover(boolean mayHaveLostPages) {
        Coverage coverage = journal.list();
        State snapshot = journal.newestState(Long.MAX_VALUE);
        long end = snapshot.position();
        while (isValid(coverage, end + 1, snapshot.epoch())
                && (end == snapshot.position() || isInOrder(coverage, end))) {
            end++;
        }
        long claim = journal.highestClaim(coverage);
        long position = end;
        boolean hole = journal.hasRecordBeyond(coverage, end);
        boolean refused = mutant == Mutant.HOLE_IS_CORRUPT ? hole : claim > end;
        Violation.unless(
                !refused || mayHaveLostPages,
                () -> "a sound journal is refused at " + (position + 1) + ", records claim " + claim);
        foundPosition = end;
        foundEpoch = Math.max(snapshot.epoch(), journal.highestEpochUsed());
        if (mutant == Mutant.REUSES_EPOCHS) {
            foundEpoch = coverage.epochFor(end);
        } else if (mayHaveLostPages
                && (hole || claim > end || journal.hasTornHeader())
                && mutant != Mutant.CUTS_WITHOUT_A_SEAL) {
            foundEpoch++;
            journal.publish(foundEpoch, end + 1);
            tally.count(Event.CUT_AFTER_LOST_PAGES);
        }
        if (hole) {
            tally.count(Event.TORN_TAIL_CUT);
        }
    }

    private boolean isValid(Coverage coverage, long position, long snapshotEpoch) {
        return coverage.epochFor(position) >= snapshotEpoch && journal.read(coverage, position) != null;
    }

    /** A page that was lost may have had an epoch's header; what others wrote in its place does not count for that. */
    private boolean isInOrder(Coverage coverage, long end) {
        return journal.follows(coverage.epochFor(end + 1), coverage.epochFor(end));
    }

    private void link() {
        Coverage coverage = journal.list();
        long from = journal.newestState(Long.MAX_VALUE).position();
        long before = ledger.position();
        boolean lossy = powerFailed && !journal.forces();
        ledger.reborn(from, foundPosition, lossy, position -> {
            LogRecord record = journal.read(coverage, position);
            if (record == null) {
                throw new Violation("recovery believed in a record at " + position + " that is not there");
            }
            return record;
        });
        tally.count(foundPosition < before ? Event.LOST_THE_END_WITH_THE_POWER : Event.BORN_WITH_ALL_COMMITTED);
        if (foundPosition > before) {
            tally.count(Event.BORN_WITH_UNCOMMITTED_TAIL);
        }
        cell = mutant.cell();
        cell.born(foundEpoch, foundPosition);
        lives++;
        open = true;
        claimed = false;
        powerFailed = false;
        stage = Stage.CLAIM;
    }

    void failNextForce() {
        journal.failNextForce();
    }

    void fill() {
        full = true;
    }

    void makeRoom() {
        full = false;
    }

    boolean isFull() {
        return full;
    }

    /** Says STORE_FULL, for a host that found no room. */
    void sayFull() {
        saysFull = true;
    }

    boolean saysFull() {
        return saysFull;
    }

    /** A host looks whether there is room again. */
    void look() {
        if (saysFull && !full) {
            saysFull = false;
            tally.count(Event.ROOM_AGAIN);
        }
    }

    /** Says STORE_FAILED, for a host whose force failed. */
    void sayFailed() {
        saysFailed = true;
        forceFailed = true;
    }

    /**
     * Whether a force failed since the machine was started. Memory shows records then that no force brings to the device any
     * more; a mesh directory that is wiped as well, before an epoch has sealed them, would have a starter believe in them.
     */
    boolean hasFailedForce() {
        return forceFailed;
    }

    boolean saysFailed() {
        return saysFailed;
    }

    /** Everybody has stopped, and the first who starts again goes on from what was committed. */
    void forgetFailure() {
        saysFailed = false;
        saysFull = false;
    }
}
