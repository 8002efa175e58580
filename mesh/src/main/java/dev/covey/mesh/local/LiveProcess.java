package dev.covey.mesh.local;

import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Watches one process for its death, by reading its line in /proc again and again: a killed process is marked there
 * within a millisecond or few, however much memory the kernel still has to free before it lets go of locks.
 *
 * <p>A process of another PID namespace cannot be seen in our /proc, or worse: its number is somebody else's there. Then
 * the lock on its member file decides. Belongs to one thread.
 */
public final class LiveProcess implements Closeable {
    private static final int LINE_LIMIT = 1024;

    private final ProcessIdentity identity;
    private final Path memberFile;
    private final byte[] line = new byte[LINE_LIMIT];
    private @Nullable RandomAccessFile stat;
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
            watched.openStat();
        }
        return watched;
    }

    private void openStat() {
        try {
            stat = new RandomAccessFile("/proc/" + identity.pid() + "/stat", "r");
        } catch (FileNotFoundException noSuchProcess) {
            dead = true;
        }
    }

    public ProcessIdentity identity() {
        return identity;
    }

    /** Whether the process is gone or about to be; once true it stays true. About 3 µs where /proc can be asked. */
    public boolean isDead() {
        if (!dead) {
            dead = stat == null ? !MemberLock.isHeld(memberFile) : isDeadByStat(stat);
            if (dead) {
                close();
            }
        }
        return dead;
    }

    private boolean isDeadByStat(RandomAccessFile open) {
        try {
            open.seek(0);
            int length = open.read(line);
            if (length <= 0) {
                return true;
            }
            return ProcessStat.isEnding(line, length) || ProcessStat.startTicks(line, length) != identity.startTicks();
        } catch (IOException noSuchProcess) {
            return true;
        }
    }

    @Override
    public void close() {
        RandomAccessFile open = stat;
        if (open != null) {
            stat = null;
            try {
                open.close();
            } catch (IOException nothingWasWritten) {
                // A file in /proc that was only read has nothing left to lose.
            }
        }
    }
}
