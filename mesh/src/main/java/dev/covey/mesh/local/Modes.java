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
import java.util.Set;

/** Who may touch what we make: nobody but the user we run as. Says so at birth, and checks what was there before us. */
final class Modes {
    static final FileAttribute<Set<PosixFilePermission>> PRIVATE_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    static final FileAttribute<Set<PosixFilePermission>> PRIVATE_DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private static final int OTHERS = 0077;
    private static final int PERMISSIONS = 07777;

    private Modes() {}

    /** The numeric user this process runs as: the owner of its own entry in /proc. */
    static int ownUserId() throws IOException {
        return attribute(Path.of("/proc", Long.toString(ProcessHandle.current().pid())), "unix:uid");
    }

    /** Refuses a directory that is not ours alone, each reason with its own sentence. */
    static void requirePrivateDirectory(Path directory) throws IOException {
        if (Files.isSymbolicLink(directory)) {
            throw insecure(directory, "a directory of this user was expected, a symbolic link was found; remove it");
        }
        requirePrivate(directory, "directory", "700");
    }

    /** The same for a file. */
    static void requirePrivateFile(Path file) throws IOException {
        if (Files.isSymbolicLink(file)) {
            throw insecure(file, "a file of this user was expected, a symbolic link was found; remove it");
        }
        requirePrivate(file, "regular file", "600");
    }

    private static void requirePrivate(Path path, String kind, String mode) throws IOException {
        boolean fits = kind.equals("directory")
                ? Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)
                : Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
        if (!fits) {
            throw insecure(path, "a " + kind + " was expected, something else was found; remove it");
        }
        int owner = attribute(path, "unix:uid");
        if (owner != ownUserId()) {
            throw insecure(
                    path,
                    "it belongs to user " + owner + ", this process runs as user " + ownUserId()
                            + "; remove it, or choose another base directory");
        }
        int permissions = attribute(path, "unix:mode") & PERMISSIONS;
        if ((permissions & OTHERS) != 0) {
            throw insecure(
                    path,
                    "its mode is " + Integer.toOctalString(permissions) + ", so others may reach it; run chmod " + mode
                            + " " + path);
        }
    }

    private static int attribute(Path path, String name) throws IOException {
        Object value = Files.getAttribute(path, name, LinkOption.NOFOLLOW_LINKS);
        if (value instanceof Integer number) {
            return number;
        }
        throw new IOException("this file system tells no " + name);
    }

    private static MeshException insecure(Path path, String sentence) {
        return new MeshException(MeshCode.INSECURE_DIRECTORY, path + ": " + sentence);
    }
}
