package dev.covey.mesh.agent;

import dev.covey.mesh.aeron.MemoryShare;
import dev.covey.mesh.core.Core;
import dev.covey.mesh.local.MeshDirectory;

/** What of the shared memory the ways between members may take, and what has to be left. Agent's thread. */
final class ChannelShare implements MemoryShare {
    private static final long MEGABYTE = 1 << 20;
    /** Left for the journal when a successor has its driver already; more when it has not. */
    private static final long RESERVE_BYTES = 8 * MEGABYTE;

    private static final long RESERVE_WITHOUT_STANDBY_BYTES = 28 * MEGABYTE;

    /** A segment of the host that is, of the next, their spares, and what a rehearsal needs for a moment. */
    private static final long JOURNAL_BYTES = 19 * MEGABYTE;

    private final MeshDirectory directory;
    private final Core core;

    ChannelShare(MeshDirectory directory, Core core) {
        this.directory = directory;
        this.core = core;
    }

    @Override
    public long reserveBytes() {
        return directory.driversBelow(Long.MAX_VALUE).size() > 1 ? RESERVE_BYTES : RESERVE_WITHOUT_STANDBY_BYTES;
    }

    @Override
    public long journalBytes() {
        return JOURNAL_BYTES;
    }

    @Override
    public int members() {
        return core.state().sessions().size();
    }
}
