package dev.covey.mesh.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A file whose byte ranges are locked, and that is open at most once in this JVM.
 *
 * <p>Operating-system locks belong to the process, not to whoever took them: closing <em>any</em> channel of the file
 * drops them all, and a second lock in the same JVM is an exception even when both are shared. So every lock file is
 * opened here and nowhere else, all on {@link FileThread}, and who finds it open in this JVM gets empty and asks its
 * holder instead.
 *
 * <p>A JVM may have loaded this class more than once, by several class loaders. So what is open here stands in the one
 * place they share, the system properties: {@code covey.open.PATH}, with the file's text, which the others must not
 * open the file to read.
 */
final class LockFile implements AutoCloseable {
    /** Longest text in a lock file, in bytes. */
    static final int TEXT_LIMIT = 2 * ClaimText.PLACE;

    /** Guarded by itself. Keys are absolute normal paths. */
    private static final Map<Path, LockFile> OPEN_HERE = new HashMap<>();

    /** What another class loader of this JVM has open, too. */
    private static final String OPEN_IN_JVM = "covey.open.";

    private Path path;
    private final FileChannel channel;
    private final Map<Long, FileLock> locks = new HashMap<>();
    private final List<FileChannel> looks = new ArrayList<>();

    private LockFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /** Opens the file, creating it for this user alone if it is missing; empty when this JVM has it open already. */
    static Optional<LockFile> open(Path path) throws IOException {
        return open(
                path,
                Set.of(
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        LinkOption.NOFOLLOW_LINKS));
    }

    /** Opens a file that must be there; empty when this JVM has it open already. */
    static Optional<LockFile> openExisting(Path path) throws IOException {
        return open(path, Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
    }

    private static Optional<LockFile> open(Path path, Set<? extends java.nio.file.OpenOption> options)
            throws IOException {
        Path key = path.toAbsolutePath().normalize();
        return FileThread.call(() -> {
            synchronized (OPEN_HERE) {
                if (!claim(key)) {
                    return Optional.empty();
                }
                try {
                    LockFile file = new LockFile(key, FileChannel.open(key, options, Modes.PRIVATE_FILE));
                    OPEN_HERE.put(key, file);
                    return Optional.of(file);
                } catch (IOException | RuntimeException failed) {
                    disclaim(key);
                    throw failed;
                }
            }
        });
    }

    /** Whether nobody in this JVM had the file open, and the caller may now; atomic across class loaders. */
    private static boolean claim(Path key) {
        return System.getProperties().putIfAbsent(OPEN_IN_JVM + key, "") == null;
    }

    private static void disclaim(Path key) {
        System.getProperties().remove(OPEN_IN_JVM + key);
    }

    /**
     * Whether somebody, here or in another process, keeps that byte locked; false when there is no such file. One piece of
     * work of {@link FileThread}, so two who ask here never take each other for the holder.
     */
    static boolean isLocked(Path path, long at) throws IOException {
        Path key = path.toAbsolutePath().normalize();
        return FileThread.call(() -> {
            synchronized (OPEN_HERE) {
                if (!claim(key)) {
                    return true;
                }
                try (FileChannel probe = FileChannel.open(key, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
                    return probe.tryLock(at, 1, true) == null;
                } catch (NoSuchFileException gone) {
                    return false;
                } finally {
                    disclaim(key);
                }
            }
        });
    }

    /** The text of a lock file, whoever has it open; empty when there is no such file. */
    static Optional<String> textOf(Path path) throws IOException {
        Path key = path.toAbsolutePath().normalize();
        return FileThread.call(() -> {
            synchronized (OPEN_HERE) {
                LockFile open = OPEN_HERE.get(key);
                if (open != null) {
                    return Optional.of(readText(open.channel));
                }
                if (!claim(key)) {
                    return Optional.ofNullable(System.getProperty(OPEN_IN_JVM + key));
                }
                try {
                    return Files.isRegularFile(key, LinkOption.NOFOLLOW_LINKS)
                            ? Optional.of(Files.readString(key))
                            : Optional.empty();
                } finally {
                    disclaim(key);
                }
            }
        });
    }

    Path path() {
        return path;
    }

    /** Whether the byte is now locked by us alone. Never waits. */
    boolean tryExclusive(long at) throws IOException {
        return tryLock(at, false);
    }

    /** Whether the byte is now locked by us among others. Never waits. */
    boolean tryShared(long at) throws IOException {
        return tryLock(at, true);
    }

    private boolean tryLock(long at, boolean shared) throws IOException {
        return FileThread.call(() -> {
            FileLock lock = channel.tryLock(at, 1, shared);
            if (lock == null) {
                return false;
            }
            locks.put(at, lock);
            return true;
        });
    }

    void release(long at) throws IOException {
        FileThread.call(() -> {
            FileLock lock = locks.remove(at);
            if (lock != null) {
                lock.release();
            }
            return true;
        });
    }

    String text() throws IOException {
        return FileThread.call(() -> readText(channel));
    }

    private static String readText(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(TEXT_LIMIT);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, bytes.position()) < 0) {
                break;
            }
        }
        return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
    }

    /** Writes at that place and forces it to the disk. A death halfway leaves a part of it there. */
    void write(long at, String text) throws IOException {
        FileThread.call(() -> {
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
            while (bytes.hasRemaining()) {
                channel.write(bytes, at + bytes.position());
            }
            channel.force(true);
            System.setProperty(OPEN_IN_JVM + path, readText(channel));
            return true;
        });
    }

    /** Replaces the text and forces it to the disk. A death halfway leaves a text that no reader takes for whole. */
    void write(String text) throws IOException {
        FileThread.call(() -> {
            channel.truncate(0);
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
            while (bytes.hasRemaining()) {
                channel.write(bytes, bytes.position());
            }
            channel.force(true);
            System.setProperty(OPEN_IN_JVM + path, text);
            return true;
        });
    }

    /** Gives the file its public name. The locks stay: they belong to the file, not to its name. */
    void rename(Path to) throws IOException {
        Path key = to.toAbsolutePath().normalize();
        FileThread.call(() -> {
            synchronized (OPEN_HERE) {
                System.setProperty(OPEN_IN_JVM + key, readText(channel));
                Files.move(path, key, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
                OPEN_HERE.remove(path);
                disclaim(path);
                OPEN_HERE.put(key, this);
                path = key;
                return true;
            }
        });
    }

    /** Gives a file that has no text one, which nobody waits for to reach the disk. */
    void writeIfEmpty(String text) throws IOException {
        FileThread.call(() -> {
            if (channel.size() == 0) {
                channel.write(StandardCharsets.UTF_8.encode(text), 0);
            }
            return true;
        });
    }

    /**
     * Whether the path still leads to this file, and not to none or to another: who locked one that was removed has locked
     * nothing. The text tells, where no two files have the same. The second look stays open as long as the first, for closing
     * it would drop the locks.
     */
    boolean isWhatItsPathLeadsTo() throws IOException {
        return FileThread.call(() -> {
            try {
                FileChannel there = FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
                looks.add(there);
                String text = readText(channel);
                return !text.isEmpty() && text.equals(readText(there));
            } catch (NoSuchFileException removed) {
                return false;
            }
        });
    }

    /** Drops every lock. */
    @Override
    public void close() throws IOException {
        FileThread.call(() -> {
            synchronized (OPEN_HERE) {
                boolean open = OPEN_HERE.remove(path, this);
                channel.close();
                for (FileChannel look : looks) {
                    look.close();
                }
                if (open) {
                    disclaim(path);
                }
                return true;
            }
        });
    }
}
