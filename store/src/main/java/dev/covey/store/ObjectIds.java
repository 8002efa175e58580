package dev.covey.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** From a directory's name back to the id of the object in it. */
final class ObjectIds {
    private ObjectIds() {}

    /** Empty text if the directory holds no object. A plain name is the id; others have it inside their files. */
    static String idOf(Disk disk, Path objects, String name) throws IOException {
        if (name.startsWith(".")) {
            return "";
        }
        if (!name.startsWith("_")) {
            return name;
        }
        RevisionGroups groups = RevisionGroups.newestFirst(disk, objects.resolve(name));
        for (Optional<java.util.List<Rev>> group = groups.next(); group.isPresent(); group = groups.next()) {
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
        } catch (StoreException damaged) {
            return Optional.empty();
        }
    }
}
