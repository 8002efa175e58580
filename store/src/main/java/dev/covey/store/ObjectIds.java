package dev.covey.store;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** From a directory's name back to the id of the object in it. */
final class ObjectIds {
    private ObjectIds() {}

    /** Of all objects whose id can be told, in the order of their directories' listing. */
    static List<String> all(Disk disk, Path objects) throws IOException {
        List<String> ids = new ArrayList<>();
        for (String name : disk.list(objects)) {
            String id = idOf(disk, objects, name);
            if (!id.isEmpty()) {
                ids.add(id);
            }
        }
        return ids;
    }

    /** Empty text if the directory holds no object. A plain name is the id; others have it inside their files. */
    static String idOf(Disk disk, Path objects, String name) throws IOException {
        if (name.startsWith(".")) {
            return "";
        }
        if (!name.startsWith("_")) {
            return ObjectNames.isPlain(name) ? name : "";
        }
        RevisionGroups groups = RevisionGroups.newestFirst(disk, objects.resolve(name));
        for (Optional<List<Rev>> group = groups.next(); group.isPresent(); group = groups.next()) {
            for (Rev rev : group.get()) {
                Optional<String> id = idInside(disk, objects.resolve(name), rev);
                if (id.isPresent() && ObjectNames.directory(id.get()).equals(name)) {
                    return id.get();
                }
            }
        }
        return "";
    }

    private static Optional<String> idInside(Disk disk, Path directory, Rev rev) throws IOException {
        Path file = ObjectNames.group(directory, rev.number()).resolve(rev.toString());
        try {
            return Optional.of(RevisionFormat.decode(file, rev, disk.read(file, 0, RevisionFormat.MAX_FILE_BYTES))
                    .id());
        } catch (StoreException | NoSuchFileException | NotRegularFileException damaged) {
            return Optional.empty();
        }
    }
}
