package dev.covey.mesh.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TrafficTest {
    private final Traffic traffic = new Traffic();
    private long nowMillis = -5_000;
    private long position = 1_000;

    /** Looks every 10 ms for so long, while so many positions are committed in each. */
    private boolean afterMillis(long millis, long perLook) {
        boolean busy = false;
        for (long end = nowMillis + millis; nowMillis < end; nowMillis += 10) {
            busy = traffic.isBusy(position, TimeUnit.MILLISECONDS.toNanos(nowMillis));
            position += perLook;
        }
        return busy;
    }

    @Test
    void whoHasJustBegunIsBusyForASecond() {
        assertThat(afterMillis(990, 0)).isTrue();
        assertThat(afterMillis(30, 0)).isFalse();
    }

    @Test
    void aStreamOfPatchesIsSeenWithinTwoWindowsAndForgottenASecondAfterItsEnd() {
        assertThat(afterMillis(2_000, 0)).isFalse();
        assertThat(afterMillis(220, 1)).isTrue();
        assertThat(afterMillis(900, 0)).isTrue();
        assertThat(afterMillis(300, 0)).isFalse();
    }

    @Test
    void aPatchNowAndThenIsNoTraffic() {
        afterMillis(2_000, 0);
        for (int second = 0; second < 30; second++) {
            assertThat(afterMillis(90, 0)).isFalse();
            assertThat(afterMillis(10, 1)).isFalse();
        }
    }
}
