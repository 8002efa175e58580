package dev.covey.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A store that has grown a little; {@link StoreScale} says the same of a large one. Each measurement is one of a few
 * attempts, for other processes disturb it; what is not true fails all of them.
 */
class StoreScaleTest {
    private static final int REVISIONS = 3_000;
    private static final int OBJECTS = 30;
    private static final int COMMITS = 300;
    private static final int ATTEMPTS = 8;

    @TempDir
    Path temporary;

    private StoreScale scale = new StoreScale(Path.of(""));

    private interface Measurement {
        double measure();
    }

    @BeforeEach
    void fill() throws IOException {
        scale = new StoreScale(temporary.resolve("store"));
        scale.fill(REVISIONS, OBJECTS);
    }

    @Test
    void openingAndReadingTheNewestCostNoMoreWhenAStoreHasGrown() {
        assertThat(firstBelow(1_000, scale::openMillis)).isLessThan(1_000);
        assertThat(firstBelow(5, () -> scale.getMicros("many") / scale.getMicros("few")))
                .isLessThan(5);
    }

    @Test
    void removingOldRevisionsHoldsBackNoWriter() {
        assertThat(firstBelow(2, () -> {
                    double before = scale.commitP99Micros(COMMITS);
                    double meanwhile = scale.commitP99WhileRetaining(COMMITS);
                    return meanwhile / Math.max(before, scale.commitP99Micros(COMMITS));
                }))
                .isLessThan(2);
    }

    private static double firstBelow(double limit, Measurement measurement) {
        double found = limit;
        for (int i = 0; i < ATTEMPTS && found >= limit; i++) {
            found = measurement.measure();
        }
        return found;
    }
}
