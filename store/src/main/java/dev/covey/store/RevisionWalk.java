package dev.covey.store;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * All revisions of an object, oldest first. Files may overlap where two hosts cut their runs differently, so what was
 * handed out is not handed out again.
 */
final class RevisionWalk implements Iterator<StoredRevision> {
    /** More than any run that is cut twice. */
    private static final int REMEMBERED = 100_000;

    private final ObjectFiles files;
    private final RevisionGroups groups;
    private final Deque<Rev> names = new ArrayDeque<>();
    private final Deque<StoredRevision> ready = new ArrayDeque<>();
    private final LinkedHashSet<String> handedOut = new LinkedHashSet<>();

    RevisionWalk(Disk disk, ObjectFiles files) throws IOException {
        this.files = files;
        this.groups = RevisionGroups.oldestFirst(disk, files.directory(), 0);
    }

    @Override
    public boolean hasNext() {
        return ObjectStore.reading(files.id(), () -> {
            while (ready.isEmpty() && refillNames()) {
                readNext();
            }
            return !ready.isEmpty();
        });
    }

    private boolean refillNames() throws IOException {
        while (names.isEmpty()) {
            Optional<List<Rev>> group = groups.next();
            if (group.isEmpty()) {
                return false;
            }
            names.addAll(group.get());
        }
        return true;
    }

    private void readNext() throws IOException {
        Optional<RevisionFile> file = files.read(names.remove());
        if (file.isEmpty()) {
            return;
        }
        for (StoredRevision revision : file.get().run()) {
            if (handedOut.add(revision.rev())) {
                ready.add(revision);
            }
        }
        for (Iterator<String> oldest = handedOut.iterator(); handedOut.size() > REMEMBERED; ) {
            oldest.next();
            oldest.remove();
        }
    }

    @Override
    public StoredRevision next() {
        if (!hasNext()) {
            throw new NoSuchElementException("no more revisions of " + files.id());
        }
        return ready.remove();
    }
}
