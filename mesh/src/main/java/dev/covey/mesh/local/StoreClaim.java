package dev.covey.mesh.local;

import dev.covey.mesh.MeshCode;
import dev.covey.mesh.MeshException;
import dev.covey.store.ProcessIdentity;
import dev.covey.store.StoreMembers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A member's share in the claim of its mesh on a store directory: one mesh at a time, for as long as one member lives.
 *
 * <p>Three things say so, because each of them can be lost alone. The file {@code .mesh} names the owner ({@link ClaimText}).
 * Each process with members has a file of its own in the store ({@link StoreMembers}). And each holds byte 0 of {@code .mesh}
 * shared; a free lock alone is no death, for it goes without a word when anybody in the process reads that file (rule C7).
 * Byte 1 is the right to ask: who claims holds it meanwhile, so that two who come at once do so one after the other. Should
 * that lock be lost too, each still sees the other's file. How a store goes from one owner to the next is told in
 * {@link Succession}.
 *
 * <p>Members of one JVM share one claim, counted; locks belong to the process. Any thread.
 */
public final class StoreClaim implements AutoCloseable {
    /** How long to wait for somebody who asks at the same time, and for members of a mesh that is over. */
    static final long WAIT_MILLIS = 5_000;

    private static final String FILE = ".mesh";
    private static final String UNKNOWN_BOOT = "00000000-0000-0000-0000-000000000000";
    static final long MEMBERS_BYTE = 0;
    private static final long ASKING_BYTE = 1;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private static final long LOCK_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Claims this JVM holds, by file. One entry changes under {@link #turn} of its file. */
    private static final Map<Path, Shared> HELD = new ConcurrentHashMap<>();

    private static final Map<Path, ReentrantLock> TURNS = new ConcurrentHashMap<>();

    /** Replaced by tests only. */
    static volatile Witnesses witnesses = Witnesses.REAL;

    private final Shared shared;
    private boolean closed;

    private StoreClaim(Shared shared) {
        this.shared = shared;
    }

    /**
     * Which life of which mesh owns the store. The life id alone decides; the rest is for people.
     *
     * @param lifeId the same as in the mesh's control file
     * @param bootId of the machine's run
     * @param meshDirectory where that mesh lives
     */
    public record Owner(LifeId lifeId, String bootId, Path meshDirectory) {
        /** The owner that a mesh in that directory is. */
        public static Owner of(LifeId lifeId, MeshDirectory directory) {
            return new Owner(lifeId, ProcessIdentity.self().bootId(), directory.path());
        }

        /** The same, as if written in a boot that nobody knows. */
        Owner unsettled() {
            return new Owner(lifeId, UNKNOWN_BOOT, meshDirectory);
        }

        /** Whether newcomers find it. Who holds a claim is of this boot. */
        boolean hasControlFile() {
            return Files.exists(MeshDirectory.controlFile(meshDirectory), LinkOption.NOFOLLOW_LINKS);
        }

        boolean isSameMeshAs(Owner other) {
            return lifeId.equals(other.lifeId);
        }
    }

    private static final class Shared {
        private final Path path;
        private final Owner owner;
        private final boolean otherBoot;
        private final StoreMembers.Place place;
        private @Nullable LockFile file;
        private @Nullable FileMark mark;
        private int members = 1;
        private long lockedAt = System.nanoTime();

        /** Without a file where another class loader of this JVM has it: the lock is the process's, whoever took it. */
        private Shared(Path path, Owner owner, boolean otherBoot, StoreMembers.Place place, @Nullable LockFile file) {
            this.path = path;
            this.owner = owner;
            this.otherBoot = otherBoot;
            this.place = place;
            this.file = file;
            this.mark = FileMark.ofOrNull(path);
        }
    }

    /**
     * Claims the store for the mesh, or joins the claim that the mesh has. Members of a mesh that has no control file any
     * more are leaving, and one that has none yet will soon have it; for either this waits, at most 5 seconds.
     *
     * @param heir has what a former owner had not written into the store yet carried there
     * @throws MeshException STORE_IN_USE when another mesh lives on that store, or cannot be closed, naming it
     */
    public static StoreClaim acquire(Path storeDirectory, Owner owner, Heir heir) {
        return acquire(storeDirectory, owner, heir, WAIT_MILLIS);
    }

    /** The same for at most so long, and at most 5 seconds. */
    public static StoreClaim acquire(Path storeDirectory, Owner owner, Heir heir, Duration patience) {
        return acquire(storeDirectory, owner, heir, Math.min(WAIT_MILLIS, patience.toMillis()));
    }

    static StoreClaim acquire(Path storeDirectory, Owner owner, Heir heir, long waitMillis) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMillis);
        while (true) {
            try {
                return acquireNow(storeDirectory, owner, heir);
            } catch (MeshException refused) {
                Optional<Owner> other = isForTheLiving(refused) ? owner(storeDirectory) : Optional.empty();
                if (other.isEmpty() || other.get().hasControlFile()) {
                    throw refused;
                }
                if (System.nanoTime() - deadline > 0) {
                    throw ending(storeDirectory, other.get(), waitMillis, refused);
                }
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** Refused since somebody lives, and not since something failed, which does not pass by waiting. */
    private static boolean isForTheLiving(MeshException refused) {
        return refused.code() == MeshCode.STORE_IN_USE && refused.getCause() == null;
    }

    /**
     * Goes on where a claimer died that had closed that life's cell and had not carried its journal: before the directory
     * with that journal goes. Nothing to do mostly.
     *
     * @throws MeshException STORE_IN_USE when it cannot be carried
     */
    public static void finish(Path storeDirectory, LifeId former, Heir heir) {
        Path path = file(storeDirectory);
        inTurn(path, "cannot be asked for its owner", () -> {
            Optional<LockFile> opened = HELD.containsKey(path) ? Optional.empty() : existing(path);
            if (opened.isPresent()) {
                try (LockFile file = opened.get()) {
                    askInTurn(file);
                    succession(storeDirectory, file).finish(former, heir);
                }
            }
            return opened;
        });
    }

    private static Optional<LockFile> existing(Path path) throws IOException {
        try {
            return LockFile.openExisting(path);
        } catch (NoSuchFileException unclaimed) {
            return Optional.empty();
        }
    }

    /** Who owned the store last, alive or dead; empty if nobody ever did. */
    public static Optional<Owner> owner(Path storeDirectory) {
        Path path = file(storeDirectory);
        try {
            return LockFile.textOf(path).flatMap(ClaimText::newest).map(Succession::ownerBy);
        } catch (NoSuchFileException unclaimed) {
            return Optional.empty();
        } catch (IOException failed) {
            throw MeshDirectory.failed(path, "cannot be asked for its owner", failed);
        }
    }

    private static ReentrantLock turn(Path path) {
        return TURNS.computeIfAbsent(path, unused -> new ReentrantLock());
    }

    /** What may be done to the claim of one store at a time. */
    private interface Work<T> {
        T run() throws IOException;
    }

    private static <T> T inTurn(Path path, String failing, Work<T> work) {
        ReentrantLock turn = turn(path);
        turn.lock();
        try {
            return work.run();
        } catch (IOException failed) {
            throw MeshDirectory.failed(path, failing, failed);
        } finally {
            turn.unlock();
        }
    }

    private static Succession succession(Path storeDirectory, LockFile file) {
        return new Succession(
                storeDirectory, file, witnesses, StoreMembers.of(storeDirectory).identity());
    }

    private static MeshException ending(Path storeDirectory, Owner owner, long waitMillis, MeshException refused) {
        return new MeshException(
                MeshCode.STORE_IN_USE,
                storeDirectory + ": this store belongs to a mesh whose directory " + owner.meshDirectory()
                        + " was removed, and which a member has not left within " + waitMillis
                        + " ms; it may be stopped: find it with fuser " + file(storeDirectory)
                        + ", and let it go on or end it",
                refused);
    }

    private static StoreClaim acquireNow(Path storeDirectory, Owner owner, Heir heir) {
        Path path = file(storeDirectory);
        return inTurn(path, "cannot be claimed", () -> {
            Files.createDirectories(storeDirectory, Modes.PRIVATE_DIRECTORY);
            Shared held = HELD.get(path);
            if (held == null) {
                held = claim(path, owner, heir);
                HELD.put(path, held);
            } else if (held.owner.isSameMeshAs(owner)) {
                held.members++;
            } else {
                throw inUse(storeDirectory, held.owner.meshDirectory().toString());
            }
            return new StoreClaim(held);
        });
    }

    private static Shared claim(Path path, Owner owner, Heir heir) throws IOException {
        Optional<LockFile> opened = LockFile.open(path);
        if (opened.isEmpty()) {
            return besides(path, owner);
        }
        LockFile file = opened.get();
        StoreMembers.Place place = null;
        try {
            askInTurn(file);
            place = enter(path, owner);
            boolean otherBoot = succession(storeDirectory(path), file)
                    .claim(owner, StoreMembers.of(storeDirectory(path)), place, heir);
            if (!file.tryShared(MEMBERS_BYTE)) {
                throw inUse(storeDirectory(path), "of somebody who holds " + path + " locked");
            }
            file.release(ASKING_BYTE);
            return new Shared(path, owner, otherBoot, place, file);
        } catch (IOException | RuntimeException failed) {
            leave(place);
            file.close();
            throw failed;
        }
    }

    /** On the thread that nobody interrupts: a file that is half made would be none. */
    private static StoreMembers.Place enter(Path path, Owner owner) throws IOException {
        StoreMembers members = StoreMembers.of(storeDirectory(path));
        return FileThread.call(() -> members.enter(owner.lifeId().text()));
    }

    private static void leave(StoreMembers.@Nullable Place place) throws IOException {
        if (place != null) {
            FileThread.call(() -> {
                place.close();
                return true;
            });
        }
    }

    /** Members of one JVM whose classes were loaded twice share the lock that the first of them took. */
    private static Shared besides(Path path, Owner owner) throws IOException {
        Optional<Owner> found = LockFile.textOf(path).flatMap(ClaimText::newest).map(ClaimText::owner);
        if (found.isEmpty() || !found.get().isSameMeshAs(owner)) {
            throw inUse(
                    storeDirectory(path),
                    found.map(other -> other.meshDirectory().toString()).orElse("of another class loader of this JVM"));
        }
        return new Shared(path, owner, false, enter(path, owner), null);
    }

    /**
     * Whether the store was last claimed before the machine was started again, or never: then the page cache may not have
     * survived what was written.
     */
    public boolean wasOfAnotherBoot() {
        return shared.otherBoot;
    }

    /**
     * The journal has been read and its end made good: from now on the store is of this boot. Not before, or who starts after
     * a death in between would take what the last boot lost for damage.
     */
    public void settle() {
        LockFile file = shared.file;
        if (file == null || !shared.otherBoot) {
            return;
        }
        try {
            write(file);
        } catch (IOException failed) {
            throw MeshDirectory.failed(file.path(), "cannot be claimed", failed);
        }
    }

    private void write(LockFile file) throws IOException {
        Path store = storeDirectory(shared.path);
        ClaimText text = ClaimText.after(
                ClaimText.newest(file.text()),
                shared.owner,
                StoreMembers.of(store).identity(),
                null);
        file.write(text.offset(), text.text());
    }

    /**
     * Makes again what somebody removed from the store: this process's file, its bell, {@code .mesh}; and takes the lock
     * again once a second, which may have been lost without a word. Does nothing where the whole store is gone, or somebody
     * is claiming it right now. To be called often by every member: some 10 µs.
     */
    public void lookAfter() {
        ReentrantLock turn = turn(shared.path);
        if (!turn.tryLock()) {
            return;
        }
        try {
            if (!closed && Files.isDirectory(storeDirectory(shared.path))) {
                lookAfterFiles();
            }
        } catch (IOException failed) {
            throw MeshDirectory.failed(shared.path, "cannot be claimed again", failed);
        } finally {
            turn.unlock();
        }
    }

    private void lookAfterFiles() throws IOException {
        if (!shared.place.isWhole()) {
            FileThread.call(() -> {
                shared.place.make();
                return true;
            });
        }
        LockFile file = shared.file;
        if (file != null && (shared.mark == null || !shared.mark.isInodeOf(shared.path))) {
            file.close();
            shared.file = LockFile.open(shared.path).orElse(null);
            shared.mark = FileMark.ofOrNull(shared.path);
            lockAgain();
        } else if (System.nanoTime() - shared.lockedAt > LOCK_AGAIN_NANOS) {
            lockAgain();
        }
    }

    private void lockAgain() throws IOException {
        shared.lockedAt = System.nanoTime();
        LockFile file = shared.file;
        if (file != null) {
            file.release(MEMBERS_BYTE);
            if (file.tryShared(MEMBERS_BYTE) && ClaimText.newest(file.text()).isEmpty()) {
                write(file);
            }
        }
    }

    /** Whether some mesh has a living member on that store. Waits a little when somebody else asks at the same time. */
    public static boolean ownedByLivingMesh(Path storeDirectory) {
        Path path = file(storeDirectory);
        return inTurn(path, "cannot be asked for its owner", () -> {
            if (HELD.containsKey(path)
                    || !StoreMembers.of(storeDirectory).living(null).isEmpty()) {
                return true;
            }
            Optional<LockFile> opened = existing(path);
            if (opened.isEmpty()) {
                return LockFile.textOf(path).isPresent();
            }
            try (LockFile file = opened.get()) {
                askInTurn(file);
                return !file.tryExclusive(MEMBERS_BYTE);
            }
        });
    }

    private static void askInTurn(LockFile file) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(WAIT_MILLIS);
        while (!file.tryExclusive(ASKING_BYTE)) {
            if (System.nanoTime() - deadline > 0) {
                throw new MeshException(
                        MeshCode.STORE_IN_USE,
                        storeDirectory(file.path()) + ": another process has been claiming this store for "
                                + WAIT_MILLIS + " ms; find it with fuser, it may be stopped, and let it go on or end");
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    static MeshException inUse(Path storeDirectory, String who) {
        return new MeshException(
                MeshCode.STORE_IN_USE,
                storeDirectory + ": this store belongs to the living mesh " + who
                        + "; join that one, or use another store directory");
    }

    private static Path file(Path storeDirectory) {
        return storeDirectory.toAbsolutePath().normalize().resolve(FILE);
    }

    private static Path storeDirectory(Path file) {
        return file.resolveSibling("").normalize();
    }

    /**
     * Gives this member's share back; the last of this JVM lets go of the lock. Where classes were loaded twice, the lock
     * of the first loader goes with its own last member, or with the JVM.
     */
    @Override
    public void close() {
        inTurn(shared.path, "cannot be let go", () -> {
            if (!closed && --shared.members == 0) {
                HELD.remove(shared.path, shared);
                leave(shared.place);
                LockFile file = shared.file;
                if (file != null) {
                    file.close();
                }
            }
            closed = true;
            return closed;
        });
    }
}
