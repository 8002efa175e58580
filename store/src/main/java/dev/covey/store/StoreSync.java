package dev.covey.store;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Copies revision files that are missing from one store to another. Names tell what is missing; only that travels. */
final class StoreSync {
    private static final ToldOnce LOG = new ToldOnce(System.getLogger(StoreSync.class.getName()));

    private final Disk from;
    private final Path fromObjects;
    private final Disk to;
    private final Path toObjects;
    private final ObjectWriter writer;
    private long copied;
    private long damaged;

    StoreSync(Disk from, Path fromObjects, Disk to, Path toObjects, ObjectWriter writer) {
        this.from = from;
        this.fromObjects = fromObjects;
        this.to = to;
        this.toObjects = toObjects;
        this.writer = writer;
    }

    void run() throws IOException {
        for (String name : from.list(fromObjects)) {
            try {
                copyObject(name);
            } catch (AccessDeniedException | NotRegularFileException unreadable) {
                LOG.warn("not copied: " + fromObjects.resolve(name) + ": " + unreadable.getMessage());
                damaged++;
            }
        }
    }

    private void copyObject(String name) throws IOException {
        String id = "";
        RevisionGroups groups = RevisionGroups.oldestFirst(from, fromObjects.resolve(name), 0);
        for (Optional<List<Rev>> group = groups.next(); group.isPresent(); group = groups.next()) {
            Path there = ObjectNames.group(
                    toObjects.resolve(name), group.get().get(0).number());
            Set<String> known = new HashSet<>(to.list(there));
            for (Rev rev : group.get()) {
                if (!known.contains(rev.toString())) {
                    id = id.isEmpty() ? ObjectIds.idOf(from, fromObjects, name) : id;
                    copyFile(id, rev);
                }
            }
        }
    }

    private void copyFile(String id, Rev rev) throws IOException {
        if (id.isEmpty()) {
            damaged++;
            return;
        }
        ObjectFiles source = new ObjectFiles(from, fromObjects, id);
        ObjectFiles target = new ObjectFiles(to, toObjects, id);
        Optional<RevisionFile> whole = source.readIfWhole(rev);
        if (whole.isEmpty()) {
            damaged++;
            return;
        }
        if (copied == 0) {
            writer.requireNoMesh();
        }
        byte[] bytes = from.read(source.file(rev), 0, RevisionFormat.MAX_FILE_BYTES);
        if (target.publish(rev, whole.get().from(), bytes)) {
            writer.force(target.file(rev));
            copied++;
        }
    }

    long copied() {
        return copied;
    }

    long damaged() {
        return damaged;
    }
}
