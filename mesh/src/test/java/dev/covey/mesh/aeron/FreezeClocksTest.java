package dev.covey.mesh.aeron;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FreezeClocksTest {
    private long millis = 1_000_000;

    private final UnfrozenClock nanos = new UnfrozenClock(() -> TimeUnit.MILLISECONDS.toNanos(millis));
    private final LaggingClock wall = new LaggingClock(() -> millis);

    private long unfrozenMillis() {
        return TimeUnit.NANOSECONDS.toMillis(nanos.nanoTime());
    }

    @Test
    void whileNothingFreezesBothTellTheTime() {
        for (int i = 0; i < 100; i++) {
            millis += 400;
            assertThat(unfrozenMillis()).isEqualTo(millis);
            assertThat(wall.time()).isEqualTo(millis);
            assertThat(wall.isBehind()).isFalse();
        }
    }

    @Test
    void aFreezeCountsAsLittleAndTimeGoesOnFromThere() {
        millis += 60_000;
        assertThat(unfrozenMillis()).isEqualTo(1_000_200);
        millis += 10;
        assertThat(unfrozenMillis()).isEqualTo(1_000_210);
    }

    @Test
    void theWallClockStandsStillOverAFreezeUntilItMayCatchUp() {
        millis += 60_000;
        assertThat(wall.time()).isEqualTo(1_000_000);
        millis += 10;
        assertThat(wall.time()).isEqualTo(1_000_010);
        assertThat(wall.isBehind()).isTrue();
        wall.catchUp();
        assertThat(wall.time()).isEqualTo(1_060_010);
        assertThat(wall.isBehind()).isFalse();
    }
}
