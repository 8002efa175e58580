package dev.covey.mesh.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.covey.mesh.local.ControlFile;
import dev.covey.mesh.local.LifeId;
import dev.covey.mesh.local.MeshDirectory;
import dev.covey.mesh.protocol.Cell;
import dev.covey.mesh.protocol.Wire;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How long a host is silent, by clocks that stand anywhere. */
class SilenceTest {
    private static final long LATE_MILLIS = 1_000;

    @TempDir
    Path base;

    @SuppressWarnings("NullAway.Init") // by make
    private ControlFile control;

    @SuppressWarnings("NullAway.Init") // by make
    private Silence silence;

    private long nowMillis = -7_200_000;

    @BeforeEach
    void make() {
        MeshDirectory directory = MeshDirectory.open("quiet", base.resolve("meshes"));
        control =
                ControlFile.create(directory, new ControlFile.Birth(LifeId.random(), Wire.VERSION, new byte[0], 1, 0));
        silence = new Silence(control, TimeUnit.MILLISECONDS.toNanos(LATE_MILLIS));
        take(2);
    }

    private void take(long epoch) {
        control.compareAndSetCell(control.cell(), Cell.pack(epoch, 0));
        control.rememberEpoch(epoch);
    }

    private long look() {
        return TimeUnit.NANOSECONDS.toMillis(silence.nanos(TimeUnit.MILLISECONDS.toNanos(nowMillis)));
    }

    /** Looks every 10 ms for so long; what the last look found. */
    private long watch(long millis) {
        long found = look();
        for (long end = nowMillis + millis; nowMillis < end; found = look()) {
            nowMillis += 10;
        }
        return found;
    }

    @Test
    void aHostThatBeatsIsNeverSilentWhateverTheWatchersClockSays() {
        assertThat(look()).isZero();
        for (int i = 0; i < 1_000; i++) {
            control.beat();
            assertThat(watch(20)).isLessThanOrEqualTo(20);
        }
    }

    @Test
    void aHostThatGivesNoBeatIsSilentForAsLongAsItIsWatched() {
        control.beat();
        assertThat(watch(2_500)).isEqualTo(2_500);
        control.beat();
        assertThat(look()).isZero();
    }

    @Test
    void aHostThatHasJustTakenTheCellIsNotBlamedForTheSilenceOfTheOneBefore() {
        assertThat(watch(1_900)).isEqualTo(1_900);
        take(3);
        assertThat(look()).isZero();
        assertThat(watch(2_000))
                .as("one that takes the cell and never beats is silent all the same")
                .isEqualTo(2_000);
    }

    @Test
    void aWatcherThatWasLateItselfBlamesNobodyAndBeginsAnew() {
        assertThat(watch(1_900)).isEqualTo(1_900);
        nowMillis += LATE_MILLIS + 1;
        assertThat(look()).isZero();
        assertThat(watch(500)).isEqualTo(500);
    }
}
