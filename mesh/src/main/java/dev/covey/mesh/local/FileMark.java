package dev.covey.mesh.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * By what a file is known again without being read: its inode, and for one that is written once also its size and the time
 * of its last change. Asking costs some 5 µs.
 *
 * @param inode null where the file system tells none
 */
record FileMark(@Nullable Object inode, long size, FileTime changed) {
    static FileMark of(Path path) throws IOException {
        BasicFileAttributes found = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return new FileMark(found.fileKey(), found.size(), found.lastModifiedTime());
    }

    /** Null when nothing is there, or it cannot be asked. */
    static @Nullable FileMark ofOrNull(Path path) {
        try {
            return of(path);
        } catch (IOException goneOrUnreachable) {
            return null;
        }
    }

    /** Whether the path leads to this file, unchanged. */
    boolean isOf(Path path) {
        return equals(ofOrNull(path));
    }

    /** Whether the path leads to this file, changed or not: of one that its readers have mapped. */
    boolean isInodeOf(Path path) {
        FileMark found = ofOrNull(path);
        return found != null && inode != null && inode.equals(found.inode());
    }
}
