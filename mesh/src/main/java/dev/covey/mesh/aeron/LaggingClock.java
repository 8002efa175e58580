package dev.covey.mesh.aeron;

import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.EpochClock;

/**
 * A wall clock that after a freeze of its process stays behind until it is told to catch up: time for the host's own client
 * to say that it lives, wherever between two looks the freeze fell, before the driver looks how long ago it last did.
 */
final class LaggingClock implements EpochClock {
    private static final long FREEZE_MILLIS = TimeUnit.NANOSECONDS.toMillis(UnfrozenClock.FREEZE_NANOS);

    private final EpochClock real;
    private long last;
    private long lag;

    LaggingClock(EpochClock real) {
        this.real = real;
        this.last = real.time();
    }

    @Override
    public long time() {
        long now = real.time();
        if (now - last > FREEZE_MILLIS) {
            lag += now - last;
        }
        last = now;
        return now - lag;
    }

    boolean isBehind() {
        return lag > 0;
    }

    void catchUp() {
        lag = 0;
    }
}
