package dev.covey.mesh.local;

import dev.covey.mesh.MeshCode;
import dev.covey.mesh.MeshException;
import dev.covey.store.ProcessIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A member's share in the claim of its mesh on a store directory: one mesh at a time, for as long as one member lives.
 *
 * <p>The file {@code .mesh} in the store directory names the owner. Every member of it holds byte 0 shared; nobody there
 * means the owner is gone. Byte 1 is the right to ask: whoever looks at byte 0 exclusively, to claim or only to know,
 * holds it meanwhile, so two who ask never take each other for an owner. Byte 1 is held for a moment only, so a frozen
 * host, which holds byte 0 shared, hinders nobody of its own mesh.
 *
 * <p>Members of one JVM share one lock, counted; locks belong to the process. Any thread.
 */
public final class StoreClaim implements AutoCloseable {
    /** How long to wait for somebody who asks at the same time, and for members of a mesh that is over. */
    static final long WAIT_MILLIS = 5_000;

    private static final String FILE = ".mesh";
    private static final String UNKNOWN_BOOT = "00000000-0000-0000-0000-000000000000";
    private static final long MEMBERS_BYTE = 0;
    private static final long ASKING_BYTE = 1;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /** Claims this JVM holds, by file. Guarded by itself. */
    private static final Map<Path, Shared> HELD = new HashMap<>();

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
        private static final Pattern TEXT =
                Pattern.compile("covey-owner ([0-9a-f]{32}) ([0-9a-f-]{36}) (.{1,2048}) end\n", Pattern.DOTALL);

        /** The owner that a mesh in that directory is. */
        public static Owner of(LifeId lifeId, MeshDirectory directory) {
            return new Owner(lifeId, ProcessIdentity.self().bootId(), directory.path());
        }

        String text() {
            return "covey-owner " + lifeId + " " + bootId + " " + meshDirectory + " end\n";
        }

        /** The same, as if written in a boot that nobody knows. */
        Owner unsettled() {
            return new Owner(lifeId, UNKNOWN_BOOT, meshDirectory);
        }

        /** Empty for a text that a death cut short. */
        static Optional<Owner> parse(String text) {
            Matcher parts = TEXT.matcher(text);
            return parts.matches()
                    ? LifeId.parse(parts.group(1)).map(life -> new Owner(life, parts.group(2), Path.of(parts.group(3))))
                    : Optional.empty();
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
        private final @Nullable LockFile file;
        private final Owner owner;
        private final boolean otherBoot;
        private int members = 1;

        /** Without a file where another class loader of this JVM has it: the lock is the process's, whoever took it. */
        private Shared(@Nullable LockFile file, Owner owner, boolean otherBoot) {
            this.file = file;
            this.owner = owner;
            this.otherBoot = otherBoot;
        }
    }

    /**
     * Claims the store for the mesh, or joins the claim that the mesh has. Members of a mesh that has no control file any
     * more are leaving, and one that has none yet will soon have it; for either this waits, at most 5 seconds.
     *
     * @throws MeshException STORE_IN_USE when another mesh lives on that store, naming it
     */
    public static StoreClaim acquire(Path storeDirectory, Owner owner) {
        return acquire(storeDirectory, owner, WAIT_MILLIS);
    }

    /** The same for at most so long, and at most 5 seconds. */
    public static StoreClaim acquire(Path storeDirectory, Owner owner, Duration patience) {
        return acquire(storeDirectory, owner, Math.min(WAIT_MILLIS, patience.toMillis()));
    }

    static StoreClaim acquire(Path storeDirectory, Owner owner, long waitMillis) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMillis);
        while (true) {
            try {
                return acquireNow(storeDirectory, owner);
            } catch (MeshException refused) {
                Optional<Owner> other =
                        refused.code() == MeshCode.STORE_IN_USE ? owner(storeDirectory) : Optional.empty();
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

    /** Whom the store names as its last owner; empty if there is none, or its claim is not whole. */
    public static Optional<Owner> owner(Path storeDirectory) {
        Path path = file(storeDirectory);
        try {
            return LockFile.textOf(path).flatMap(Owner::parse);
        } catch (NoSuchFileException unclaimed) {
            return Optional.empty();
        } catch (IOException failed) {
            throw MeshDirectory.failed(path, "cannot be asked for its owner", failed);
        }
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

    private static StoreClaim acquireNow(Path storeDirectory, Owner owner) {
        Path path = file(storeDirectory);
        try {
            Files.createDirectories(storeDirectory, Modes.PRIVATE_DIRECTORY);
            synchronized (HELD) {
                Shared held = HELD.get(path);
                if (held == null) {
                    held = claim(path, owner);
                    HELD.put(path, held);
                } else if (held.owner.isSameMeshAs(owner)) {
                    held.members++;
                } else {
                    throw inUse(storeDirectory, held.owner.meshDirectory().toString());
                }
                return new StoreClaim(held);
            }
        } catch (IOException failed) {
            throw MeshDirectory.failed(path, "cannot be claimed", failed);
        }
    }

    private static Shared claim(Path path, Owner owner) throws IOException {
        Optional<LockFile> opened = LockFile.open(path);
        if (opened.isEmpty()) {
            return besides(path, owner);
        }
        LockFile file = opened.get();
        try {
            askInTurn(file);
            boolean otherBoot = Owner.parse(file.text())
                    .map(last -> !last.bootId().equals(owner.bootId()))
                    .orElse(true);
            if (file.tryExclusive(MEMBERS_BYTE)) {
                file.write((otherBoot ? owner.unsettled() : owner).text());
                file.release(MEMBERS_BYTE);
            } else {
                requireSameMesh(file, owner);
            }
            if (!file.tryShared(MEMBERS_BYTE)) {
                throw new IllegalStateException(path + ": locked by somebody who did not ask in turn");
            }
            file.release(ASKING_BYTE);
            return new Shared(file, owner, otherBoot);
        } catch (IOException | RuntimeException failed) {
            file.close();
            throw failed;
        }
    }

    /** Members of one JVM whose classes were loaded twice share the lock that the first of them took. */
    private static Shared besides(Path path, Owner owner) throws IOException {
        Optional<Owner> found = LockFile.textOf(path).flatMap(Owner::parse);
        if (found.isEmpty() || !found.get().isSameMeshAs(owner)) {
            throw inUse(
                    storeDirectory(path),
                    found.map(other -> other.meshDirectory().toString()).orElse("of another class loader of this JVM"));
        }
        return new Shared(null, owner, false);
    }

    private static void requireSameMesh(LockFile file, Owner owner) throws IOException {
        Optional<Owner> found = Owner.parse(file.text());
        if (found.isEmpty() || !found.get().isSameMeshAs(owner)) {
            String who = found.map(other -> other.meshDirectory().toString()).orElse("with an unreadable claim");
            throw inUse(storeDirectory(file.path()), who);
        }
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
            file.write(shared.owner.text());
        } catch (IOException failed) {
            throw MeshDirectory.failed(file.path(), "cannot be claimed", failed);
        }
    }

    /** Whether some mesh has a living member on that store. Waits a little when somebody else asks at the same time. */
    public static boolean ownedByLivingMesh(Path storeDirectory) {
        Path path = file(storeDirectory);
        synchronized (HELD) {
            if (HELD.containsKey(path)) {
                return true;
            }
            Optional<LockFile> opened;
            try {
                opened = LockFile.openExisting(path);
            } catch (NoSuchFileException unclaimed) {
                return false;
            } catch (IOException failed) {
                throw MeshDirectory.failed(path, "cannot be asked for its owner", failed);
            }
            if (opened.isEmpty()) {
                return true;
            }
            try (LockFile file = opened.get()) {
                askInTurn(file);
                return !file.tryExclusive(MEMBERS_BYTE);
            } catch (IOException failed) {
                throw MeshDirectory.failed(path, "cannot be asked for its owner", failed);
            }
        }
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

    private static MeshException inUse(Path storeDirectory, String who) {
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
        synchronized (HELD) {
            if (closed) {
                return;
            }
            closed = true;
            if (--shared.members == 0) {
                HELD.values().remove(shared);
                letGo(shared.file);
            }
        }
    }

    private static void letGo(@Nullable LockFile file) {
        if (file == null) {
            return;
        }
        try {
            file.close();
        } catch (IOException failed) {
            throw MeshDirectory.failed(file.path(), "cannot be let go", failed);
        }
    }
}
