package dev.covey.mesh.agent;

import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * This member's clock for creation times, and for record times when it is host: the wall clock, but never behind what the
 * member has seen and never twice the same (a hybrid logical clock after Kulkarni, Demirbas et al. 2014, with the logical
 * part folded into the microseconds). Any thread.
 *
 * <p>A wall clock that was set back, or is behind that of an earlier host, is behind the records. Until it has caught up this
 * clock goes on from the last record at half the pace of time: were it to stand still, patches that race would all be created
 * at the same time, and those of the members with lower numbers were STALE; at full pace it would never be caught up with.
 */
final class HybridClock {
    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final int NANOS_PER_MICRO = 1_000;

    /**
     * What a record takes to be seen here, generously. A creation time that is ahead of the host's clock counts as the host's,
     * so those who race within it come in the order in which the host hears of them; were this one behind, it would be STALE.
     */
    private static final long SLACK_MICROS = 1_000;

    private final LongSupplier wallMicros;
    private final LongSupplier steadyNanos;
    private final AtomicLong last = new AtomicLong();
    private volatile @Nullable Lead lead;
    private volatile long told;

    /** A record's time that was ahead of the wall clock, and when it was seen. */
    private record Lead(long micros, long atNanos) {
        long at(long nowNanos) {
            return micros + TimeUnit.NANOSECONDS.toMicros(nowNanos - atNanos) / 2;
        }
    }

    HybridClock() {
        this(HybridClock::wallMicros, System::nanoTime);
    }

    /**
     * @param wallMicros the wall clock, microseconds since 1970
     * @param steadyNanos a clock that nobody sets
     */
    HybridClock(LongSupplier wallMicros, LongSupplier steadyNanos) {
        this.wallMicros = wallMicros;
        this.steadyNanos = steadyNanos;
    }

    private static long wallMicros() {
        Instant now = Instant.now();
        return now.getEpochSecond() * MICROS_PER_SECOND + now.getNano() / NANOS_PER_MICRO;
    }

    /** What time it is, microseconds since 1970. */
    long now() {
        long now = Math.max(wallMicros.getAsLong(), led());
        told = now;
        return now;
    }

    private long led() {
        Lead ahead = lead;
        return ahead == null ? Long.MIN_VALUE : ahead.at(steadyNanos.getAsLong());
    }

    /** A creation time later than everything this member created or has seen. */
    long next() {
        long now = Math.max(wallMicros.getAsLong(), led() + (lead == null ? 0 : SLACK_MICROS));
        return last.accumulateAndGet(now, (before, next) -> Math.max(before + 1, next));
    }

    /** A record of that time was applied here. */
    void saw(long micros) {
        if (last.get() < micros) {
            last.accumulateAndGet(micros, Math::max);
        }
        if (micros > told && micros > now()) {
            lead = new Lead(micros, steadyNanos.getAsLong());
        }
    }
}
