package dev.covey.mesh.aeron;

/**
 * How a message lies in Aeron's frames. A message that fits one frame is one; a longer one is cut into chunks, each in a
 * frame of its own. The frame's reserved word says which, so a message's bytes are the same either way:
 *
 * <pre>
 *   63                32 31                 0
 *  +--------------------+--------------------+
 *  | bytes of all chunks| bytes before this  |
 *  +--------------------+--------------------+
 * </pre>
 */
final class Frame {
    /** Longest message, in bytes: the limit of a command. */
    static final int MESSAGE_LIMIT = 8 * 1024 * 1024 + 4096;

    /** The stream from members to the host. */
    static final int INGRESS_STREAM = 1;

    static final String CHANNEL = "aeron:ipc";

    private Frame() {}

    static long reserved(int total, int before) {
        return (long) total << 32 | before;
    }

    static int total(long reserved) {
        return (int) (reserved >>> 32);
    }

    static int before(long reserved) {
        return (int) reserved;
    }
}
