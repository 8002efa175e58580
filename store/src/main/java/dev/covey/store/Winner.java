package dev.covey.store;

import com.fasterxml.jackson.databind.JsonNode;
import dev.covey.patch.FrozenTree;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The newest state of one object as its files have it, and where in a journal it came from: what a mesh is born with when
 * its own journal knows less.
 *
 * @param id the object's id
 * @param value its frozen state, {@code {}} if it was deleted
 * @param revision its number
 * @param timeMicros microseconds since 1970 when it was accepted
 * @param epoch that accepted it; 0 if no mesh did
 * @param position its place in that mesh's journal; 0 if no mesh did
 * @param deleted whether the object was deleted by this revision
 */
public record Winner(
        String id, JsonNode value, long revision, long timeMicros, long epoch, long position, boolean deleted) {

    private static final ToldOnce LOG = new ToldOnce(System.getLogger(Winner.class.getName()));

    /**
     * Reads the newest revision file of every object in a store, in the order of their directories. An object whose files
     * cannot be read is told in the log, and left out (rule F4): what the journal knows of it decides.
     */
    public static void each(Path store, Consumer<Winner> found) {
        each(LocalDisk.INSTANCE, store, found);
    }

    static void each(Disk disk, Path store, Consumer<Winner> found) {
        Path objects = store.resolve(ObjectNames.OBJECTS);
        try {
            disk.openDirectory(store);
            Quarantine.openObjects(disk, store);
            for (String name : disk.list(objects)) {
                read(disk, objects, name).ifPresent(found);
            }
        } catch (IOException e) {
            throw StoreException.of("store " + store, e);
        }
    }

    private static Optional<Winner> read(Disk disk, Path objects, String name) throws IOException {
        try {
            String id = ObjectIds.idOf(disk, objects, name);
            return id.isEmpty() ? Optional.empty() : of(new ObjectFiles(disk, objects, id));
        } catch (StoreException | AccessDeniedException | NotRegularFileException unreadable) {
            LOG.warn("passed over: " + objects.resolve(name) + ": " + unreadable.getMessage());
            return Optional.empty();
        }
    }

    private static Optional<Winner> of(ObjectFiles files) throws IOException {
        Optional<ObjectFiles.Standing> newest = files.newestStanding();
        if (newest.isEmpty()) {
            return Optional.empty();
        }
        StoredRevision last = newest.get().file().last();
        JsonNode value = last.deleted() ? FrozenTree.EMPTY_OBJECT : newest.get().value();
        return Optional.of(new Winner(
                files.id(), value, last.number(), last.timeMicros(), last.epoch(), last.position(), last.deleted()));
    }
}
