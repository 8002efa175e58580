package dev.covey.store;

import java.io.IOException;

/**
 * What the system knows of processes. The seam for tests: all that is ever read of /proc to tell whether a process is gone
 * comes through here.
 */
interface ProcessTable {
    /** This process. */
    ProcessIdentity self();

    /**
     * How far this process's clock since boot is ahead of the machine's own, in clock ticks: what its time namespace adds, also
     * to the start times that /proc tells it.
     */
    long ticksAhead();

    /**
     * The line of /proc/PID/stat.
     *
     * @throws java.nio.file.NoSuchFileException when no process has that number
     */
    byte[] stat(long pid) throws IOException;
}
