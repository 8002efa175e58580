package dev.covey.mesh.local;

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
        String process = "/proc/" + identity.pid();
        try (RandomAccessFile stat = new RandomAccessFile(process + "/stat", "r")) {
            RandomAccessFile opened = new RandomAccessFile(process + "/statm", "r");
            memory = opened;
            int length = stat.read(line);
            dead = length <= 0
                    || ProcessStat.isEnding(line, length)
                    || ProcessStat.startTicks(line, length) != identity.startTicks();
        } catch (IOException noSuchProcess) {
            dead = true;
        }
        if (dead) {
            close();
        }
    }

    public ProcessIdentity identity() {
        return identity;
    }

    /** Whether the process is gone or about to be; once true it stays true. Some 5 µs where /proc can be asked. */
    public boolean isDead() {
        if (!dead) {
            dead = memory == null ? !MemberLock.isHeld(memberFile) : hasNoMemory(memory);
            if (dead) {
                close();
            }
        }
        return dead;
    }

    /** The kernel takes a dying process's memory from it before it frees it; from then on its size is told as 0. */
    private boolean hasNoMemory(RandomAccessFile open) {
        try {
            open.seek(0);
            return open.read(line) <= 0 || line[0] == '0';
        } catch (IOException noSuchProcess) {
            return true;
        }
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
