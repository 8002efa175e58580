package dev.covey.mesh.local;

import dev.covey.mesh.MeshCode;
import dev.covey.mesh.MeshException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;

/** Who may touch what we make: nobody but the user we run as. Says so at birth, and checks what was there before us. */
final class Modes {
    static final FileAttribute<Set<PosixFilePermission>> PRIVATE_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    static final FileAttribute<Set<PosixFilePermission>> PRIVATE_DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private static final int OTHERS = 0077;
    private static final int PERMISSIONS = 07777;
    /** As in inode(7). */
    private static final int TYPE = 0170000;

    private static final int DIRECTORY = 0040000;
    private static final int REGULAR_FILE = 0100000;
    private static final int SYMBOLIC_LINK = 0120000;

    private Modes() {}

    /** The numeric user this process runs as: the owner of its own entry in /proc. */
    static int ownUserId() throws IOException {
        return number(Files.readAttributes(Path.of("/proc/self"), "unix:uid"), "uid");
    }

    /**
     * Refuses a directory that is not ours alone, each reason with its own sentence.
     *
     * @throws NoSuchFileException when there is none (any more), which is no fault of anybody's
     */
    static void requirePrivateDirectory(Path directory) throws IOException {
        requirePrivate(directory, DIRECTORY, "directory", "700");
    }

    /** The same for a file. */
    static void requirePrivateFile(Path file) throws IOException {
        requirePrivate(file, REGULAR_FILE, "regular file", "600");
    }

    /** One look at the file tells all, so nothing changes in between. */
    private static void requirePrivate(Path path, int type, String kind, String mode) throws IOException {
        Map<String, Object> found = Files.readAttributes(path, "unix:uid,mode", LinkOption.NOFOLLOW_LINKS);
        int bits = number(found, "mode");
        if ((bits & TYPE) == SYMBOLIC_LINK) {
            throw insecure(path, "a " + kind + " of this user was expected, a symbolic link was found; remove it");
        }
        if ((bits & TYPE) != type) {
            throw insecure(path, "a " + kind + " was expected, something else was found; remove it");
        }
        int owner = number(found, "uid");
        if (owner != ownUserId()) {
            throw insecure(
                    path,
                    "it belongs to user " + owner + ", this process runs as user " + ownUserId()
                            + "; remove it, or choose another base directory");
        }
        int permissions = bits & PERMISSIONS;
        if ((permissions & OTHERS) != 0) {
            throw insecure(
                    path,
                    "its mode is " + Integer.toOctalString(permissions) + ", so others may reach it; run chmod " + mode
                            + " " + path);
        }
    }

    private static int number(Map<String, Object> attributes, String name) throws IOException {
        if (attributes.get(name) instanceof Integer number) {
            return number;
        }
        throw new IOException("this file system tells no " + name);
    }

    private static MeshException insecure(Path path, String sentence) {
        return new MeshException(MeshCode.INSECURE_DIRECTORY, path + ": " + sentence);
    }
}
