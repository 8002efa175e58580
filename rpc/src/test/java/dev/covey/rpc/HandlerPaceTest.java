package dev.covey.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HandlerPaceTest {
    private static final long QUICK = TimeUnit.MICROSECONDS.toNanos(5);
    private static final long SLOW = TimeUnit.MICROSECONDS.toNanos(200);
    private static final long WAITED = TimeUnit.MILLISECONDS.toNanos(5);

    private final HandlerPace pace = new HandlerPace();

    private int quickRunsUntilItCounts() {
        for (int runs = 0; runs < 1_000_000; runs++) {
            if (pace.isQuick()) {
                return runs;
            }
            pace.took(QUICK);
        }
        throw new AssertionError("never again");
    }

    @Test
    void aHandlerIsQuickWhenItWasOftenInARow() {
        assertThat(pace.isQuick()).isFalse();
        for (int i = 0; i < 1_000; i++) {
            pace.took(i % 10 == 9 ? SLOW : QUICK);
            assertThat(pace.isQuick()).isFalse();
        }
        assertThat(quickRunsUntilItCounts()).isBetween(10, 100);
    }

    @Test
    void whatTheFirstRunsTakeIsSoonForgotten() {
        for (int i = 0; i < 10; i++) {
            pace.took(WAITED);
        }
        assertThat(quickRunsUntilItCounts()).isLessThan(100);
    }

    @Test
    void aHandlerThatWaitsNowAndThenIsTrustedLessAndLess() {
        quickRunsUntilItCounts();
        int before = 0;
        for (int i = 0; i < 6; i++) {
            pace.took(WAITED);
            int needed = quickRunsUntilItCounts();
            assertThat(needed).isGreaterThan(before);
            before = needed;
        }
        assertThat(before).isGreaterThan(10_000);
    }

    @Test
    void aHandlerThatWasQuickForLongIsForgiven() {
        quickRunsUntilItCounts();
        pace.took(WAITED);
        int first = quickRunsUntilItCounts();
        for (int i = 0; i < 10_000; i++) {
            pace.took(QUICK);
        }
        pace.took(WAITED);
        assertThat(quickRunsUntilItCounts()).isLessThan(first);
    }
}
