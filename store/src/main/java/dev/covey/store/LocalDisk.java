package dev.covey.store;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** The file system of this machine. */
final class LocalDisk implements Disk {
    static final LocalDisk INSTANCE = new LocalDisk();

    private static final FileAttribute<?> PRIVATE_FILE = permissions("rw-------");
    private static final FileAttribute<?> PRIVATE_DIRECTORY = permissions("rwx------");
    private static final Set<OpenOption> NEW_FILE =
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, NOFOLLOW_LINKS);
    private static final int ZEROS_PER_WRITE = 1 << 20;
    /** Who has less than this left is told that the disk is full, whatever language the error speaks. */
    private static final long NEARLY_FULL_BYTES = 1 << 20;

    /** As many as the kernel follows. */
    private static final int MAX_LINKS = 40;

    /** Of a directory: its name, and the dot in it. */
    private static final int OWN_LINKS = 2;

    private LocalDisk() {}

    private static FileAttribute<?> permissions(String text) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(text));
    }

    @Override
    public Path real(Path directory) throws IOException {
        Path at = directory.toAbsolutePath();
        for (int links = 0; links < MAX_LINKS; links++) {
            Path name = at.getFileName();
            Path parent = at.getParent();
            if (name == null
                    || parent == null
                    || name.toString().equals(".")
                    || name.toString().equals("..")) {
                return realWhereThere(at);
            }
            Path here = realWhereThere(parent);
            at = here.resolve(name);
            if (!Files.isSymbolicLink(at)) {
                return at;
            }
            checkOwner(
                    at, Files.readAttributes(at, PosixFileAttributes.class, NOFOLLOW_LINKS), "a symbolic link that ");
            at = here.resolve(Files.readSymbolicLink(at));
        }
        throw insecure(directory, "leads through more than " + MAX_LINKS + " symbolic links");
    }

    /** Of what is there the real path, and what is not there below it. */
    private static Path realWhereThere(Path path) throws IOException {
        try {
            return path.toRealPath();
        } catch (NoSuchFileException missing) {
            Path parent = path.getParent();
            Path name = path.getFileName();
            return parent == null || name == null
                    ? path
                    : realWhereThere(parent).resolve(name).normalize();
        }
    }

    @Override
    public void openDirectory(Path directory) throws IOException {
        try {
            if (!Files.exists(directory, NOFOLLOW_LINKS)) {
                createForced(directory.toAbsolutePath());
            }
        } catch (IOException e) {
            throw explained(directory, e);
        }
        checkSafe(directory);
    }

    private void createForced(Path directory) throws IOException {
        Path parent = directory.getParent();
        if (parent != null && !Files.exists(parent)) {
            createForced(parent);
        }
        if (parent != null && Files.isRegularFile(parent)) {
            throw insecure(parent, "is a file, and " + directory + " would be a directory in it");
        }
        try {
            Files.createDirectory(directory, PRIVATE_DIRECTORY);
        } catch (FileAlreadyExistsException raced) {
            // somebody else made it; who opens it checks whether it is fit
        }
        if (parent != null) {
            forceDirectory(parent);
        }
    }

    @Override
    public void makeDirectories(Path directory) throws IOException {
        try {
            Files.createDirectories(directory, PRIVATE_DIRECTORY);
        } catch (IOException e) {
            throw explained(directory, e);
        }
    }

    private static void checkSafe(Path directory) throws IOException {
        PosixFileAttributes found = Files.readAttributes(directory, PosixFileAttributes.class, NOFOLLOW_LINKS);
        if (!found.isDirectory()) {
            throw insecure(directory, "is " + kind(found));
        }
        Set<PosixFilePermission> mode = found.permissions();
        if (mode.contains(PosixFilePermission.GROUP_WRITE) || mode.contains(PosixFilePermission.OTHERS_WRITE)) {
            throw insecure(directory, "may be written by others (" + PosixFilePermissions.toString(mode) + ")");
        }
        checkOwner(directory, found, "");
    }

    private static String kind(PosixFileAttributes found) {
        if (found.isSymbolicLink()) {
            return "a symbolic link";
        }
        return found.isRegularFile() ? "a file" : "not a directory";
    }

    private static void checkOwner(Path path, PosixFileAttributes found, String kind) {
        String self = System.getProperty("user.name", "");
        if (!self.isEmpty() && !self.equals("?") && !found.owner().getName().equals(self)) {
            throw insecure(
                    path,
                    (kind.isEmpty() ? "" : "is " + kind) + "belongs to "
                            + found.owner().getName() + ", not to " + self);
        }
    }

    private static StoreException insecure(Path directory, String found) {
        return new StoreException(
                StoreCode.INSECURE_DIRECTORY,
                directory + " " + found + "; a directory of one's own with mode 0700 is needed");
    }

    /** The shortest way first; where it fails, the one that says why. */
    @Override
    public List<String> list(Path directory) throws IOException {
        String[] listed = directory.toFile().list();
        return listed == null ? listOrSayWhy(directory) : Arrays.asList(listed);
    }

    private static List<String> listOrSayWhy(Path directory) throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                names.add(String.valueOf(entry.getFileName()));
            }
        } catch (NoSuchFileException | NotDirectoryException none) {
            return List.of();
        } catch (java.nio.file.DirectoryIteratorException e) {
            throw e.getCause();
        }
        return names;
    }

    /** By the links that each directory inside has to it, in file systems that count those. */
    @Override
    public int subdirectories(Path directory) throws IOException {
        try {
            int links = (int) Files.getAttribute(directory, "unix:nlink", NOFOLLOW_LINKS);
            return links < OWN_LINKS ? -1 : links - OWN_LINKS;
        } catch (NoSuchFileException none) {
            return 0;
        }
    }

    @Override
    public boolean exists(Path file) {
        return Files.exists(file, NOFOLLOW_LINKS);
    }

    @Override
    public Kind kind(Path file) throws IOException {
        try {
            BasicFileAttributes found = attributesOf(file);
            return found.isRegularFile() ? Kind.FILE : found.isDirectory() ? Kind.DIRECTORY : Kind.OTHER;
        } catch (NoSuchFileException none) {
            return Kind.NOTHING;
        }
    }

    /** Also where something on the way to it is no directory, there is no such file. */
    private static BasicFileAttributes attributesOf(Path file) throws IOException {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class, NOFOLLOW_LINKS);
        } catch (NoSuchFileException | AccessDeniedException known) {
            throw known;
        } catch (IOException e) {
            Path parent = file.getParent();
            if (parent != null && !attributesOf(parent).isDirectory()) {
                throw new NoSuchFileException(file.toString());
            }
            throw e;
        }
    }

    /** Looks before a file is opened: who opens a pipe waits until somebody opens its other end. */
    private static void requireRegular(Path file) throws IOException {
        BasicFileAttributes found = attributesOf(file);
        if (!found.isRegularFile()) {
            String what = found.isDirectory()
                    ? "a directory"
                    : found.isSymbolicLink() ? "a symbolic link" : "a pipe, a socket or a device";
            throw new NotRegularFileException(file, what);
        }
    }

    @Override
    public long size(Path file) throws IOException {
        return Files.size(file);
    }

    @Override
    public long modifiedMillis(Path file) throws IOException {
        return Files.getLastModifiedTime(file, NOFOLLOW_LINKS).toMillis();
    }

    @Override
    public byte[] read(Path file, long offset, int maxBytes) throws IOException {
        requireRegular(file);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, NOFOLLOW_LINKS)) {
            long available = Math.max(0, channel.size() - offset);
            ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(available, maxBytes));
            int read = 0;
            while (buffer.hasRemaining() && read >= 0) {
                read = channel.read(buffer, offset + buffer.position());
            }
            byte[] bytes = buffer.array();
            return buffer.hasRemaining() ? Arrays.copyOf(bytes, buffer.position()) : bytes;
        }
    }

    @Override
    public void create(Path file, Iterator<byte[]> chunks) throws IOException {
        try (FileChannel channel = FileChannel.open(file, NEW_FILE, PRIVATE_FILE)) {
            while (chunks.hasNext()) {
                writeFully(channel, ByteBuffer.wrap(chunks.next()));
            }
        } catch (IOException e) {
            throw explained(file, e);
        }
    }

    @Override
    public void createZeros(Path file, int bytes) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocateDirect(Math.min(bytes, ZEROS_PER_WRITE));
        try (FileChannel channel = FileChannel.open(file, NEW_FILE, PRIVATE_FILE)) {
            for (int written = 0; written < bytes; written += zeros.limit()) {
                zeros.clear().limit(Math.min(zeros.capacity(), bytes - written));
                writeFully(channel, zeros);
            }
        } catch (IOException e) {
            throw explained(file, e);
        }
    }

    @Override
    public void overwrite(Path file, long offset, byte[] bytes) throws IOException {
        requireRegular(file);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, NOFOLLOW_LINKS)) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer, offset + buffer.position());
            }
        } catch (IOException e) {
            throw explained(file, e);
        }
    }

    private static void writeFully(FileChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    @Override
    public void force(Path file) throws IOException {
        requireRegular(file);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, NOFOLLOW_LINKS)) {
            channel.force(true);
        }
    }

    /** At once: a file system gathers forces that wait for it at the same time into one write of its own journal. */
    @Override
    public void forceAll(Collection<Path> files) throws IOException {
        if (files.size() < ManyForces.WORTH_IT) {
            Disk.super.forceAll(files);
        } else {
            ManyForces.run(this::forceIfThere, files);
        }
    }

    @Override
    public Future<Void> beside(Callable<Void> work) {
        return ManyForces.beside(work);
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public boolean link(Path file, Path name) throws IOException {
        try {
            Files.createLink(name, file);
            return true;
        } catch (FileAlreadyExistsException taken) {
            return false;
        } catch (IOException e) {
            throw explained(name, e);
        }
    }

    @Override
    public void replace(Path file, Path name) throws IOException {
        try {
            Files.move(file, name, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw explained(name, e);
        }
    }

    @Override
    public void delete(Path file) throws IOException {
        Files.deleteIfExists(file);
    }

    @Override
    public @Nullable Held lock(Path file, int number, long waitMillis) throws IOException {
        return LocalLocks.of(file, PRIVATE_FILE).acquire(number, waitMillis);
    }

    /** Asked before every write, and mostly there is none: this way of looking throws nothing inside. */
    @Override
    public boolean ownedByMesh(Path claimFile, long waitMillis) throws IOException {
        return claimFile.toFile().exists() && LocalLocks.isOwned(claimFile, waitMillis);
    }

    @Override
    public boolean isThere(Path file) {
        return file.toFile().exists();
    }

    @Override
    public String identity(Path directory) throws IOException {
        try {
            Map<String, Object> found = Files.readAttributes(directory, "unix:dev,ino");
            return hex(found.get("dev")) + "x" + hex(found.get("ino"));
        } catch (NoSuchFileException none) {
            return "";
        }
    }

    private static String hex(@Nullable Object number) throws IOException {
        if (number instanceof Number known) {
            return Long.toHexString(known.longValue());
        }
        throw new IOException("this file system tells no inode numbers");
    }

    @Override
    public @Nullable Held listen(Path socket) {
        return LocalSocket.listen(socket);
    }

    @Override
    public boolean refuses(Path socket) {
        return LocalSocket.refuses(socket);
    }

    @Override
    public @Nullable WatchService watchService() {
        try {
            return FileSystems.getDefault().newWatchService();
        } catch (IOException | UnsupportedOperationException none) {
            return null;
        }
    }

    @Override
    public MappedFile map(Path file, boolean writable) throws IOException {
        Set<OpenOption> options = writable
                ? Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, NOFOLLOW_LINKS)
                : Set.of(StandardOpenOption.READ, NOFOLLOW_LINKS);
        requireRegular(file);
        try (FileChannel channel = FileChannel.open(file, options)) {
            MapMode mode = writable ? MapMode.READ_WRITE : MapMode.READ_ONLY;
            return new LocalMapping(channel.map(mode, 0, channel.size()));
        }
    }

    @Override
    public MappedFile mapForced(Path file) throws IOException {
        requireRegular(file);
        return LocalForcedMapping.open(file);
    }

    private static IOException explained(Path file, IOException e) {
        String message = String.valueOf(e.getMessage());
        boolean full = message.contains("No space left") || message.contains("quota exceeded") || nearlyFull(file);
        return full ? new DiskFullException(file + ": " + message, e) : e;
    }

    private static boolean nearlyFull(Path file) {
        try {
            Path directory = file.toAbsolutePath().getParent();
            return directory != null
                    && Files.isDirectory(directory)
                    && Files.getFileStore(directory).getUsableSpace() < NEARLY_FULL_BYTES;
        } catch (IOException unknown) {
            return false;
        }
    }
}
