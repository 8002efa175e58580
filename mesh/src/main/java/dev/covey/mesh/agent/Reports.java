package dev.covey.mesh.agent;

import dev.covey.mesh.core.Core;
import java.util.ArrayDeque;

/**
 * What became of what the core asked for, told to it when the input it is working on is finished, so that an effect never
 * calls back. Agent's thread.
 *
 * <p>Values, not lambdas: the first use of a lambda costs a quarter of a millisecond, and some of these are first used when
 * everybody waits for a new host.
 */
final class Reports {
    private enum What {
        FORCED,
        COMMITTED,
        DEPOSED,
        TAKEN,
        NOT_TAKEN,
        BEGUN
    }

    /** One of them; a position only where it means something. */
    private record Report(What what, long epoch, long position) {}

    private final ArrayDeque<Report> waiting = new ArrayDeque<>();

    void forced(long epoch, long position) {
        waiting.add(new Report(What.FORCED, epoch, position));
    }

    void committed(long epoch, long position) {
        waiting.add(new Report(What.COMMITTED, epoch, position));
    }

    void deposed(long epoch) {
        waiting.add(new Report(What.DEPOSED, epoch, 0));
    }

    void taken(long epoch, long position) {
        waiting.add(new Report(What.TAKEN, epoch, position));
    }

    void notTaken() {
        waiting.add(new Report(What.NOT_TAKEN, 0, 0));
    }

    void begun(long epoch) {
        waiting.add(new Report(What.BEGUN, epoch, 0));
    }

    /** Tells one; whether there was one. */
    boolean tellNext(Core core) {
        Report next = waiting.poll();
        if (next == null) {
            return false;
        }
        switch (next.what) {
            case FORCED -> core.forced(next.epoch, next.position);
            case COMMITTED -> core.committed(next.epoch, next.position);
            case DEPOSED -> core.deposed(next.epoch);
            case TAKEN -> core.taken(next.epoch, next.position);
            case NOT_TAKEN -> core.notTaken();
            case BEGUN -> core.begun(next.epoch);
        }
        return true;
    }
}
