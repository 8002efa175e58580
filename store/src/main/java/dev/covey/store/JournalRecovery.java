package dev.covey.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Rule J3: where does the journal end, when no commit cell is left to say so?
 *
 * <p>Walks the covered records from the first that is there. At the first that is missing or invalid it asks what all
 * valid records anywhere claim to have been committed when they were written. A claim at or above the bad place means
 * that something acknowledged was damaged: refused. Otherwise nobody was ever told of it: cut. Only at OS after another
 * boot does a claim not help: the device may have lost any page, so the end is cut and what it held is told.
 */
final class JournalRecovery {
    private static final System.Logger LOG = System.getLogger(JournalRecovery.class.getName());

    static final long WHATEVER_IS_FIRST = -1;

    private final Disk disk;
    private final Path directory;
    private final JournalOptions options;
    private final boolean mayHaveLostPages;
    private SegmentCatalog catalog;

    private long highestClaim;
    private long validBeyond;
    private long highestBeyond;
    private Path badFile;
    private int badOffset;
    private boolean badIsDamage;

    JournalRecovery(Disk disk, Path directory, JournalOptions options, boolean otherBoot) throws IOException {
        this.disk = disk;
        this.directory = directory;
        this.options = options;
        this.mayHaveLostPages = otherBoot && !options.forces();
        this.catalog = SegmentCatalog.read(disk, directory, null);
        this.badFile = directory;
    }

    JournalEnd run(long knownPosition) throws IOException {
        long snapshotPosition =
                knownPosition == WHATEVER_IS_FIRST ? Math.max(0, catalog.firstPosition() - 1) : knownPosition;
        long first = catalog.firstPosition();
        long end = first == 0 || first > snapshotPosition + 1 ? snapshotPosition : lastInOrder(snapshotPosition + 1);
        refuseDamagedHeaders();
        readClaims(end);
        if (highestClaim > end && !mayHaveLostPages) {
            throw damaged(end);
        }
        boolean whole = end >= highestBeyond && validBeyond == 0 && end >= highestClaim;
        String cut = whole ? "" : describeCut(end);
        long highestEpoch = catalog.highestEpochUsed();
        if (mayHaveLostPages && (!cut.isEmpty() || !catalog.torn().isEmpty())) {
            setAside(end);
            highestEpoch++;
            seal(highestEpoch, end);
        }
        if (options.forces()) {
            forceAll();
        }
        return new JournalEnd(highestEpoch, first, end, mayHaveLostPages ? validBeyond : 0, cut);
    }

    /** As far as a commit cell is concerned that says so: what is there up to that position, and whatever speaks against it. */
    JournalReach reach(Snapshots snapshots, long committed) throws IOException {
        Optional<SnapshotFile> snapshot = snapshots.newestAtOrBelow(committed);
        long known = snapshot.map(SnapshotFile::position).orElse(0L);
        long first = catalog.firstPosition();
        boolean begins = first != 0 && first <= known + 1;
        long end = begins ? lastInOrder(known + 1) : known;
        readClaims(end);
        long claim = Math.max(highestClaim, snapshots.newestPosition());
        boolean damaged = end < committed
                && (badIsDamage || highestClaim > end || !catalog.torn().isEmpty());
        Optional<SnapshotFile> strangeSnapshot = snapshot.filter(file -> options.isStrange(file.life(), file.epoch()));
        for (SegmentHeader header : catalog.segments()) {
            if (options.isStrange(header.life(), header.epoch())) {
                return reach(JournalNames.segment(header.id()), header.life(), end, claim, damaged);
            }
        }
        return strangeSnapshot
                .map(file -> reach("the snapshot at " + file.position(), file.life(), end, claim, damaged))
                .orElseGet(() -> reach("", JournalLife.UNTOLD, end, claim, damaged));
    }

    private JournalReach reach(String strange, JournalLife life, long end, long claim, boolean damaged) {
        return new JournalReach(strange, life, end, claim, badFile + " at byte " + badOffset, damaged);
    }

    /** Names the file that should have had the record: one whose header says nothing any more, or else where it ended. */
    private StoreException damaged(long end) throws IOException {
        String missing = "record " + (end + 1) + " is missing or damaged, but records up to " + highestClaim
                + " were acknowledged; restore the file from a copy, or put the journal aside with ObjectStore.repair";
        long reached = catalog.coverage().epochFor(end);
        for (SegmentId id : catalog.torn()) {
            if (id.epoch() > reached) {
                return StoreException.corrupt(directory.resolve(JournalNames.segment(id)), 0, missing);
            }
        }
        for (String name : disk.list(directory)) {
            if (JournalNames.asSnapshot(name).filter(id -> id.position() > end).isPresent()) {
                return StoreException.corrupt(directory.resolve(name), 0, missing);
            }
        }
        return StoreException.corrupt(badFile, badOffset, missing);
    }

    /**
     * A header is whole before its file has a name; only a lost page can tear it. One that is torn below a higher epoch
     * was met by an earlier recovery; if anything in it counts it is missed by the claims.
     */
    private void refuseDamagedHeaders() {
        for (SegmentId id : catalog.torn()) {
            if (!mayHaveLostPages && id.epoch() >= catalog.coverage().highestEpoch()) {
                throw headerDamaged(id);
            }
        }
    }

    private StoreException headerDamaged(SegmentId id) {
        return StoreException.corrupt(
                directory.resolve(JournalNames.segment(id)),
                0,
                "the segment's header is damaged; restore the file from a copy, or put the journal aside with"
                        + " ObjectStore.repair");
    }

    /**
     * The last position up to which every record is there, valid, and of the epoch that covers it. Where a lost page took the
     * header of a whole epoch, what a deposed host wrote in its place looks covered; but the epoch after it says whom it followed.
     */
    private long lastInOrder(long first) throws IOException {
        long end = first - 1;
        Optional<SegmentHeader> header = catalog.covering(first);
        while (header.isPresent()) {
            long reached = walk(header.get(), end);
            boolean stuck = reached == end;
            end = reached;
            long epoch = header.get().epoch();
            header = stuck ? Optional.empty() : catalog.covering(end + 1).filter(next -> next.previousEpoch() == epoch);
        }
        return end;
    }

    private long walk(SegmentHeader header, long after) throws IOException {
        SegmentCursor cursor = SegmentCursor.open(disk, directory, header);
        try {
            long end = after;
            long speaksUpTo = catalog.lastPositionOf(header);
            while (end < speaksUpTo
                    && cursor.peek() == SegmentCursor.Found.RECORD
                    && cursor.nextPosition() <= end + 1) {
                end = Math.max(end, cursor.nextPosition());
                cursor.advance();
            }
            badFile = cursor.file();
            badOffset = cursor.nextOffset();
            badIsDamage = end < speaksUpTo && cursor.peek() == SegmentCursor.Found.INVALID;
            return end;
        } finally {
            cursor.close();
        }
    }

    /**
     * Every valid record anywhere, also behind damage, where the next one is looked for word by word. A claim beyond the
     * seal of its epoch is void: an earlier recovery has cut there, and told it.
     */
    private void readClaims(long end) throws IOException {
        for (SegmentHeader header : catalog.segments()) {
            SegmentCursor cursor = SegmentCursor.open(disk, directory, header);
            try {
                readClaims(cursor, end);
            } finally {
                cursor.close();
            }
        }
    }

    private void readClaims(SegmentCursor cursor, long end) {
        boolean more = true;
        while (more) {
            if (cursor.peek() == SegmentCursor.Found.RECORD) {
                cursor.advance();
                long sealedAt = catalog.coverage().lastCoveredBy(cursor.header().epoch());
                highestClaim = Math.max(highestClaim, Math.min(cursor.committed(), sealedAt));
                boolean dead = cursor.position() > end
                        && catalog.coverage().epochFor(cursor.position())
                                == cursor.header().epoch();
                validBeyond += dead ? 1 : 0;
                highestBeyond = dead ? Math.max(highestBeyond, cursor.position()) : highestBeyond;
            } else {
                more = cursor.skip();
            }
        }
    }

    private String describeCut(long end) {
        String told = badFile + " at byte " + badOffset + ": the journal ends at position " + end + "; " + validBeyond
                + " records up to " + highestBeyond + " beyond a gap were cut off"
                + (mayHaveLostPages ? ", records up to " + highestClaim + " had been acknowledged" : "");
        LOG.log(System.Logger.Level.WARNING, told);
        return told;
    }

    /** Beginning a higher epoch buries the rest; the links keep it for a human beyond the removal of old segments. */
    private void setAside(long end) throws IOException {
        Path aside = directory.resolve(JournalNames.ASIDE_DIRECTORY);
        disk.openDirectory(aside);
        for (SegmentHeader header : catalog.segments()) {
            if (catalog.lastPositionOf(header) > end) {
                String name = JournalNames.segment(header.id());
                disk.link(directory.resolve(name), aside.resolve(name));
            }
        }
    }

    /** An empty epoch makes the cut known: who recovers next, in the same boot, must not take the loss for damage. */
    private void seal(long epoch, long end) throws IOException {
        long previous = catalog.coverage().epochFor(end);
        SegmentHeader header =
                new SegmentHeader(options.life(), new SegmentId(epoch, 0), end + 1, end + 1, previous, new byte[0]);
        new SpareSegment(disk, directory, options.withSpares(false))
                .publish(header, JournalOptions.MIN_SEGMENT_BYTES)
                .unmap();
    }

    /** Rule J2: what this recovery believed must be there for the next one too. */
    private void forceAll() throws IOException {
        for (SegmentHeader header : catalog.segments()) {
            disk.force(directory.resolve(JournalNames.segment(header.id())));
        }
        disk.forceDirectory(directory);
    }
}
