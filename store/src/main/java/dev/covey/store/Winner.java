package dev.covey.store;

import com.fasterxml.jackson.databind.JsonNode;
import dev.covey.patch.FrozenTree;
import java.io.IOException;
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

    /** Reads the newest revision file of every object in a store, in the order of their directories. */
    public static void each(Path store, Consumer<Winner> found) {
        Disk disk = LocalDisk.INSTANCE;
        Path objects = store.resolve(ObjectNames.OBJECTS);
        try {
            disk.openDirectory(store);
            disk.openDirectory(objects);
            for (String name : disk.list(objects)) {
                String id = ObjectIds.idOf(disk, objects, name);
                if (!id.isEmpty()) {
                    of(new ObjectFiles(disk, objects, id)).ifPresent(found);
                }
            }
        } catch (IOException e) {
            throw StoreException.of("store " + store, e);
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
