package dev.covey.store;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Full states that were read or written a short while ago. What has a name never changes, unless it is damaged: the bytes
 * are compared with what was known of them, which takes a tenth of understanding them again. For any thread.
 */
final class RecentFiles {
    private static final int MAX_FILES = 4_096;
    private static final long MAX_BYTES = 16 << 20;
    /** Larger ones would push out too many others. */
    private static final int MAX_FILE_BYTES = 1 << 20;

    private final Subdirectories subdirectories;
    private final LinkedHashMap<Path, Kept> files = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    private record Kept(RevisionFile file, int bytes, long crc) {}

    RecentFiles(Disk disk) {
        this.subdirectories = new Subdirectories(disk);
    }

    /** The directories they are in. */
    Subdirectories subdirectories() {
        return subdirectories;
    }

    /** Null if it is not known, or is not what it was: then it is forgotten. */
    @Nullable
    RevisionFile getIfSame(Disk disk, Path name) throws IOException {
        Kept kept = get(name);
        if (kept == null || isThere(disk, name, kept)) {
            return kept == null ? null : kept.file();
        }
        forget(name);
        return null;
    }

    private static boolean isThere(Disk disk, Path name, Kept kept) throws IOException {
        try {
            byte[] now = disk.read(name, 0, kept.bytes() + 1);
            return now.length == kept.bytes() && crcOf(now) == kept.crc();
        } catch (NoSuchFileException | NotRegularFileException gone) {
            return false;
        }
    }

    private synchronized @Nullable Kept get(Path name) {
        return files.get(name);
    }

    private synchronized void forget(Path name) {
        Kept kept = files.remove(name);
        bytes -= kept == null ? 0 : kept.bytes();
    }

    private static long crcOf(byte[] content) {
        CRC32C crc = new CRC32C();
        crc.update(content, 0, content.length);
        return crc.getValue();
    }

    /** Only what stands alone: what it builds on may be gone later. */
    void put(Path name, RevisionFile file, byte[] content) {
        if (file.value() != null && content.length <= MAX_FILE_BYTES) {
            put(name, new Kept(file, content.length, crcOf(content)));
        }
    }

    private synchronized void put(Path name, Kept kept) {
        Kept before = files.put(name, kept);
        bytes += kept.bytes() - (before == null ? 0 : before.bytes());
        Iterator<Map.Entry<Path, Kept>> oldest = files.entrySet().iterator();
        while (files.size() > MAX_FILES || bytes > MAX_BYTES) {
            bytes -= oldest.next().getValue().bytes();
            oldest.remove();
        }
    }
}
