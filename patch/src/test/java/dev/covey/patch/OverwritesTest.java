package dev.covey.patch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Against a list of everything that was ever overwritten. */
final class OverwritesTest {
    private static final int ROUNDS = 400;

    private static Path path(SplittableRandom random) {
        List<String> steps = new ArrayList<>();
        int size = random.nextInt(4);
        for (int i = 0; i < size; i++) {
            steps.add("" + (char) ('a' + random.nextInt(3)));
        }
        return Path.of(steps);
    }

    private static Operations overwriting(Path path) {
        return new Operations(List.of(new Operation.Remove(path, path)));
    }

    @Test
    void aPatchIsStaleExactlyIfSomethingNewerOverlapsIt() {
        for (int seed = 0; seed < ROUNDS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Overwrites overwrites = Overwrites.NONE;
            List<Overwrite> all = new ArrayList<>();
            Stamp floor = new Stamp(-1, 0);
            for (int step = 0; step < 60; step++) {
                Stamp stamp = new Stamp(random.nextInt(100), step);
                Path path = path(random);
                List<Touch> touches = List.of(new Touch(path, random.nextBoolean()));
                Overwrite newer = overwrites.newerThan(stamp, touches);
                Stamp lowest = floor;
                boolean stale = lowest.newerThan(stamp)
                        || all.stream()
                                .anyMatch(one -> one.stamp().newerThan(lowest)
                                        && one.stamp().newerThan(stamp)
                                        && one.path().overlaps(path));
                assertThat(newer != null).as("seed %d step %d", seed, step).isEqualTo(stale);
                if (newer != null) {
                    assertThat(newer.stamp().newerThan(stamp)).isTrue();
                    assertThat(newer.path().overlaps(path)).isTrue();
                } else {
                    overwrites = overwrites.with(stamp, overwriting(path));
                    all.add(new Overwrite(path, stamp));
                }
                if (random.nextInt(20) == 0) {
                    overwrites = overwrites.prune(5);
                    assertThat(overwrites.size()).isLessThanOrEqualTo(5);
                    floor = overwrites.floor() == null ? floor : overwrites.floor();
                }
                assertThat(overwrites.size()).isEqualTo(overwrites.list().size());
            }
            assertThat(Overwrites.fromBytes(ByteBuffer.wrap(overwrites.toBytes()), Limits.DEFAULT))
                    .as("seed %d", seed)
                    .isEqualTo(overwrites);
        }
    }

    @Test
    void anOverwriteOfAnAncestorSwallowsWhatIsOlderBelowIt() {
        Overwrites overwrites = Overwrites.NONE;
        for (int i = 0; i < 100; i++) {
            overwrites = overwrites.with(new Stamp(i, 1), overwriting(Path.parse("/a/" + i)));
        }
        assertThat(overwrites.size()).isEqualTo(100);
        overwrites = overwrites.with(new Stamp(200, 1), overwriting(Path.parse("/a")));
        assertThat(overwrites.list()).containsExactly(new Overwrite(Path.parse("/a"), new Stamp(200, 1)));
    }
}
