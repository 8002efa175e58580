package dev.covey.mesh.aeron;

import dev.covey.mesh.MeshCode;
import dev.covey.mesh.MeshException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The directory of one driver: never there before, big enough, and removed by us. The driver itself would empty whatever
 * its directory's name leads to, so it is never asked to.
 *
 * <p>Aeron says no mode when it makes its directories and files, so the umask decides. What keeps others out is the mesh
 * directory around them, which has mode 0700 before there is a driver; the driver's own gets it as well once it is there.
 */
final class DriverDirectory {
    static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    static final FileAttribute<Set<PosixFilePermission>> PRIVATE_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private DriverDirectory() {}

    /** Refuses a path at which anything is. */
    static void requireNew(Path directory) {
        if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
            throw new MeshException(
                    MeshCode.INSECURE_DIRECTORY,
                    directory + ": a driver needs a directory that is not there yet, something is; use a new name");
        }
    }

    /** Takes from everybody else what the umask left them of what the driver has made so far. */
    static void makePrivate(Path directory) throws IOException {
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path found, BasicFileAttributes attributes) throws IOException {
                Files.setPosixFilePermissions(found, PRIVATE.value());
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (attributes.isRegularFile()) {
                    Files.setPosixFilePermissions(file, PRIVATE_FILE.value());
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failed) {
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Refuses to begin what would end in a bus error for want of memory. */
    static void requireRoom(Path directory, long needed, int members) {
        long usable;
        try {
            usable = Files.getFileStore(directory.toAbsolutePath().getParent()).getUsableSpace();
        } catch (IOException failed) {
            throw new MeshException(
                    MeshCode.TRANSPORT_LOST,
                    directory + ": the file system does not tell its free space: " + failed.getMessage(),
                    failed);
        }
        if (usable < needed) {
            throw new MeshException(
                    MeshCode.LIMIT_EXCEEDED,
                    directory + ": a host with room for " + members + " members needs " + inMegabytes(needed)
                            + " there, " + inMegabytes(usable)
                            + " are free; give the container more (docker run --shm-size), free some, or expect fewer members");
        }
    }

    private static String inMegabytes(long bytes) {
        return String.format("%.1f MB", bytes / 1e6);
    }

    /**
     * A file or directory that stays as long as its driver does.
     *
     * @param inode where it leads to
     */
    record Known(Path path, @Nullable Object inode) {
        boolean isStillThere() {
            return Objects.equals(inode, inodeOf(path));
        }
    }

    /** What stays in the directory of a driver that has started: not the buffers, which come and go with the members. */
    static List<Known> known(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            return Stream.concat(Stream.of(directory), entries)
                    .map(path -> new Known(path, inodeOf(path)))
                    .toList();
        } catch (IOException removedAlready) {
            throw new UncheckedIOException(removedAlready);
        }
    }

    /** Null when nothing is there, or it cannot be asked. */
    private static @Nullable Object inodeOf(Path path) {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .fileKey();
        } catch (IOException gone) {
            return null;
        }
    }

    /** Removes the directory and what is in it; a link in it is removed, never followed. */
    static void remove(Path directory) throws IOException {
        if (Files.isSymbolicLink(directory) || !Files.isDirectory(directory)) {
            return;
        }
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failed) throws IOException {
                if (failed instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw failed;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failed) throws IOException {
                Files.deleteIfExists(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
