package dev.covey.patch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FailureTallyTest {
    private final FailureTally tally = new FailureTally();
    private final List<String> told = new ArrayList<>();
    private final List<@Nullable Throwable> traces = new ArrayList<>();

    private void fail(RuntimeException thrown, long nanos) {
        tally.failed("the observer threw", thrown.getClass(), thrown, nanos, (text, trace) -> {
            told.add(text);
            traces.add(trace);
        });
    }

    @Test
    void theFirstFailureIsToldWithItsStackTraceAndTheOthersAreCountedEachTenSeconds() {
        RuntimeException thrown = new IllegalStateException("no");
        for (int i = 0; i < 42_311; i++) {
            fail(thrown, 0);
        }
        assertThat(told).containsExactly("the observer threw");
        assertThat(traces).containsExactly(thrown);

        fail(thrown, FailureTally.PAUSE_NANOS);
        fail(thrown, FailureTally.PAUSE_NANOS + 1);
        assertThat(told)
                .hasSize(2)
                .last()
                .isEqualTo(
                        "the observer threw (42311 times since this was last told, the last time with " + thrown + ")");
        assertThat(traces.get(1)).isNull();

        fail(thrown, 2 * FailureTally.PAUSE_NANOS);
        assertThat(told).hasSize(3).last().asString().contains("(2 times");
    }

    @Test
    void anotherKindOfFailureIsToldWithItsOwnStackTrace() {
        fail(new IllegalStateException("one"), 0);
        fail(new IllegalArgumentException("two"), 1);
        fail(new IllegalStateException("three"), 2);
        assertThat(told).hasSize(2);
        assertThat(traces).extracting(Throwable::getMessage).containsExactly("one", "two");
    }

    @Test
    void kindsBeyondTheLimitAreCountedTooSoThatNothingGrows() {
        for (int i = 0; i < 10_000; i++) {
            tally.failed("it threw", i, null, i, (text, trace) -> told.add(text));
        }
        assertThat(told).hasSize(FailureTally.MAX_KINDS);
    }
}
