package dev.covey.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The one ordered log of a mesh: a directory of segments, each written by one host of one epoch and followed by every
 * member in its own process.
 *
 * <p><b>Why two hosts cannot spoil it.</b> A file is published by link(2) with its header complete, so an epoch has one
 * author. Its header states the epoch's first position, and that alone seals all lower epochs: nobody has to reach the
 * old host, which may be frozen in the middle of a write. What it appends beyond its seal is covered by the higher epoch
 * ({@link Coverage}) and never read. So nothing is ever truncated, renamed or replaced; recovery "cuts" by beginning a
 * higher epoch at the position it decided on.
 *
 * <p><b>Threads.</b> A journal, a {@link JournalWriter} and each {@link JournalReader} belong to one thread each;
 * any number of readers, in any process, may run beside the writer.
 */
public final class Journal implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Journal.class.getName());

    private final Disk disk;
    private final Path directory;
    private final JournalOptions options;
    private final SpareSegment spare;
    private final SegmentList segments;

    private Journal(Disk disk, Path directory, JournalOptions options) {
        this.disk = disk;
        this.directory = directory;
        this.options = options;
        this.spare = new SpareSegment(disk, directory, options);
        this.segments = new SegmentList(disk, directory, options);
    }

    /** Opens the directory; creates it with mode 0700 where missing. Reads and changes nothing else. */
    public static Journal open(Path directory, JournalOptions options) {
        return open(LocalDisk.INSTANCE, directory, options);
    }

    static Journal open(Disk disk, Path directory, JournalOptions options) {
        try {
            disk.openDirectory(directory);
            return new Journal(disk, directory, options);
        } catch (IOException e) {
            throw StoreException.of("journal " + directory, e);
        }
    }

    /**
     * Where the journal ends, for the birth of a commit cell when no control file exists. Only then: while a cell exists
     * it alone says what is committed. Rule J3 tells a torn tail, which is cut, from corruption, which is refused. At
     * {@link Durability#FSYNC} all that was read is forced before this returns (rule J2).
     *
     * @param otherBoot whether the machine was started again since the journal was written
     * @throws StoreException CORRUPT naming file and offset
     */
    public JournalEnd recover(boolean otherBoot) {
        return recover(otherBoot, JournalRecovery.WHATEVER_IS_FIRST);
    }

    /**
     * As {@link #recover(boolean)}, which begins with whatever is first, but from a known beginning: what a snapshot
     * holds is not looked at, the end is not below it, and a journal that begins later has a hole.
     *
     * @param snapshotPosition of the newest snapshot; 0 if there is none
     */
    public JournalEnd recover(boolean otherBoot, long snapshotPosition) {
        try {
            deleteTemporaries();
            return new JournalRecovery(disk, directory, options, otherBoot).run(snapshotPosition);
        } catch (IOException e) {
            throw StoreException.of("journal " + directory, e);
        }
    }

    /**
     * What is there of what a commit cell says was committed, for who finds a cell and no living member (rule C8). Changes
     * nothing, and makes no directory.
     *
     * @param options with the life of the cell, and the epoch that it was born with
     * @param position that the cell says
     */
    public static JournalReach reach(Path directory, JournalOptions options, long position) {
        return reach(LocalDisk.INSTANCE, directory, options, position);
    }

    static JournalReach reach(Disk disk, Path directory, JournalOptions options, long position) {
        try {
            Snapshots snapshots = new Snapshots(disk, directory, options.withLife(JournalLife.UNTOLD));
            return new JournalRecovery(disk, directory, options, false).reach(snapshots, position);
        } catch (IOException e) {
            throw StoreException.of("journal " + directory, e);
        }
    }

    /** Nobody is alive who could still want them; and if somebody were, its spare would just be made again. */
    private void deleteTemporaries() throws IOException {
        for (String name : disk.list(directory)) {
            Path file = directory.resolve(name);
            if (JournalNames.isTemporary(name) && disk.kind(file) == Disk.Kind.FILE) {
                disk.delete(file);
            }
        }
    }

    /**
     * Publishes the first segment of an epoch, which seals every lower epoch at {@code firstPosition - 1}. Call it after
     * the commit cell was taken for this epoch.
     *
     * @param note opaque, at most {@link JournalOptions#MAX_NOTE_BYTES}; every {@link #header} of this epoch returns it
     * @throws StoreException EPOCH_TAKEN if this epoch or a higher one has begun; STORE_MISMATCH if by another life;
     *     STORE_FULL, STORE_FAILED
     */
    public JournalWriter begin(long epoch, long firstPosition, byte[] note) {
        if (epoch < 1 || firstPosition < 1 || note.length > JournalOptions.MAX_NOTE_BYTES) {
            throw new StoreException(
                    StoreCode.INVALID_ARGUMENT,
                    "journal " + directory + ": epoch " + epoch + " from " + firstPosition + " with a note of "
                            + note.length + " bytes; epoch and position begin at 1, a note has at most "
                            + JournalOptions.MAX_NOTE_BYTES);
        }
        try {
            SegmentCatalog catalog = segments.list();
            if (catalog.highestEpochUsed() >= epoch) {
                throw epochTaken(epoch, catalog.highestEpochUsed());
            }
            long previous = catalog.coverage().epochFor(firstPosition - 1);
            SegmentHeader header = new SegmentHeader(
                    options.life(), new SegmentId(epoch, 0), firstPosition, firstPosition, previous, note);
            MappedFile mapped = spare.publish(header, options.segmentBytes());
            segments.learned(header);
            return new JournalWriter(options, segments, spare, header, mapped);
        } catch (IOException e) {
            throw StoreException.of("journal " + directory, e);
        }
    }

    /**
     * Ends the journal at that position for good: an empty segment of the next free epoch covers whatever stands behind it,
     * also what a host that has not noticed yet will write there. Doing it again does no harm.
     *
     * @return that epoch
     */
    public long seal(long position) {
        try {
            long epoch = segments.list().highestEpochUsed() + 1;
            begin(epoch, position + 1, new byte[0]).close();
            return epoch;
        } catch (IOException e) {
            throw StoreException.of("journal " + directory, e);
        }
    }

    static StoreException epochTaken(long epoch, long found) {
        return new StoreException(
                StoreCode.EPOCH_TAKEN,
                "journal: epoch " + epoch + " was wanted, but epoch " + found + " has begun; step down");
    }

    /**
     * Looks whether another life of a mesh writes here (rule J6), and whether the newest segment is still there. Every listing
     * does; who only appends to what is mapped calls this now and then. A look that fails, perhaps
     * for want of a descriptor, says nothing.
     *
     * @throws StoreException STORE_MISMATCH naming the file and both lives, JOURNAL_GONE naming the segment: commit nothing
     *     more
     */
    public void requireOwn() {
        try {
            segments.list();
        } catch (IOException cannotLookNow) {
            LOG.log(System.Logger.Level.DEBUG, "journal " + directory + " could not be listed", cannotLookNow);
        }
    }

    /** The header of an epoch's first segment that is still there; empty if the epoch never began, or is gone. */
    public Optional<SegmentHeader> header(long epoch) {
        try {
            return segments.list().firstOf(epoch);
        } catch (IOException e) {
            throw StoreException.of("journal " + directory, e);
        }
    }

    /** A reader whose first record is the one at {@code afterPosition + 1}. Opens no file yet. */
    public JournalReader reader(long afterPosition) {
        return new JournalReader(disk, directory, segments, afterPosition);
    }

    /** As {@link #reader}, but of what was removed meanwhile nothing is missed: it begins with the first record still there. */
    public JournalReader readerOfWhatIsLeft(long afterPosition) {
        try {
            return reader(Math.max(afterPosition, segments.list().firstPosition() - 1));
        } catch (IOException e) {
            throw StoreException.of("journal " + directory, e);
        }
    }

    /**
     * Removes segments that speak only for positions below {@code position} (rule J4). The caller has a snapshot at or
     * above {@code position - 1}, forced at FSYNC, and all revision files up to there.
     *
     * @param epoch the caller's own; segments of higher epochs stay, whatever the caller believes
     * @return how many files went
     */
    public int removeBelow(long position, long epoch) {
        try {
            SegmentCatalog catalog = segments.list();
            List<SegmentHeader> gone = new ArrayList<>();
            for (SegmentHeader header : catalog.segments()) {
                if (header.epoch() <= epoch && catalog.lastPositionOf(header) < position) {
                    gone.add(header);
                }
            }
            for (SegmentHeader header : gone) {
                disk.delete(directory.resolve(JournalNames.segment(header.id())));
            }
            return gone.size();
        } catch (IOException e) {
            throw StoreException.of("journal " + directory, e);
        }
    }

    /**
     * Prepares the segment that the next {@link #begin} will use, so that a new host can start on a full disk (rule J5)
     * and without waiting for zeros to be written. Any thread; does nothing if one is ready.
     */
    public void prepareSpare() {
        try {
            spare.prepare();
            segments.list();
        } catch (IOException e) {
            throw StoreException.of("journal " + directory, e);
        }
    }

    /**
     * Sets 64 KiB aside with which an epoch can begin on a full disk (rule J5) by a member that has no spare segment: one
     * that is not next in line. Any thread; does nothing if they are set aside.
     */
    public void prepareReserve() {
        try {
            spare.prepareReserve();
        } catch (IOException e) {
            throw StoreException.of("journal " + directory, e);
        }
    }

    /** The first position that can be read here; 0 if there is none. */
    public long firstPosition() {
        try {
            return segments.list().firstPosition();
        } catch (IOException e) {
            throw StoreException.of("journal " + directory, e);
        }
    }

    /** Whether a spare or a reserve that was prepared is not there any more. Any thread; some 10 µs. */
    public boolean lacksSpare() {
        try {
            return spare.isMissing();
        } catch (IOException e) {
            throw StoreException.of("journal " + directory, e);
        }
    }

    /** Prepares again what was prepared and is not there any more. Any thread. */
    public void lookAfterSpare() {
        try {
            spare.lookAfter();
        } catch (IOException e) {
            throw StoreException.of("journal " + directory, e);
        }
    }

    /** Bytes of all segments and snapshots in the directory, for budgets. */
    public long bytesOnDisk() {
        try {
            long sum = 0;
            for (String name : disk.list(directory)) {
                Path file = directory.resolve(name);
                sum += JournalNames.asSegment(name).isPresent()
                                || JournalNames.asSnapshot(name).isPresent()
                        ? sizeIfThere(file)
                        : 0;
            }
            return sum;
        } catch (IOException e) {
            throw StoreException.of("journal " + directory, e);
        }
    }

    private long sizeIfThere(Path file) throws IOException {
        try {
            return disk.size(file);
        } catch (IOException e) {
            if (disk.exists(file)) {
                throw e;
            }
            return 0;
        }
    }

    /** Gives the spare back. Writers and readers are closed by their own threads. */
    @Override
    public void close() {
        spare.close();
    }
}
