package dev.covey.mesh.agent;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/**
 * This member's clock for creation times: the wall clock, but never behind what the member has seen and never twice the
 * same (a hybrid logical clock after Kulkarni, Demirbas et al. 2014, with the logical part folded into the
 * microseconds). Any thread.
 */
final class HybridClock {
    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final int NANOS_PER_MICRO = 1_000;

    private final AtomicLong last = new AtomicLong();

    /** The wall clock, microseconds since 1970. */
    static long wallMicros() {
        Instant now = Instant.now();
        return now.getEpochSecond() * MICROS_PER_SECOND + now.getNano() / NANOS_PER_MICRO;
    }

    /** A creation time later than everything this member created or has seen. */
    long next() {
        long wall = wallMicros();
        return last.accumulateAndGet(wall, (before, now) -> Math.max(before + 1, now));
    }

    /** A record of that time was applied here. */
    void saw(long micros) {
        if (last.get() < micros) {
            last.accumulateAndGet(micros, Math::max);
        }
    }
}
