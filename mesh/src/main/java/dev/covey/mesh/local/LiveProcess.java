package dev.covey.mesh.local;

import dev.covey.store.ProcessIdentity;
import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Watches one process for its death, by asking /proc again and again how large it is: a killed process has no size within
 * a millisecond or few, however much memory the kernel still has to free before it lets go of locks. (The line of its
 * state says the same and costs three times that, because the kernel adds up the times of all threads for it.)
 *
 * <p>A process of another PID namespace cannot be seen in our /proc, or worse: its number is somebody else's there. Then
 * the lock on its member file decides. Belongs to one thread.
 */
public final class LiveProcess implements Closeable {
    private static final int LINE_LIMIT = 1024;

    private final ProcessIdentity identity;
    private final Path memberFile;
    private final byte[] line = new byte[LINE_LIMIT];
    private @Nullable RandomAccessFile memory;
    private boolean dead;

    private LiveProcess(ProcessIdentity identity, Path memberFile) {
        this.identity = identity;
        this.memberFile = memberFile;
    }

    /**
     * Starts to watch.
     *
     * @param memberFile the file the process keeps locked while it lives, asked only where /proc cannot know
     */
    public static LiveProcess watch(ProcessIdentity identity, Path memberFile) {
        LiveProcess watched = new LiveProcess(identity, memberFile);
        if (!identity.isOfThisBoot()) {
            watched.dead = true;
        } else if (identity.isInOurNamespace()) {
            watched.openProcess();
        }
        return watched;
    }

    /** An open file of /proc stays with its process: who gets the same number later is never seen through it. */
    private void openProcess() {
        try {
            memory = new RandomAccessFile("/proc/" + identity.pid() + "/statm", "r");
        } catch (IOException goneOrNoDescriptorLeft) {
            // Its fate is asked either way.
        }
        dead = isGone();
        if (dead) {
            close();
        }
    }

    private boolean isGone() {
        return identity.fate() == ProcessIdentity.Fate.GONE;
    }

    public ProcessIdentity identity() {
        return identity;
    }

    /** Whether the process is gone or about to be; once true it stays true. Some 5 µs where /proc can be asked. */
    public boolean isDead() {
        if (!dead) {
            dead = identity.isInOurNamespace() ? hasNoMemory(memory) : !MemberLock.isHeld(memberFile);
            if (dead) {
                close();
            }
        }
        return dead;
    }

    /**
     * The kernel takes a dying process's memory from it before it frees it; from then on its size is told as 0. Where
     * that cannot be read its state is asked: a read may also fail for a reason of our own.
     */
    private boolean hasNoMemory(@Nullable RandomAccessFile open) {
        try {
            if (open != null) {
                open.seek(0);
                return open.read(line) <= 0 || line[0] == '0';
            }
        } catch (IOException endedOrNotReadable) {
            // Then its state tells.
        }
        return isGone();
    }

    @Override
    public void close() {
        RandomAccessFile open = memory;
        if (open != null) {
            memory = null;
            try {
                open.close();
            } catch (IOException nothingWasWritten) {
                // A file in /proc that was only read has nothing left to lose.
            }
        }
    }
}
