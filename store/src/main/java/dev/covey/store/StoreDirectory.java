package dev.covey.store;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Where a store is, by its one name, however it was said. */
public final class StoreDirectory {
    private StoreDirectory() {}

    /**
     * The directory that a path leads to, which may not be there yet. A symbolic link of this user's own to a store is the
     * store, so it is one store by either name; a link that somebody else may turn elsewhere is refused. What leads to the
     * last name is as the system has it, links too: those are for the owners of the directories they are in, which this user
     * trusts as much as he trusts them with a directory in its place.
     *
     * @throws StoreException INSECURE_DIRECTORY when the last name is a link that belongs to somebody else
     */
    public static Path real(Path path) {
        try {
            return LocalDisk.INSTANCE.real(path);
        } catch (IOException e) {
            throw StoreException.of("store " + path, e);
        }
    }

    /**
     * The path that a text names; {@code ~} is the home directory.
     *
     * @throws StoreException BAD_NAME
     */
    public static Path of(String text) {
        try {
            return Path.of(text.equals("~") || text.startsWith("~/") ? home(text) + text.substring(1) : text);
        } catch (InvalidPathException e) {
            throw new StoreException(StoreCode.BAD_NAME, "store: this is no path: " + e.getMessage(), e);
        }
    }

    private static String home(String text) {
        String home = System.getProperty("user.home", "");
        if (home.isEmpty() || home.equals("?")) {
            throw new StoreException(
                    StoreCode.BAD_NAME,
                    "store " + text + ": ~ is the home directory, and this JVM knows none; give the whole path");
        }
        return home;
    }

    /**
     * Makes the directory with mode 0700 where it is missing, whatever the umask. One that is there must belong to this user,
     * and others must not be able to write to it; that others may read it is the user's own choice.
     *
     * @param directory as {@link #real} gives it
     * @throws StoreException INSECURE_DIRECTORY, STORE_FULL, STORE_FAILED
     */
    public static void open(Path directory) {
        try {
            LocalDisk.INSTANCE.openDirectory(directory);
        } catch (IOException e) {
            throw StoreException.of("store " + directory, e);
        }
    }
}
