package dev.covey.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Forces the directory that a file was published in, and once those above it, up to the one of all objects: a directory's
 * own entry may be of another process that has not forced it yet. Directories never go, so what was forced stays so. For
 * any thread.
 */
final class ForcedDirectories {
    /** Forgetting one costs a few forces more. */
    private static final int MOST_REMEMBERED = 16_384;

    private final Disk disk;
    private final Path objects;
    private final Set<Path> entered = Collections.synchronizedSet(Collections.newSetFromMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Path, Boolean> eldest) {
            return size() > MOST_REMEMBERED;
        }
    }));

    ForcedDirectories(Disk disk, Path objects) {
        this.disk = disk;
        this.objects = objects;
    }

    void force(Path published) throws IOException {
        Path directory = Objects.requireNonNull(published.getParent());
        disk.forceDirectory(directory);
        if (!entered.contains(directory)) {
            forceAbove(directory);
            entered.add(directory);
        }
    }

    private void forceAbove(Path directory) throws IOException {
        Path above = directory.getParent();
        while (above != null && above.startsWith(objects)) {
            disk.forceDirectory(above);
            above = above.getParent();
        }
    }
}
