package dev.covey.store;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The segments of one directory as its journal and the journal's readers in this process know them. Headers never change,
 * so each is read once: a successor that begins an epoch has read nearly all of them while it followed.
 *
 * <p>Any thread. Of two that learn something at the same time one may not be heard; that header is read again.
 */
final class SegmentList {
    private final Disk disk;
    private final Path directory;
    private final JournalOptions options;
    private volatile @Nullable SegmentCatalog known;

    SegmentList(Disk disk, Path directory, JournalOptions options) {
        this.disk = disk;
        this.directory = directory;
        this.options = options;
    }

    /**
     * What is there now.
     *
     * @throws StoreException STORE_MISMATCH if another life of a mesh has written there; JOURNAL_GONE if the newest segment
     *     is gone and there is no newer one: no member ever removes it
     */
    SegmentCatalog list() throws IOException {
        SegmentCatalog before = known;
        SegmentCatalog listed = SegmentCatalog.read(disk, directory, before);
        listed.segments().forEach(this::requireOwn);
        if (before != null) {
            before.newest().filter(newest -> !listed.reaches(newest)).ifPresent(this::tellGone);
        }
        known = listed;
        return listed;
    }

    /** What was known is over: it was removed, and its owner goes on without it. */
    void forget() {
        known = null;
    }

    /** Somebody has read this header. */
    void learned(SegmentHeader header) {
        requireOwn(header);
        SegmentCatalog before = known;
        if (before != null) {
            known = before.with(header);
        }
    }

    private void tellGone(SegmentId newest) {
        throw new StoreException(
                StoreCode.JOURNAL_GONE,
                directory.resolve(JournalNames.segment(newest))
                        + ": somebody removed this segment, or damaged its header, under the members that use it; nothing"
                        + " more is committed here; let nobody but Covey touch this directory, and join again");
    }

    private void requireOwn(SegmentHeader header) {
        options.requireOwn(directory.resolve(JournalNames.segment(header.id())), header.life(), header.epoch());
    }
}
