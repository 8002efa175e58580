package dev.covey.store;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.WatchService;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * The only door to files. Nothing else in this room touches {@code java.nio.file.Files} or a channel, so a test can hand
 * in a disk that fails, forgets or tears at any step.
 *
 * <p>What a disk must not do: follow a symbolic link in the last component (but {@link #real}), open what is no regular file
 * (opening a pipe waits for somebody at its other end), replace a file that is there, or report a force that did not happen.
 * Directories are created 0700, files 0600. Every method may be called by any thread.
 */
interface Disk {
    /**
     * The one name of a directory, there or not: links that lead to it are followed, if the last of its names is one only
     * where it belongs to this user.
     */
    default Path real(Path directory) throws IOException {
        return directory;
    }

    /**
     * Creates it and its parents where missing, and then forces their entries; refuses with INSECURE_DIRECTORY what others
     * could write to.
     */
    void openDirectory(Path directory) throws IOException;

    /** Creates it and its parents where missing, inside a directory that was opened; no check. */
    void makeDirectories(Path directory) throws IOException;

    /** Names in no particular order, without {@code .} and {@code ..}; empty if there is no such directory. */
    List<String> list(Path directory) throws IOException;

    /** How many directories are in it, not counting below; 0 if there is no such directory, -1 where nobody counts. */
    int subdirectories(Path directory) throws IOException;

    boolean exists(Path file) throws IOException;

    /** What has a name. */
    enum Kind {
        NOTHING,
        FILE,
        DIRECTORY,
        /** A link, which is not followed, a pipe, a socket, a device. */
        OTHER
    }

    /** What has that name; {@link Kind#NOTHING} also where what should be a directory on the way to it is none. */
    Kind kind(Path file) throws IOException;

    long size(Path file) throws IOException;

    /** Milliseconds since 1970 when the file was last changed. */
    long modifiedMillis(Path file) throws IOException;

    /**
     * At most {@code maxBytes} from {@code offset}; fewer at the end of the file.
     *
     * @throws NotRegularFileException if it is none, here and wherever a file is opened or mapped
     */
    byte[] read(Path file, long offset, int maxBytes) throws IOException;

    /** A new file with these bytes; fails if the name is taken. */
    void create(Path file, Iterator<byte[]> chunks) throws IOException;

    /** A new file of so many zeros, really written: a sparse mapping would die of SIGBUS on a full disk. */
    void createZeros(Path file, int bytes) throws IOException;

    /** Overwrites bytes inside a file that is there, without making it longer. */
    void overwrite(Path file, long offset, byte[] bytes) throws IOException;

    void force(Path file) throws IOException;

    /**
     * Forces all of them that are still there: what somebody took meanwhile needs no force. When this throws, any of them may
     * be forced or not.
     */
    default void forceAll(Collection<Path> files) throws IOException {
        for (Path file : files) {
            forceIfThere(file);
        }
    }

    /** As {@link #force}, and nothing if there is no such file. */
    default void forceIfThere(Path file) throws IOException {
        try {
            force(file);
        } catch (NoSuchFileException taken) {
            if (exists(file)) {
                throw taken;
            }
        }
    }

    void forceDirectory(Path directory) throws IOException;

    /** Does something that takes its time, beside the caller where the disk can; one may begin another. */
    default Future<Void> beside(Callable<Void> work) {
        FutureTask<Void> task = new FutureTask<>(work);
        task.run();
        return task;
    }

    /** Gives the file a second name; false if that name is taken. */
    boolean link(Path file, Path name) throws IOException;

    /** Gives the file, or whatever it is, this name instead of its own, in place of the file that had it; atomic. */
    void replace(Path file, Path name) throws IOException;

    /** Unlinks; no error if there is none. */
    void delete(Path file) throws IOException;

    /**
     * A lock that only one thread of all processes holds, made from a file and a number; it ends with its process. Two
     * numbers may share one lock. Null if it stayed taken for so long.
     */
    @Nullable
    Held lock(Path file, int number, long waitMillis) throws IOException;

    /** Whether a mesh has a living member on the store that this file is the claim of. */
    boolean ownedByMesh(Path claimFile, long waitMillis) throws IOException;

    /** As {@link #exists}, in the shortest way where mostly nothing is. */
    default boolean isThere(Path file) throws IOException {
        return exists(file);
    }

    /** Device and inode of a directory, which a copy of it does not share; empty if there is none. */
    default String identity(Path directory) throws IOException {
        return exists(directory) ? "0x0" : "";
    }

    /** Listens on a new socket and answers nobody, until it is closed; null where that cannot be had. */
    default @Nullable Held listen(Path socket) throws IOException {
        return null;
    }

    /** Whether whoever listened on that socket is gone: it refuses a connection. False also when there is no socket. */
    default boolean refuses(Path socket) throws IOException {
        return false;
    }

    /** Tells about changes in directories; null where that cannot be had, and one has to look. */
    @Nullable
    WatchService watchService();

    /** A lock that is held until it is closed. */
    interface Held extends AutoCloseable {
        @Override
        void close() throws IOException;
    }

    /** The whole file as memory, shared with every process that maps it. */
    MappedFile map(Path file, boolean writable) throws IOException;

    /**
     * The whole file to write in, where all is forced: what is put there is seen by others, and on the device, when
     * {@link MappedFile#force} returns, and not before. That costs a file system less than forcing shared memory, which
     * changes the times of the file with each page that becomes dirty.
     */
    MappedFile mapForced(Path file) throws IOException;
}
