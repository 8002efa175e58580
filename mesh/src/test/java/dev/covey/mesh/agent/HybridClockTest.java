package dev.covey.mesh.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HybridClockTest {
    private static final long FIVE_HOURS = TimeUnit.HOURS.toMicros(5);

    private long wall = 1_700_000_000_000_000L;
    private long steady = -77_000;

    private final HybridClock one = clock();
    private final HybridClock two = clock();

    private HybridClock clock() {
        return new HybridClock(() -> wall, () -> TimeUnit.MICROSECONDS.toNanos(steady));
    }

    private void pass(long micros) {
        wall += micros;
        steady += micros;
    }

    @Test
    void itIsTheWallClockAndNeverTheSameTwice() {
        assertThat(one.next()).isEqualTo(wall);
        assertThat(one.next()).isEqualTo(wall + 1);
        pass(10);
        assertThat(one.next()).isEqualTo(wall);
    }

    @Test
    void whatWasSeenIsNeverAheadOfWhatIsCreatedThen() {
        one.saw(wall + FIVE_HOURS);
        assertThat(one.next()).isBetween(wall + FIVE_HOURS + 1, wall + FIVE_HOURS + 2_000);
        one.saw(wall);
        long created = one.next();
        assertThat(one.next()).isEqualTo(created + 1);
    }

    @Test
    void membersThatRaceWhileTheRecordsAreAheadOfTheirWallClocksCreateInTheOrderOfTheirDoing() {
        long record = wall + FIVE_HOURS;
        two.saw(record);
        pass(8);
        one.saw(record);
        for (int i = 0; i < 1_000; i++) {
            pass(20);
            long before = two.next();
            pass(20);
            assertThat(one.next()).as("round " + i).isGreaterThan(before);
            pass(20);
            two.saw(before);
            one.saw(before);
        }
    }

    @Test
    void aClockThatWasSetBackCatchesUpInTwiceTheTime() {
        one.saw(wall + FIVE_HOURS);
        pass(FIVE_HOURS);
        assertThat(one.now()).isEqualTo(wall + FIVE_HOURS / 2);
        pass(FIVE_HOURS + 2);
        assertThat(one.now()).isEqualTo(wall);
    }

    @Test
    void recordsThatComeWhileTheClockIsBehindDoNotMakeItRunFaster() {
        long end = wall + FIVE_HOURS;
        one.saw(end);
        for (int i = 0; i < 1_000; i++) {
            pass(100);
            one.saw(one.now());
        }
        assertThat(one.now()).isBetween(end + 50_000, end + 50_001);
    }
}
