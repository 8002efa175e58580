package dev.covey.mesh.local;

import dev.covey.mesh.MeshCode;
import dev.covey.mesh.MeshException;
import dev.covey.store.ProcessIdentity;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a mesh lives on this machine, and the only class that knows the names in there.
 *
 * <pre>
 *   base, 0700: /dev/shm/covey-USER         (or a given one)
 *     .doors/MESH                           locked while that mesh's control file is born or removed; goes with it
 *     MESH/                                 0700
 *       control-BOOTID                      the commit cell
 *       journal/                            segments, when the durability is MEMORY
 *       members/TOKEN                       one locked file per living member
 *       bells/page, bells/SLOT                who sleeps, and the sockets that wake them
 *       claims/EPOCH-TOKEN                  who wants to take, or took, that epoch
 *       driver-EPOCH-TOKEN/                 Aeron's buffers of one epoch
 * </pre>
 *
 * No name of a mesh starts with a dot, so none can mean another thing.
 */
public final class MeshDirectory {
    /** What a mesh may be called. */
    public static final String NAME_PATTERN = "[a-z0-9][a-z0-9._-]{0,63}";

    private static final String READY = "ready";
    /** How often a directory is made that others remove at the same time. */
    private static final int CREATIONS = 10;
    /** How often a directory is emptied that others put something in at the same time. */
    private static final int REMOVALS = 10;

    private static final Pattern NAME = Pattern.compile(NAME_PATTERN);
    private static final Pattern USER = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    /** Names the default base of this JVM. */
    private static final String PROPERTY = "covey.directory";
    /** The same for all processes of an environment. */
    private static final String VARIABLE = "COVEY_DIRECTORY";

    private final Path base;
    private final Path home;
    private final String name;

    private MeshDirectory(Path base, String name) {
        this.base = base;
        this.name = name;
        this.home = base.resolve(name);
    }

    /** Refuses a name that is no mesh name, before any file is asked for. */
    public static String requireName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new MeshException(
                    MeshCode.BAD_NAME,
                    "mesh name \"" + printable(name) + "\": expected " + NAME_PATTERN
                            + "; use 1 to 64 lower-case letters, digits, dots, dashes and underscores, a letter or digit first");
        }
        return name;
    }

    /** The directory of a mesh below the default base, which may be there or not; touches no file. */
    public static MeshDirectory at(String name) {
        requireName(name);
        return at(name, defaultBase());
    }

    /** The directory of a mesh below a base of the caller's choice, which may be there or not; touches no file. */
    public static MeshDirectory at(String name, Path base) {
        requireName(name);
        return new MeshDirectory(base.toAbsolutePath().normalize(), name);
    }

    /**
     * Opens the mesh's directory below a base of the caller's choice, making what is missing.
     *
     * @throws MeshException BAD_NAME; INSECURE_DIRECTORY when base or directory are not this user's alone; STORE_FAILED
     *     when the directories cannot be made
     */
    public static MeshDirectory open(String name, Path base) {
        MeshDirectory directory = at(name, base);
        return directory.withDoor(() -> {
            directory.make();
            return directory;
        });
    }

    /** Makes what is missing of the mesh's directory. Behind the door, or who removes it may take half of it. */
    public void make() {
        try {
            makePrivate(home);
            makeInside();
        } catch (IOException failed) {
            throw failed(home, "cannot be made", failed);
        }
    }

    private void makeInside() throws IOException {
        makePrivate(journal());
        makePrivate(members());
        makePrivate(claims());
        makePrivate(bells());
    }

    private static boolean isThere(Path directory) {
        return Files.exists(directory, LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * Makes again what was removed inside the mesh's directory, under its living members.
     *
     * @return false if the directory itself is gone; then so is the mesh
     */
    public boolean lookAfter() {
        try {
            if (!isThere(journal()) || !isThere(members()) || !isThere(claims()) || !isThere(bells())) {
                makeInside();
            }
            return true;
        } catch (NoSuchFileException removed) {
            return false;
        } catch (IOException failed) {
            throw failed(home, "cannot be made whole", failed);
        }
    }

    /** Makes what is missing on the way to the door. */
    void makeDoors() throws IOException {
        if (base.getParent() != null) {
            Files.createDirectories(base.getParent(), Modes.PRIVATE_DIRECTORY);
        }
        makePrivate(base);
        makePrivate(doors());
    }

    /** Who makes them at the same time begins again. */
    void removeDoorsIfEmpty() throws IOException {
        try {
            Files.deleteIfExists(doors());
        } catch (DirectoryNotEmptyException othersHaveTheirs) {
            // The last one out finds it empty.
        }
    }

    /** Whether there is one. */
    public boolean exists() {
        return Files.exists(home, LinkOption.NOFOLLOW_LINKS);
    }

    /** The meshes that have a directory with a control file below that base, living or not, in the order of their names. */
    public static List<MeshDirectory> existing(Path base) {
        return entries(base).stream()
                .map(home -> home.getFileName().toString())
                .filter(name -> NAME.matcher(name).matches())
                .map(name -> new MeshDirectory(base, name))
                .filter(mesh -> Files.exists(mesh.controlFile(), LinkOption.NOFOLLOW_LINKS))
                .toList();
    }

    /** The mesh whose own directory that is, there or not; makes nothing. */
    static MeshDirectory at(Path home) {
        Path base = home.getParent();
        Path name = home.getFileName();
        if (base == null || name == null) {
            throw new IllegalArgumentException(home + " is no mesh directory");
        }
        return new MeshDirectory(base, name.toString());
    }

    /**
     * Where mesh directories are kept unless the options say so: what the system property {@code covey.directory} names, else
     * the environment variable {@code COVEY_DIRECTORY}, else {@code /dev/shm/covey-USER}. Where that cannot be there is no
     * other, for some of the members could have this one and some the other, and be two meshes.
     *
     * @throws MeshException STORE_FAILED, naming the ways to say where; BAD_NAME for what is no path
     */
    public static Path defaultBase() {
        return defaultBase(System.getProperty(PROPERTY), System.getenv(VARIABLE), SHARED_MEMORY);
    }

    static Path defaultBase(@Nullable String property, @Nullable String variable, Path sharedMemory) {
        if (property != null && !property.isBlank()) {
            return named("-D" + PROPERTY, property);
        }
        if (variable != null && !variable.isBlank()) {
            return named(VARIABLE, variable);
        }
        if (!Files.isDirectory(sharedMemory) || !Files.isWritable(sharedMemory)) {
            throw new MeshException(
                    MeshCode.STORE_FAILED,
                    sharedMemory
                            + ": a directory in memory that this user may write to was expected, there is none; say"
                            + " where meshes are to be kept with withDirectory(path), -D" + PROPERTY + "=PATH or "
                            + VARIABLE + "=PATH, the same for all members");
        }
        return sharedMemory.resolve("covey-" + user());
    }

    private static Path named(String by, String path) {
        try {
            return Path.of(path).toAbsolutePath().normalize();
        } catch (InvalidPathException malformed) {
            throw new MeshException(
                    MeshCode.BAD_NAME,
                    by + " names no path: " + printable(malformed.getMessage()) + "; name a directory",
                    malformed);
        }
    }

    private static String user() {
        String user = System.getProperty("user.name", "");
        if (USER.matcher(user).matches()) {
            return user;
        }
        try {
            return "uid" + Modes.ownUserId();
        } catch (IOException failed) {
            throw failed(Path.of("/proc/self"), "cannot be read", failed);
        }
    }

    public String name() {
        return name;
    }

    /** The mesh's own directory. */
    public Path path() {
        return home;
    }

    /** Holds the mesh directories of this user, and their doors. */
    public Path base() {
        return base;
    }

    /** Of this boot; another boot's control file is another file, whose mesh is over. */
    public Path controlFile() {
        return controlFile(home);
    }

    /** Where a mesh in that directory has it. */
    static Path controlFile(Path meshDirectory) {
        return meshDirectory.resolve("control-" + ProcessIdentity.self().bootId());
    }

    public Path journal() {
        return home.resolve("journal");
    }

    public Path members() {
        return home.resolve("members");
    }

    /** The file a member keeps locked for life. */
    public Path member(String token) {
        return members().resolve(token);
    }

    Path bells() {
        return home.resolve("bells");
    }

    /** The page of all slots. */
    Path bellPage() {
        return bells().resolve("page");
    }

    /** The socket of one slot; as short as it can be, for socket paths end at 107 bytes. */
    Path bell(int slot) {
        return bells().resolve(Integer.toString(slot));
    }

    /** The name of a socket that does not listen yet. */
    Path unheardBell(int slot) {
        return bells().resolve("." + slot);
    }

    public Path claims() {
        return home.resolve("claims");
    }

    /** A driver directory that nobody has used: one per epoch and token. */
    public Path driver(long epoch, String token) {
        return home.resolve("driver-" + epoch + "-" + token);
    }

    /** The file that the member who made that driver directory keeps locked while it lives. */
    public Path ownerOf(Path driver) {
        String name = driver.getFileName().toString();
        return member(name.substring(name.lastIndexOf('-') + 1));
    }

    /** Says that the driver in that directory takes connections. */
    public void markReady(Path driver) {
        try {
            Files.createFile(driver.resolve(READY), Modes.PRIVATE_FILE);
        } catch (FileAlreadyExistsException saidBefore) {
            // Once is enough.
        } catch (NoSuchFileException removedMeanwhile) {
            // Whose driver it is looks after it, and finds that out.
        } catch (IOException failed) {
            throw failed(driver, "cannot be marked ready", failed);
        }
    }

    /** Whether {@link #markReady} was called for that directory. */
    public boolean isReady(Path driver) {
        return Files.exists(driver.resolve(READY), LinkOption.NOFOLLOW_LINKS);
    }

    /** The files of all members, living or dead. */
    public List<Path> seats() {
        return entries(members()).stream()
                .filter(entry -> !entry.getFileName().toString().startsWith("."))
                .toList();
    }

    /** Whether that file was written less than so long ago, or is gone. By the one clock of the machine that wrote it. */
    public boolean isYoungerThan(Path file, Duration age) {
        try {
            return Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS)
                    .toInstant()
                    .isAfter(Instant.now().minus(age));
        } catch (IOException gone) {
            return true;
        }
    }

    /** The driver directories of epochs below the given one, whoever left them. */
    public List<Path> driversBelow(long epoch) {
        List<Path> found = new ArrayList<>();
        for (Path entry : entries(home)) {
            String[] parts = entry.getFileName().toString().split("-", 3);
            if (parts.length == 3 && parts[0].equals("driver") && number(parts[1]) < epoch) {
                found.add(entry);
            }
        }
        return found;
    }

    /**
     * Runs the work while no other process or thread of this user makes or removes this mesh's control file.
     *
     * @throws MeshException TIMED_OUT when somebody keeps the door for longer than that
     */
    public <T extends @Nullable Object> T withDoor(Deadline deadline, Supplier<T> work) {
        return new Door(this).pass(deadline, work);
    }

    /** The same for at most {@link Door#WAIT_MILLIS}. */
    public <T extends @Nullable Object> T withDoor(Supplier<T> work) {
        return withDoor(Deadline.in(Duration.ofMillis(Door.WAIT_MILLIS), "waiting at the door"), work);
    }

    private Path doors() {
        return base.resolve(".doors");
    }

    Path doorFile() {
        return doors().resolve(name);
    }

    /** Removes a file or directory tree of this mesh, never following a link out of it. What is gone already is fine. */
    public void remove(Path inside) {
        if (!inside.normalize().startsWith(home)) {
            throw new IllegalArgumentException(inside + " is not inside " + home);
        }
        try {
            removeTree(inside);
        } catch (IOException failed) {
            throw failed(inside, "cannot be removed", failed);
        }
    }

    /** Removes the whole mesh directory. The caller has moved the cell to CLOSED and is behind the door. */
    public void remove() {
        remove(home);
    }

    private static void removeTree(Path path) throws IOException {
        for (int attempt = 1; !removedTree(path); attempt++) {
            if (attempt == REMOVALS) {
                throw new DirectoryNotEmptyException(path.toString());
            }
        }
    }

    /** False when somebody put something in meanwhile. */
    private static boolean removedTree(Path path) throws IOException {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            for (Path entry : entries(path)) {
                removeTree(entry);
            }
        }
        try {
            Files.deleteIfExists(path);
            return true;
        } catch (DirectoryNotEmptyException somethingNew) {
            return false;
        }
    }

    /** Entries in the order of their names; none when the directory is gone. */
    static List<Path> entries(Path directory) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            stream.forEach(found::add);
        } catch (NoSuchFileException gone) {
            return List.of();
        } catch (DirectoryIteratorException failed) {
            throw failed(directory, "cannot be listed", Objects.requireNonNull(failed.getCause()));
        } catch (IOException failed) {
            throw failed(directory, "cannot be listed", failed);
        }
        found.sort(null);
        return found;
    }

    static MeshException failed(Path path, String what, IOException cause) {
        return new MeshException(
                MeshCode.STORE_FAILED, path + ": " + what + ", the system says: " + cause.getMessage(), cause);
    }

    private static long number(String digits) {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException notOurs) {
            return Long.MAX_VALUE;
        }
    }

    /** Looks before it makes, for that is cheaper than to be told that it is there; what vanishes in between is made again. */
    private static void makePrivate(Path directory) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                Modes.requirePrivateDirectory(directory);
                return;
            } catch (NoSuchFileException missing) {
                if (attempt == CREATIONS) {
                    throw missing;
                }
            }
            try {
                Files.createDirectory(directory, Modes.PRIVATE_DIRECTORY);
            } catch (FileAlreadyExistsException somebodyWasFaster) {
                // Whoever it was, the check decides.
            }
        }
    }

    private static String printable(@Nullable String name) {
        if (name == null) {
            return "";
        }
        String shown = name.length() <= 80 ? name : name.substring(0, 80) + "…";
        return shown.replaceAll("\\p{Cntrl}", "?");
    }
}
