package dev.covey.mesh.aeron;

import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.NanoClock;

/**
 * A wall clock that nobody can set: what it was when this was made, and what has passed since. A driver that went by one that
 * is set would take all its clients for dead, since their last signs of life are of the time before.
 */
final class SteadyClock implements EpochClock {
    private final NanoClock passing;
    private final long beganMillis;
    private final long beganNanos;

    SteadyClock(EpochClock wall, NanoClock passing) {
        this.passing = passing;
        this.beganMillis = wall.time();
        this.beganNanos = passing.nanoTime();
    }

    @Override
    public long time() {
        return beganMillis + TimeUnit.NANOSECONDS.toMillis(passing.nanoTime() - beganNanos);
    }
}
