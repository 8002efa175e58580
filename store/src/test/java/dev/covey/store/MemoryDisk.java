package dev.covey.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory that knows what was forced. It can stop at any step, and then be looked at as the next process finds it
 * (everything that was written) or as the next boot does (what was forced, and any part of the rest).
 *
 * <p>Every call that changes something is a step, and so is every half of a write. Memory that is mapped changes without a
 * step, as on a real machine.
 */
final class MemoryDisk implements Disk {
    /** The plug was pulled, or the process killed: nothing after this happens. */
    static final class Stopped extends Error {
        private static final long serialVersionUID = 1L;

        Stopped() {
            super("stopped", null, false, false);
        }
    }

    /** Called before each call of the disk; may throw what a disk throws. */
    interface Fault {
        void before(String call, Path file) throws IOException;
    }

    private final Folder root = new Folder();
    private long steps;
    private long stopAt = Long.MAX_VALUE;
    private boolean stopped;
    private boolean ignoresForces;
    private boolean killsInForce;
    private Fault fault = (call, file) -> {};

    abstract static class Node {}

    static final class Folder extends Node {
        final ConcurrentSkipListMap<String, Node> entries = new ConcurrentSkipListMap<>();
        TreeMap<String, Node> forced = new TreeMap<>();
    }

    static final class Content extends Node {
        ByteBuffer bytes = ByteBuffer.allocate(0);
        ByteBuffer forced = ByteBuffer.allocate(0);
    }

    long steps() {
        return steps;
    }

    void stopAtStep(long step) {
        stopAt = step;
    }

    void failWith(Fault fault) {
        this.fault = fault;
    }

    /** For mutants: calls that force return, and have done nothing. */
    void ignoreForces(boolean ignore) {
        ignoresForces = ignore;
    }

    /** Not only the process was killed: the machine has stopped. */
    void requireRunning() {
        if (stopped) {
            throw new Stopped();
        }
    }

    /** The process is killed in the next force of a mapping: others see what it wrote, the device has none of it. */
    void killInForce() {
        killsInForce = true;
    }

    private void step(String call, Path file) throws IOException {
        if (!stopped) {
            fault.before(call, file);
        }
        if (stopped || ++steps >= stopAt) {
            stopped = true;
            throw new Stopped();
        }
    }

    private void look(String call, Path file) throws IOException {
        if (stopped) {
            throw new Stopped();
        }
        fault.before(call, file);
    }

    /** What the next process finds after this one was killed. */
    MemoryDisk afterDeath() {
        return image(null);
    }

    /** What the next boot finds after the power failed: of what was not forced, any word and any name, or not. */
    MemoryDisk afterPowerLoss(SplittableRandom random) {
        return image(random);
    }

    private MemoryDisk image(@Nullable SplittableRandom random) {
        MemoryDisk image = new MemoryDisk();
        MemoryImage.copy(root, image.root, random, new IdentityHashMap<>());
        return image;
    }

    private @Nullable Node find(Path path) {
        Node node = root;
        for (Path name : path.toAbsolutePath().normalize()) {
            node = node instanceof Folder folder ? folder.entries.get(name.toString()) : null;
            if (node == null) {
                return null;
            }
        }
        return node;
    }

    private Folder folderOf(Path file) throws IOException {
        Path parent = Objects.requireNonNull(file.toAbsolutePath().normalize().getParent());
        if (find(parent) instanceof Folder folder) {
            return folder;
        }
        throw new NoSuchFileException(file.toString());
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    private Content content(Path file) throws IOException {
        if (find(file) instanceof Content content) {
            return content;
        }
        if (find(file) instanceof Folder) {
            throw new NotRegularFileException(file, "a directory");
        }
        throw new NoSuchFileException(file.toString());
    }

    @Override
    public void openDirectory(Path directory) throws IOException {
        if (find(directory) == null) {
            step("openDirectory", directory);
            make(directory, true);
        }
    }

    @Override
    public void makeDirectories(Path directory) throws IOException {
        step("makeDirectories", directory);
        make(directory, false);
    }

    private void make(Path directory, boolean forced) throws IOException {
        Folder folder = root;
        for (Path name : directory.toAbsolutePath().normalize()) {
            Node next = folder.entries.computeIfAbsent(name.toString(), missing -> new Folder());
            if (!(next instanceof Folder below)) {
                throw new FileSystemException(directory.toString(), null, "Not a directory");
            }
            if (forced) {
                folder.forced.put(name.toString(), next);
            }
            folder = below;
        }
    }

    @Override
    public List<String> list(Path directory) throws IOException {
        look("list", directory);
        return find(directory) instanceof Folder folder ? new ArrayList<>(folder.entries.keySet()) : List.of();
    }

    @Override
    public int subdirectories(Path directory) throws IOException {
        look("subdirectories", directory);
        return find(directory) instanceof Folder folder
                ? (int) folder.entries.values().stream()
                        .filter(Folder.class::isInstance)
                        .count()
                : 0;
    }

    @Override
    public boolean exists(Path file) throws IOException {
        look("exists", file);
        return find(file) != null;
    }

    @Override
    public Kind kind(Path file) throws IOException {
        look("kind", file);
        Node found = find(file);
        return found == null ? Kind.NOTHING : found instanceof Content ? Kind.FILE : Kind.DIRECTORY;
    }

    @Override
    public long size(Path file) throws IOException {
        look("size", file);
        return content(file).bytes.capacity();
    }

    @Override
    public long modifiedMillis(Path file) {
        return 0;
    }

    @Override
    public byte[] read(Path file, long offset, int maxBytes) throws IOException {
        look("read", file);
        ByteBuffer bytes = content(file).bytes;
        byte[] copy = new byte[(int) Math.min(Math.max(0, bytes.capacity() - offset), maxBytes)];
        bytes.get((int) offset, copy);
        return copy;
    }

    @Override
    public void create(Path file, Iterator<byte[]> chunks) throws IOException {
        step("create", file);
        Content made = add(file);
        while (chunks.hasNext()) {
            byte[] chunk = chunks.next();
            append(made, chunk, 0, chunk.length / 2);
            step("write", file);
            append(made, chunk, chunk.length / 2, chunk.length);
        }
    }

    private Content add(Path file) throws IOException {
        Folder folder = folderOf(file);
        Content made = new Content();
        if (folder.entries.putIfAbsent(name(file), made) != null) {
            throw new FileAlreadyExistsException(file.toString());
        }
        return made;
    }

    private static void append(Content content, byte[] chunk, int from, int to) {
        ByteBuffer longer =
                ByteBuffer.allocate(content.bytes.capacity() + to - from).order(ByteOrder.LITTLE_ENDIAN);
        longer.put(0, content.bytes, 0, content.bytes.capacity());
        longer.put(content.bytes.capacity(), chunk, from, to - from);
        content.bytes = longer;
    }

    @Override
    public void createZeros(Path file, int bytes) throws IOException {
        step("create", file);
        Content made = add(file);
        step("write", file);
        made.bytes = ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public void overwrite(Path file, long offset, byte[] bytes) throws IOException {
        step("overwrite", file);
        content(file).bytes.put((int) offset, bytes, 0, bytes.length / 2);
        step("overwrite", file);
        content(file).bytes.put((int) offset, bytes);
    }

    @Override
    public void force(Path file) throws IOException {
        step("force", file);
        Content content = content(file);
        content.forced = ignoresForces ? content.forced : MemoryImage.duplicate(content.bytes);
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        step("forceDirectory", directory);
        if (find(directory) instanceof Folder folder && !ignoresForces) {
            folder.forced = new TreeMap<>(folder.entries);
        }
    }

    @Override
    public boolean link(Path file, Path name) throws IOException {
        step("link", name);
        return folderOf(name).entries.putIfAbsent(name(name), content(file)) == null;
    }

    @Override
    public void replace(Path file, Path name) throws IOException {
        step("replace", name);
        Node moved = find(file);
        if (moved == null) {
            throw new NoSuchFileException(file.toString());
        }
        if (find(name) instanceof Folder) {
            throw new FileSystemException(name.toString(), null, "Is a directory");
        }
        folderOf(file).entries.remove(name(file));
        folderOf(name).entries.put(name(name), moved);
    }

    @Override
    public void delete(Path file) throws IOException {
        step("delete", file);
        if (find(file) != null) {
            folderOf(file).entries.remove(name(file));
        }
    }

    @Override
    public Held lock(Path file, int number, long waitMillis) throws IOException {
        look("lock", file);
        return () -> {};
    }

    @Override
    public boolean ownedByMesh(Path claimFile, long waitMillis) {
        return false;
    }

    @Override
    public @Nullable WatchService watchService() {
        return null;
    }

    @Override
    public MappedFile map(Path file, boolean writable) throws IOException {
        look("map", file);
        Content content = content(file);
        return mapping(content.bytes, (offset, length) -> {
            step("mappedForce", file);
            forced(content, content.bytes, offset, length);
        });
    }

    /** A write of it is seen in part, then whole, and is on the device after that. */
    @Override
    public MappedFile mapForced(Path file) throws IOException {
        look("map", file);
        Content content = content(file);
        ByteBuffer own = MemoryImage.duplicate(content.bytes);
        return mapping(own, (offset, length) -> {
            step("mappedForce", file);
            content.bytes.put(offset, own, offset, length / 2);
            step("mappedForce", file);
            content.bytes.put(offset, own, offset, length);
            step("mappedForce", file);
            if (killsInForce) {
                killsInForce = false;
                throw new Stopped();
            }
            forced(content, own, offset, length);
        });
    }

    private static void forced(Content content, ByteBuffer from, int offset, int length) {
        if (content.forced.capacity() == 0) {
            content.forced = ByteBuffer.allocate(content.bytes.capacity()).order(ByteOrder.LITTLE_ENDIAN);
        }
        content.forced.put(offset, from, offset, length);
    }

    private interface Forcing {
        void force(int offset, int length) throws IOException;
    }

    private static MappedFile mapping(ByteBuffer bytes, Forcing forcing) {
        return new MappedFile() {
            @Override
            public ByteBuffer bytes() {
                return bytes;
            }

            @Override
            public void force(int offset, int length) throws IOException {
                forcing.force(offset, length);
            }

            @Override
            public void unmap() {}
        };
    }
}
