package dev.covey.mesh.aeron;

import io.aeron.Aeron;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.NanoClock;

/**
 * A driver's wall clock as its clients see it: its last heartbeat, and what has passed since that was first seen, by the
 * client's own clock. So a client measures how long the heartbeat has not changed (rule C6), and gives signs of life that the
 * driver understands, however far apart the wall clocks of the two are. Belongs to one thread.
 *
 * <p>Aeron's client compares its wall clock with the driver's heartbeat, and the driver its own with the client's: with clocks
 * that differ by more than the liveness time, or one that is set while they work, they would take each other for dead.
 */
final class DriverClock implements EpochClock {
    private final NanoClock own;
    private LongSupplier heartbeat;
    private long last;
    private long seenAt;

    /**
     * @param heartbeat of the driver, in milliseconds of its clock; one that was shut down gives {@link Aeron#NULL_VALUE}, and
     *     then time goes on from the one before
     */
    DriverClock(LongSupplier heartbeat, NanoClock own) {
        this.own = own;
        this.heartbeat = heartbeat;
        this.last = heartbeat.getAsLong();
        this.seenAt = own.nanoTime();
    }

    /** From now on the heartbeat is read there. */
    void follow(LongSupplier from) {
        heartbeat = from;
    }

    @Override
    public long time() {
        long now = own.nanoTime();
        long seen = heartbeat.getAsLong();
        if (seen != last && seen != Aeron.NULL_VALUE) {
            last = seen;
            seenAt = now;
        }
        return last + TimeUnit.NANOSECONDS.toMillis(now - seenAt);
    }
}
