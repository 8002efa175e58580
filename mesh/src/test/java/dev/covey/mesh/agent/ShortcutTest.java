package dev.covey.mesh.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.covey.mesh.MeshCode;
import dev.covey.mesh.MeshException;
import dev.covey.mesh.core.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class ShortcutTest {
    private static final State HERE = State.EMPTY.at(1, 500);
    private static final State AHEAD = State.EMPTY.at(2, 90_000);
    private static final long FAR_ON = HERE.position() + Shortcut.FAR + 1;
    /** Held here, for the JVM forgets the level of a logger that nobody holds. */
    private static final Logger WARNINGS = Logger.getLogger(Shortcut.class.getName());

    private final List<Long> asked = new ArrayList<>();
    private Optional<State> there = Optional.of(AHEAD);
    private boolean observed;
    private boolean observedMeanwhile;
    private final List<Long> wanted = new ArrayList<>();
    private final Shortcut shortcut = new Shortcut(new Snapshots(), () -> observed, Long.MAX_VALUE - 5);

    private final class Snapshots implements Shortcut.Source {
        @Override
        public Optional<State> state(long from, long beyond, long committed) {
            assertThat(from).isEqualTo(HERE.position());
            assertThat(beyond).isEqualTo(from + Shortcut.FAR);
            asked.add(committed);
            observed |= observedMeanwhile;
            return there;
        }

        @Override
        public void want(long beyond) {
            wanted.add(beyond);
        }
    }

    private static final class BrokenSnapshots implements Shortcut.Source {
        @Override
        public Optional<State> state(long from, long beyond, long committed) {
            throw new MeshException(MeshCode.CORRUPT, "this one is damaged");
        }

        @Override
        public void want(long beyond) {}
    }

    private Optional<State> look(long committed, long afterNanos) {
        return shortcut.from(HERE, committed, Long.MAX_VALUE - 5 + afterNanos);
    }

    @Test
    void whoIsFarBehindTakesTheStateOfASnapshot() {
        assertThat(look(FAR_ON, 0)).contains(AHEAD);
        assertThat(wanted).isEmpty();
    }

    @Test
    void whoIsNearReadsTheJournal() {
        assertThat(look(FAR_ON - 1, 0)).isEmpty();
        assertThat(asked).isEmpty();
    }

    @Test
    void whoHasAnObserverReadsTheJournal() {
        observed = true;
        assertThat(look(FAR_ON, 0)).isEmpty();
        observed = false;
        assertThat(look(FAR_ON, 0)).contains(AHEAD);
    }

    @Test
    void whoBeginsToObserveWhileTheSnapshotIsReadGoesOnWithTheJournal() {
        observedMeanwhile = true;
        assertThat(look(FAR_ON, 0)).isEmpty();
    }

    @Test
    void whereThereIsNoSnapshotItIsAskedForAndLookedForAgainNowAndThen() {
        there = Optional.empty();
        for (long nanos = 0; nanos < 3 * Shortcut.LOOK_NANOS; nanos += Shortcut.LOOK_NANOS / 20) {
            assertThat(look(FAR_ON + nanos, nanos)).isEmpty();
        }
        assertThat(asked).containsExactly(FAR_ON, FAR_ON + Shortcut.LOOK_NANOS, FAR_ON + 2 * Shortcut.LOOK_NANOS);
        assertThat(wanted).hasSize(3).containsOnly(HERE.position() + Shortcut.FAR);
    }

    @Test
    void aSnapshotThatCannotBeReadIsPassedOver() {
        Shortcut broken = new Shortcut(new BrokenSnapshots(), () -> false, 0);
        WARNINGS.setLevel(Level.OFF);
        assertThat(broken.from(HERE, FAR_ON, 0)).isEmpty();
        WARNINGS.setLevel(null);
    }
}
