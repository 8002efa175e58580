package dev.covey.mesh.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.covey.store.Snapshots;
import org.junit.jupiter.api.Test;

class JournalBudgetTest {
    private static final long NO_FILES = Long.MAX_VALUE;
    private static final long BEGUN = Long.MAX_VALUE - 7;

    private final JournalBudget budget = new JournalBudget(BEGUN);

    @Test
    void whatAnotherHostMayNotHaveForcedLetsNothingGo() {
        budget.found(5_000, 100);
        assertThat(budget.neededFrom(NO_FILES)).isEqualTo(1);
        budget.written(7_000, 100);
        assertThat(budget.neededFrom(NO_FILES)).isEqualTo(7_001);
    }

    @Test
    void whatThisHostWroteInAnEarlierEpochLetsNothingGoInThisOne() {
        budget.written(7_000, 100);
        budget.epochBegan();
        assertThat(budget.neededFrom(NO_FILES)).isEqualTo(1);
    }

    @Test
    void recordsStayUntilTheyAreInRevisionFilesToo() {
        budget.written(7_000, 100);
        assertThat(budget.neededFrom(6_000)).isEqualTo(6_001);
        assertThat(budget.neededFrom(8_000)).isEqualTo(7_001);
    }

    @Test
    void aJournalIsLongBeyondItsBudgetAndBeyondTwiceTheSnapshot() {
        assertThat(budget.isLong(JournalBudget.SNAPSHOT_BYTES)).isFalse();
        assertThat(budget.isLong(JournalBudget.SNAPSHOT_BYTES + 1)).isTrue();
        long large = 50L << 20;
        budget.found(1, large);
        assertThat(budget.isLong(3 * large)).isFalse();
        assertThat(budget.isLong(3 * large + 1)).isTrue();
    }

    @Test
    void aSnapshotIsDueWhereItWouldShortenTheJournal() {
        assertThat(budget.isDue(JournalBudget.MIN_RECORDS - 1, NO_FILES)).isFalse();
        assertThat(budget.isDue(JournalBudget.MIN_RECORDS, NO_FILES)).isTrue();
        budget.written(7_000, 100);
        assertThat(budget.isDue(90_000, 6_999)).isFalse();
        assertThat(budget.isDue(90_000, 7_000)).isTrue();
    }

    @Test
    void whoIsFarBehindGetsASnapshotIfItIsNewerAndSmallerThanTheRecords() {
        budget.found(20_000, 10_000 * Snapshots.RECORD_BYTES);
        assertThat(budget.isWanted(0, 90_000, BEGUN)).isFalse();
        assertThat(budget.isWanted(20_000, 90_000, BEGUN)).isFalse();
        assertThat(budget.isWanted(90_000, 90_000, BEGUN)).isFalse();
        assertThat(budget.isWanted(25_000, 30_000, BEGUN)).isFalse();
        assertThat(budget.isWanted(25_000, 30_001, BEGUN)).isTrue();
    }

    @Test
    void wantedSnapshotsAreWrittenOnlyNowAndThen() {
        int written = 0;
        for (long nanos = 0; nanos < 4 * JournalBudget.WANTED_NANOS; nanos += JournalBudget.WANTED_NANOS / 10) {
            written += budget.isWanted(25_000, 90_000, BEGUN + nanos) ? 1 : 0;
        }
        assertThat(written).isEqualTo(4);
    }
}
