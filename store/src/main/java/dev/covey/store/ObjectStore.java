package dev.covey.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A directory of JSON objects with their whole history, shared by any number of processes without a server. Safe for any
 * number of threads; holds no state, so every call sees what others have written.
 */
public final class ObjectStore implements AutoCloseable {
    private final Disk disk;
    private final Path objects;

    private ObjectStore(Disk disk, Path store) {
        this.disk = disk;
        this.objects = store.resolve(ObjectNames.OBJECTS);
    }

    /** Opens a store; {@code ~} is the home directory. Creates it with mode 0700 where missing. */
    public static ObjectStore open(String path) {
        String home = System.getProperty("user.home", "");
        return open(Path.of(path.equals("~") || path.startsWith("~/") ? home + path.substring(1) : path));
    }

    /** Opens a store; creates it with mode 0700 where missing. */
    public static ObjectStore open(Path path) {
        return open(LocalDisk.INSTANCE, path);
    }

    static ObjectStore open(Disk disk, Path store) {
        try {
            disk.openDirectory(store);
            disk.openDirectory(store.resolve(ObjectNames.OBJECTS));
            return new ObjectStore(disk, store);
        } catch (IOException e) {
            throw StoreException.of("store " + store, e);
        }
    }

    /** The newest state; empty if there is no such object, or it was deleted. */
    public Optional<StoredObject> get(String id) {
        ObjectFiles files = files(id);
        return reading(id, () -> {
            Optional<RevisionFile> newest = files.newest();
            return newest.isEmpty() || newest.get().last().deleted()
                    ? Optional.empty()
                    : Optional.of(stored(files, newest.get(), newest.get().last()));
        });
    }

    /** The state at a revision, on the line that led to the newest one; empty if that revision is not there. */
    public Optional<StoredObject> at(String id, long revision) {
        ObjectFiles files = files(id);
        return reading(id, () -> {
            Optional<RevisionFile> file = files.holding(revision);
            if (file.isEmpty()) {
                return Optional.empty();
            }
            StoredRevision found = file.get().revision(revision);
            return Optional.of(stored(files, file.get(), found));
        });
    }

    private static StoredObject stored(ObjectFiles files, RevisionFile file, StoredRevision revision)
            throws IOException {
        return new StoredObject(
                files.id(),
                files.valueAt(file, revision.number()),
                revision.number(),
                revision.rev(),
                revision.author(),
                revision.timeMicros(),
                revision.deleted());
    }

    /** The ids of all objects that have any revision, in no particular order. Read while it is consumed. */
    public Stream<String> ids() {
        return reading("store", () -> disk.list(objects)).stream()
                .map(name -> reading(name, () -> ObjectIds.idOf(disk, objects, name)))
                .filter(id -> !id.isEmpty());
    }

    /** The newest state of every object that is not deleted. Read while it is consumed. */
    public Stream<StoredObject> all() {
        return ids().map(this::get).flatMap(Optional::stream);
    }

    /**
     * Every revision in the files, in the order of their numbers, those inside one file too; of two with the same number
     * the lower name comes first. Read file by file while it is consumed; each file's checksum is verified.
     *
     * @throws StoreException CORRUPT, from the stream, naming a damaged file
     */
    public Stream<StoredRevision> revisions(String id) {
        ObjectFiles files = files(id);
        RevisionWalk walk = reading(id, () -> new RevisionWalk(disk, files));
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(walk, 0), false)
                .map(Objects::requireNonNull);
    }

    private ObjectFiles files(String id) {
        return new ObjectFiles(disk, objects, id);
    }

    /** What reads the disk. */
    interface Reading<T> {
        T read() throws IOException;
    }

    static <T> T reading(String object, Reading<T> reading) {
        try {
            return reading.read();
        } catch (IOException e) {
            throw StoreException.of(object, e);
        } catch (UncheckedIOException e) {
            throw StoreException.of(object, Objects.requireNonNull(e.getCause()));
        }
    }

    @Override
    public void close() {}
}
