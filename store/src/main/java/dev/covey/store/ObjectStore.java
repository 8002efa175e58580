package dev.covey.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.covey.patch.FrozenTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A directory of JSON objects with their whole history, shared by any number of processes without a server. Safe for any
 * number of threads; holds no state, so every call sees what others have written.
 */
public final class ObjectStore implements AutoCloseable {
    private static final ToldOnce LOG = new ToldOnce(System.getLogger(ObjectStore.class.getName()));

    private final Disk disk;
    private final Path objects;
    private final ObjectWriter writer;

    private ObjectStore(Disk disk, Path store, StoreOptions options) {
        this.disk = disk;
        this.objects = store.resolve(ObjectNames.OBJECTS);
        this.writer = new ObjectWriter(disk, store, options);
    }

    /** Opens a store; {@code ~} is the home directory. Creates it with mode 0700 where missing. */
    public static ObjectStore open(String path) {
        return open(StoreDirectory.of(path));
    }

    /**
     * Opens a store; creates it with mode 0700 where missing. A symbolic link of this user's own that leads to a store is
     * that store.
     *
     * @throws StoreException INSECURE_DIRECTORY when others may write to it, it belongs to somebody else, or the link does;
     *     STORE_FULL, STORE_FAILED
     */
    public static ObjectStore open(Path path) {
        return open(path, StoreOptions.DEFAULT);
    }

    /** As {@link #open(Path)}, with options for what is written through it. */
    public static ObjectStore open(Path path, StoreOptions options) {
        return open(LocalDisk.INSTANCE, path, options);
    }

    /**
     * Takes out of a store what no mesh can start with. Only for a store that a start was refused for: what is lost to the next
     * mesh is said at each {@link StoreRepair}. Nothing is deleted, it is put aside in the store.
     *
     * @throws StoreException STORE_IN_USE while a member of a mesh lives on it; STORE_FAILED
     */
    public static RepairReport repair(Path path, StoreRepair repair) {
        return switch (repair) {
            case JOURNAL_ASIDE ->
                reading(
                        "store " + path,
                        () -> new Repairing(LocalDisk.INSTANCE, LocalDisk.INSTANCE.real(path)).journalAside());
        };
    }

    static ObjectStore open(Disk disk, Path store, StoreOptions options) {
        try {
            Path real = disk.real(store);
            disk.openDirectory(real);
            disk.openDirectory(real.resolve(ObjectNames.OBJECTS));
            return new ObjectStore(disk, real, options);
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
                    : Optional.of(stored(files, newest.get()));
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
            return files.valueAt(file.get(), revision).map(state -> stored(files.id(), state, found));
        });
    }

    static StoredObject stored(ObjectFiles files, RevisionFile file) throws IOException {
        return stored(files.id(), files.valueOf(file), file.last());
    }

    private static StoredObject stored(String id, JsonNode state, StoredRevision revision) {
        return new StoredObject(
                id,
                state,
                revision.number(),
                revision.rev(),
                revision.author(),
                revision.timeMicros(),
                revision.deleted());
    }

    /**
     * Writes the first revision of an object, or the next one after it was deleted.
     *
     * @throws StoreException ALREADY_EXISTS; STORE_IN_USE while a mesh owns the store; STORE_FULL, STORE_FAILED
     */
    public StoredObject create(String id, JsonNode value) {
        return written(id, (files, newest) -> {
            if (newest.isPresent() && !newest.get().last().deleted()) {
                throw new StoreException(
                        StoreCode.ALREADY_EXISTS,
                        id + ": exists at revision " + newest.get().rev() + "; update it, or upsert");
            }
            JsonNode state = ObjectWriter.withoutNames(value);
            return newest.map(tombstone -> ObjectWriter.Draft.after(tombstone, state))
                    .orElseGet(() -> ObjectWriter.Draft.first(state));
        });
    }

    /**
     * Replaces the state, if {@code rev} is still the newest revision. Of any number of processes that do this at once one
     * succeeds. (A process that reads the file {@code .locks} of its own store meanwhile loses its lock: then two may
     * succeed, both revisions stay, and {@link #conflicts} lists the one that lost.)
     *
     * @throws StoreException CONFLICT naming the newest revision; NOT_FOUND if there is no object; STORE_IN_USE …
     */
    public StoredObject update(String id, JsonNode value, String rev) {
        return written(
                id,
                (files, newest) ->
                        ObjectWriter.Draft.after(requireNewest(id, newest, rev), ObjectWriter.withoutNames(value)));
    }

    /** As {@link #update(String, JsonNode, String)} at the revision that was read. */
    public StoredObject update(StoredObject read, JsonNode value) {
        return update(read.id(), value, read.rev());
    }

    /**
     * Writes the state as what follows {@code rev}, whether or not others have written since: then both stay, the winner is
     * the same everywhere, and {@link #conflicts} lists the other.
     *
     * @throws StoreException NOT_FOUND if there is no such revision; STORE_IN_USE, STORE_FULL, STORE_FAILED
     */
    public StoredObject updateKeepingConflict(String id, JsonNode value, String rev) {
        return reading(id, () -> {
            ObjectFiles files = files(id);
            writer.requireNoMesh();
            Rev name = Rev.parse(rev).orElseThrow(() -> notFound(id, rev));
            StoredRevision parent = files.holdingExactly(name).orElseThrow(() -> notFound(id, rev));
            return writer.write(
                    files,
                    new ObjectWriter.Draft(
                            rev, parent.timeMicros(), ObjectWriter.withoutNames(value), false, List.of()));
        });
    }

    /** Creates the object, or merges these members into its state, in one step. */
    public StoredObject upsert(String id, ObjectNode members) {
        return written(id, (files, newest) -> {
            ObjectNode merged = JsonNodeFactory.instance.objectNode();
            if (newest.isPresent() && !newest.get().last().deleted()) {
                JsonNode before = files.valueOf(newest.get());
                before.properties().forEach(member -> merged.set(member.getKey(), member.getValue()));
            }
            merged.setAll((ObjectNode) ObjectWriter.withoutNames(members));
            return newest.map(file -> ObjectWriter.Draft.after(file, merged))
                    .orElseGet(() -> ObjectWriter.Draft.first(merged));
        });
    }

    /**
     * Writes a tombstone after {@code rev}, which must be the newest revision; the history stays.
     *
     * @throws StoreException CONFLICT, NOT_FOUND, STORE_IN_USE …
     */
    public StoredObject delete(String id, String rev) {
        return written(
                id,
                (files, newest) -> ObjectWriter.Draft.after(requireNewest(id, newest, rev), FrozenTree.EMPTY_OBJECT)
                        .asTombstone());
    }

    private static RevisionFile requireNewest(String id, Optional<RevisionFile> newest, String rev) {
        RevisionFile file = newest.orElseThrow(() -> notFound(id, rev));
        if (!file.rev().toString().equals(rev)) {
            throw new StoreException(
                    StoreCode.CONFLICT,
                    id + ": revision " + rev + " was read, " + file.rev()
                            + " is the newest; read again, or keep the conflict");
        }
        return file;
    }

    private static StoreException notFound(String id, String rev) {
        return new StoreException(
                StoreCode.NOT_FOUND, id + ": there is no revision " + rev + "; create the object first");
    }

    private StoredObject written(String id, ObjectWriter.Decision decision) {
        return reading(id, () -> writer.exclusively(id, decision)).orElseThrow();
    }

    /** Revisions that lost and are not closed, old ones included; the one that would win next comes first. */
    public List<Conflict> conflicts(String id) {
        ObjectFiles files = files(id);
        return reading(id, () -> {
            Optional<RevisionFile> newest = files.newest();
            return newest.isEmpty() ? List.of() : conflicts(files, newest.get());
        });
    }

    private List<Conflict> conflicts(ObjectFiles files, RevisionFile newest) throws IOException {
        JsonNode winning = files.valueOf(newest);
        List<Conflict> conflicts = new ArrayList<>();
        for (RevisionFile end : OpenConflicts.of(disk, files, newest)) {
            Optional<StoredObject> found = lost(files, end);
            if (found.isEmpty()) {
                continue;
            }
            StoredObject lost = found.get();
            boolean captured = lost.deleted()
                    ? newest.last().deleted()
                    : !newest.last().deleted() && OpenConflicts.captured(lost.value(), winning);
            conflicts.add(new Conflict(lost, captured));
        }
        return conflicts;
    }

    /** Empty if retention took it meanwhile, or a power loss brought back a part of what retention had taken. */
    private static Optional<StoredObject> lost(ObjectFiles files, RevisionFile end) throws IOException {
        RevisionFile file = files.readIfWhole(end.rev()).orElse(end);
        StoredRevision last = file.last();
        return files.valueAt(file, last.number()).map(state -> stored(files.id(), state, last));
    }

    /** Writes a revision after the newest one that closes all conflicts there are now; returns it. */
    public StoredObject resolve(String id, JsonNode merged) {
        return written(id, (files, newest) -> {
            RevisionFile file = newest.orElseThrow(() -> notFound(id, "1"));
            List<String> closed = OpenConflicts.of(disk, files, file).stream()
                    .map(end -> end.rev().toString())
                    .toList();
            return ObjectWriter.Draft.after(file, ObjectWriter.withoutNames(merged))
                    .closing(closed);
        });
    }

    /** Closes the conflicts whose data the newest revision has captured, and no other; returns how many. */
    public int closeCaptured(String id) {
        List<String> closed = new ArrayList<>();
        reading(
                id,
                () -> Optional.ofNullable(writer.exclusively(id, (files, newest) -> {
                    if (newest.isEmpty() || newest.get().last().deleted()) {
                        return null;
                    }
                    conflicts(files, newest.get()).stream()
                            .filter(Conflict::autoResolvable)
                            .forEach(conflict -> closed.add(conflict.object().rev()));
                    return closed.isEmpty()
                            ? null
                            : ObjectWriter.Draft.after(newest.get(), files.valueOf(newest.get()))
                                    .closing(closed);
                })));
        return closed.size();
    }

    /**
     * Copies revision files that one of the two stores lacks from the other, both ways. Stores that have exchanged all
     * files, by whatever route, agree on every winner; a second sync copies nothing.
     */
    public SyncReport sync(ObjectStore other) {
        return reading("sync", () -> {
            StoreSync here = new StoreSync(other.disk, other.objects, disk, objects, writer);
            StoreSync there = new StoreSync(disk, objects, other.disk, other.objects, other.writer);
            here.run();
            there.run();
            return new SyncReport(here.copied(), there.copied(), here.damaged() + there.damaged());
        });
    }

    /**
     * Tells a listener the newest state of an object, a tombstone too, within 100 ms of each change by any process; of
     * changes in quick succession perhaps only the last. The listener runs on a thread of its own; what it throws is logged.
     */
    public StoreWatch watch(String id, Consumer<StoredObject> listener) {
        return StoreWatch.begin(disk, objects, ObjectNames.directory(id), listener);
    }

    /** As {@link #watch(String, Consumer)}, for every object there is or will be. */
    public StoreWatch watchAll(Consumer<StoredObject> listener) {
        return StoreWatch.begin(disk, objects, "", listener);
    }

    /**
     * Takes in a folder of multiprocess-store, every revision of every object, or one MemSync file of the form
     * {@code {"data": …, "version": …, "timestamp": …}}, whose name is the id. Doing it again changes nothing.
     *
     * @return how many revisions are new
     * @throws StoreException CORRUPT naming a file that is not JSON of that form, when all other objects are imported;
     *     STORE_IN_USE …
     */
    public int importFrom(Path source) {
        return reading("import of " + source, () -> {
            writer.requireNoMesh();
            return new StoreImport(disk, objects, writer).run(source);
        });
    }

    /**
     * The ids of all objects that have any revision, in no particular order. Read while it is consumed. What cannot be read
     * is told in the log and left out.
     */
    public Stream<String> ids() {
        return reading("store", () -> disk.list(objects)).stream()
                .map(name -> orPassedOver(name, "", () -> ObjectIds.idOf(disk, objects, name)))
                .filter(id -> !id.isEmpty());
    }

    /**
     * The newest state of every object that is not deleted. Read while it is consumed. An object whose files are damaged is
     * told in the log and left out; {@link #get} says what is wrong with it.
     */
    public Stream<StoredObject> all() {
        return ids().map(id -> orPassedOver(id, Optional.<StoredObject>empty(), () -> get(id)))
                .flatMap(Optional::stream);
    }

    /** What is wrong with one object concerns none that comes after it. */
    private static <T> T orPassedOver(String object, T nothing, Reading<T> reading) {
        try {
            return reading(object, reading);
        } catch (StoreException unreadable) {
            LOG.warn("passed over: " + unreadable.getMessage());
            return nothing;
        }
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

    /** The objects whose files were found damaged, missing or foreign by a mesh on this store, and what became of them. */
    public List<Quarantined> quarantined() {
        return reading("store", () -> new Quarantine(disk, Objects.requireNonNull(objects.getParent())).list());
    }

    /** How many revision files an object has, by their names alone. */
    long names(String id) {
        return reading(id, () -> {
            RevisionGroups groups = RevisionGroups.oldestFirst(disk, files(id).directory(), 0);
            long names = 0;
            for (Optional<List<Rev>> group = groups.next(); group.isPresent(); group = groups.next()) {
                names += group.get().size();
            }
            return names;
        });
    }

    private ObjectFiles files(String id) {
        return writer.files(id);
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
