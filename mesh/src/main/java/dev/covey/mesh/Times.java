package dev.covey.mesh;

import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** Record times, which count microseconds since 1970, as everybody writes them. */
final class Times {
    private Times() {}

    static Instant instant(long micros) {
        return Instant.EPOCH.plusNanos(TimeUnit.MICROSECONDS.toNanos(micros));
    }
}
