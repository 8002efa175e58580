package dev.covey.mesh.aeron;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeron.Aeron;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DriverClockTest {
    private long heartbeat = 1_700_000_000_000L;
    private long ownMillis = -3_600_000;
    private final DriverClock clock = new DriverClock(() -> heartbeat, () -> TimeUnit.MILLISECONDS.toNanos(ownMillis));

    @Test
    void aDriverThatBeatsIsNeverOldAndItsClockIsTold() {
        for (int i = 0; i < 100; i++) {
            heartbeat += 50;
            ownMillis += 50;
            assertThat(clock.time()).isEqualTo(heartbeat);
        }
    }

    @Test
    void aDriverThatGivesNoHeartbeatGetsOldByTheMembersOwnClock() {
        ownMillis += 6_000;
        assertThat(clock.time() - heartbeat).isEqualTo(6_000);
        heartbeat += 50;
        assertThat(clock.time()).isEqualTo(heartbeat);
    }

    @Test
    void aDriverWhoseClockIsSetIsFollowed() {
        heartbeat -= TimeUnit.HOURS.toMillis(5);
        ownMillis += 50;
        assertThat(clock.time()).isEqualTo(heartbeat);
    }

    @Test
    void aDriverThatWasShutDownIsOldAtOnceForThoseWhoAsk() {
        heartbeat = Aeron.NULL_VALUE;
        ownMillis += 50;
        assertThat(clock.time()).isEqualTo(1_700_000_000_050L);
    }
}
