package dev.covey.mesh.aeron;

import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.NanoClock;

/**
 * A clock that did not see its process stand still: a gap between two looks longer than half a second counts as 200 ms.
 *
 * <p>Aeron's client closes itself when it was not run for the liveness time. That is right for a client of somebody else's
 * driver, which has forgotten it by then. A host's client and driver freeze and thaw together.
 */
final class UnfrozenClock implements NanoClock {
    /** From here a gap counts as a freeze: half of the shortest liveness time, so that no shorter one does harm. */
    static final long FREEZE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private static final long INSTEAD_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final NanoClock real;
    private long last;
    private long left;

    UnfrozenClock(NanoClock real) {
        this.real = real;
        this.last = real.nanoTime();
    }

    @Override
    public long nanoTime() {
        long now = real.nanoTime();
        long gap = now - last;
        if (gap > FREEZE_NANOS) {
            left += gap - INSTEAD_NANOS;
        }
        last = now;
        return now - left;
    }
}
