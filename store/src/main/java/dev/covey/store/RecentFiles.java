package dev.covey.store;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Full states that were read or written a short while ago. What has a name never changes, so only the directories have to
 * be looked at again to know which of them is the newest. For any thread.
 */
final class RecentFiles {
    private static final int MAX_FILES = 4_096;
    private static final long MAX_BYTES = 16 << 20;
    /** Larger ones would push out too many others. */
    private static final int MAX_FILE_BYTES = 1 << 20;

    private final Subdirectories subdirectories;
    private final LinkedHashMap<Path, Kept> files = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    private record Kept(RevisionFile file, int bytes) {}

    RecentFiles(Disk disk) {
        this.subdirectories = new Subdirectories(disk);
    }

    /** The directories they are in. */
    Subdirectories subdirectories() {
        return subdirectories;
    }

    synchronized @Nullable RevisionFile get(Path name) {
        Kept kept = files.get(name);
        return kept == null ? null : kept.file();
    }

    /** Only what stands alone: what it builds on may be gone later. */
    synchronized void put(Path name, RevisionFile file, int size) {
        if (file.value() == null || size > MAX_FILE_BYTES) {
            return;
        }
        Kept before = files.put(name, new Kept(file, size));
        bytes += size - (before == null ? 0 : before.bytes());
        Iterator<Map.Entry<Path, Kept>> oldest = files.entrySet().iterator();
        while (files.size() > MAX_FILES || bytes > MAX_BYTES) {
            bytes -= oldest.next().getValue().bytes();
            oldest.remove();
        }
    }
}
