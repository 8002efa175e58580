package dev.covey.mesh.local;

import dev.covey.store.ProcessIdentity;
import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import org.jspecify.annotations.Nullable;

/**
 * Watches one process for its death, by asking /proc again and again how large it is: a killed process has no size within
 * a millisecond or few, however much memory the kernel still has to free. (The line of its state says the same and costs
 * three times that, because the kernel adds up the times of all threads for it.)
 *
 * <p>A process of another PID namespace cannot be seen in our /proc, or worse: its number is somebody else's there. It is
 * never gone here. Belongs to one thread.
 */
final class LiveProcess implements Closeable {
    private static final int LINE_LIMIT = 1024;

    private final ProcessIdentity identity;
    private final byte[] line = new byte[LINE_LIMIT];
    private @Nullable RandomAccessFile memory;
    private ProcessIdentity.Fate fate;

    private LiveProcess(ProcessIdentity identity) {
        this.identity = identity;
        this.fate = ProcessIdentity.Fate.UNKNOWN;
    }

    /** Starts to watch. */
    static LiveProcess watch(ProcessIdentity identity) {
        LiveProcess watched = new LiveProcess(identity);
        watched.begin();
        return watched;
    }

    /** An open file of /proc stays with its process: who gets the same number later is never seen through it. */
    private void begin() {
        if (identity.isInOurNamespace() && !identity.equals(ProcessIdentity.self())) {
            try {
                memory = new RandomAccessFile("/proc/" + identity.pid() + "/statm", "r");
            } catch (IOException goneOrNoDescriptorLeft) {
                // Its fate is asked either way.
            }
        }
        ask();
    }

    private void ask() {
        fate = identity.fate();
        if (fate == ProcessIdentity.Fate.GONE) {
            close();
        }
    }

    /** Whether the process is gone or about to be; once true it stays true. Some 5 µs where its size can be read. */
    boolean isGone() {
        if (fate != ProcessIdentity.Fate.GONE && isToBeAsked()) {
            ask();
        }
        return fate == ProcessIdentity.Fate.GONE;
    }

    /** Whether it can be seen from here at all. */
    boolean isKnown() {
        return fate != ProcessIdentity.Fate.UNKNOWN;
    }

    /** The size alone is no proof: a read may also fail for a reason of our own. */
    private boolean isToBeAsked() {
        RandomAccessFile open = memory;
        try {
            if (open != null) {
                open.seek(0);
                return open.read(line) <= 0 || line[0] == '0';
            }
        } catch (IOException endedOrNotReadable) {
            return true;
        }
        return true;
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
