package dev.covey.mesh.local;

import dev.covey.store.ProcessIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A member's sign of life: a file that holds its process's identity and stays locked until the member closes or its
 * process ends, however it ends. The file gets its name only when it is written and locked.
 */
public final class MemberLock implements AutoCloseable {
    private static final long LOCKED_BYTE = 0;

    private final LockFile file;

    private MemberLock(LockFile file) {
        this.file = file;
    }

    /** Makes and locks the member's file. The token must be new: 32 random hex digits. */
    public static MemberLock hold(MeshDirectory directory, String token) {
        Path path = directory.member(token);
        try {
            LockFile file = LockFile.open(directory.members().resolve("." + token))
                    .orElseThrow(() -> new IllegalStateException(path + " is held by this process already"));
            file.write(ProcessIdentity.self().text());
            if (!file.tryExclusive(LOCKED_BYTE)) {
                file.close();
                throw new IllegalStateException(path + " is held by another process, which must not know its name");
            }
            file.rename(path);
            return new MemberLock(file);
        } catch (IOException failed) {
            throw MeshDirectory.failed(path, "cannot be locked", failed);
        }
    }

    /** Whether a living member, of whatever process, holds that file. */
    public static boolean isHeld(Path memberFile) {
        try {
            return LockFile.isLocked(memberFile, LOCKED_BYTE);
        } catch (IOException failed) {
            throw MeshDirectory.failed(memberFile, "cannot be asked for its lock", failed);
        }
    }

    /** Whose file that is; empty when there is none or it is not whole. */
    public static Optional<ProcessIdentity> identityOf(Path memberFile) {
        try {
            return LockFile.textOf(memberFile).flatMap(ProcessIdentity::parse);
        } catch (NoSuchFileException gone) {
            return Optional.empty();
        } catch (IOException failed) {
            throw MeshDirectory.failed(memberFile, "cannot be read", failed);
        }
    }

    public Path path() {
        return file.path();
    }

    /** Lets go and removes the file. */
    @Override
    public void close() {
        try {
            Files.deleteIfExists(file.path());
            file.close();
        } catch (IOException failed) {
            throw MeshDirectory.failed(file.path(), "cannot be let go", failed);
        }
    }
}
