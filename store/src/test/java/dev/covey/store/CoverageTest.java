package dev.covey.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CoverageTest {
    @Test
    void theHighestEpochWhoseFirstPositionIsNotAboveCovers() {
        Coverage coverage = Coverage.NONE.with(1, 1).with(2, 10).with(4, 20);
        assertThat(coverage.epochFor(9)).isEqualTo(1);
        assertThat(coverage.epochFor(10)).isEqualTo(2);
        assertThat(coverage.epochFor(1_000)).isEqualTo(4);
        assertThat(coverage.lastCoveredBy(2)).isEqualTo(19);
        assertThat(coverage.lastCoveredBy(4)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void anEpochThatBeganAboveItsSuccessorCoversNothing() {
        Coverage coverage = Coverage.NONE.with(1, 1).with(3, 10).with(2, 12);
        assertThat(coverage.epochFor(15)).isEqualTo(3);
        assertThat(coverage.lastCoveredBy(2)).isEqualTo(9);
    }

    @Test
    void itAgreesWithTheRuleReadOffDirectlyWhateverTheOrder() {
        for (long seed = 0; seed < 2_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            List<long[]> added = new ArrayList<>();
            Coverage coverage = Coverage.NONE;
            for (int i = random.nextInt(8); i >= 0; i--) {
                long epoch = random.nextLong(1, 10);
                if (added.stream().noneMatch(entry -> entry[0] == epoch)) {
                    long first = random.nextLong(1, 13);
                    added.add(new long[] {epoch, first});
                    coverage = coverage.with(epoch, first);
                }
            }
            for (long position = 0; position < 15; position++) {
                assertThat(coverage.epochFor(position))
                        .as("seed %d position %d %s", seed, position, coverage)
                        .isEqualTo(byTheRule(added, position));
            }
        }
    }

    private static long byTheRule(List<long[]> added, long position) {
        return added.stream()
                .filter(entry -> entry[1] <= position)
                .mapToLong(entry -> entry[0])
                .max()
                .orElse(0);
    }
}
