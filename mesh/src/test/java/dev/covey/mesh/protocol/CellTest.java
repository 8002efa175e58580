package dev.covey.mesh.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CellTest {
    @Test
    void bothPartsComeBackForAnyEpochAndPosition() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 100_000; i++) {
            long epoch = random.nextLong() >>> random.nextInt(1, 64);
            long position = random.nextLong(Cell.LIMIT + 1);
            long cell = Cell.pack(epoch, position);
            assertThat(Cell.position(cell)).as("seed %d", seed).isEqualTo(position);
            assertThat(Cell.epochLow(cell)).as("seed %d", seed).isEqualTo(epoch & 0xFFFFF);
            assertThat(Cell.isOfEpoch(cell, epoch)).isTrue();
            assertThat(Cell.isOfEpoch(cell, epoch + 1)).isFalse();
        }
    }

    @Test
    void noCommitEverLooksClosedNotEvenAtBothLimits() {
        assertThat(Cell.pack(0xFFFFF, Cell.LIMIT)).isNotEqualTo(Cell.CLOSED);
        assertThat(Cell.position(Cell.CLOSED)).isGreaterThan(Cell.LIMIT);
        assertThat(Cell.isOfEpoch(Cell.CLOSED, 0xFFFFF)).isFalse();
    }

    @Test
    void aPositionThatWouldCarryIntoTheEpochIsRefused() {
        assertThatThrownBy(() -> Cell.pack(1, Cell.LIMIT + 1)).hasMessageContaining("is not within 0..");
        assertThatThrownBy(() -> Cell.pack(1, -1)).hasMessageContaining("position -1");
    }

    @Test
    void theFullEpochIsFoundAgainFromBothSidesAndAcrossTheWrap() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 100_000; i++) {
            long epoch = random.nextLong(1L << 40);
            long known = Math.max(0, epoch + random.nextLong(-(1 << 19) + 1, 1 << 19));
            assertThat(Cell.widen(known, Cell.epochLow(Cell.pack(epoch, 0))))
                    .as("seed %d, epoch %d, known %d", seed, epoch, known)
                    .isEqualTo(epoch);
        }
        assertThat(Cell.widen(0, 0xFFFFF)).isEqualTo(0xFFFFF);
    }

    @Test
    void itIsSaidInWords() {
        assertThat(Cell.describe(Cell.pack(7, 9))).isEqualTo("epoch …7, position 9");
        assertThat(Cell.describe(Cell.CLOSED)).isEqualTo("closed");
    }
}
