package dev.covey.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Against an ArrayList that does the same. */
final class SequenceTest {
    private static final int ROUNDS = 100;

    @Test
    void everySpliceAndReplacementDoesWhatAPlainListDoes() {
        for (int seed = 0; seed < ROUNDS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Sequence<Integer> sequence = Sequence.empty();
            List<Integer> plain = new ArrayList<>();
            for (int step = 0; step < 60; step++) {
                int start = random.nextInt(plain.size() + 1);
                int removed = random.nextInt(Math.min(plain.size() - start, random.nextInt(4) == 0 ? 200 : 3) + 1);
                List<Integer> inserted = new ArrayList<>();
                int more = random.nextInt(random.nextInt(5) == 0 ? 3_000 : 4);
                for (int i = 0; i < more; i++) {
                    inserted.add(random.nextInt(1000));
                }
                List<Integer> before = List.copyOf(plain);
                Sequence<Integer> old = sequence;
                sequence = sequence.splice(start, removed, inserted);
                plain.subList(start, start + removed).clear();
                plain.addAll(start, inserted);
                if (!plain.isEmpty()) {
                    int at = random.nextInt(plain.size());
                    sequence = sequence.with(at, step);
                    plain.set(at, step);
                    assertThat(sequence.get(at)).isEqualTo(step);
                }
                assertThat(new ArrayList<>(sequence))
                        .as("seed %d step %d", seed, step)
                        .isEqualTo(plain);
                if (step % 20 == 0) {
                    assertThat(new ArrayList<>(old))
                            .as("seed %d step %d: the old one", seed, step)
                            .isEqualTo(before);
                }
            }
            assertThat(sequence.orderedHash(Integer::longValue))
                    .as("seed %d: the hash does not depend on how it was built", seed)
                    .isEqualTo(Sequence.of(plain).orderedHash(Integer::longValue));
        }
    }

    @Test
    void appendingOneByOneFillsItsNodes() {
        Sequence<Integer> sequence = Sequence.empty();
        for (int i = 0; i < 40_000; i++) {
            sequence = sequence.splice(i, 0, List.of(i));
        }
        assertThat(sequence).hasSize(40_000);
        assertThat(sequence.height()).isEqualTo(Sequence.of(sequence).height());
    }

    @Test
    void itRefusesToChange() {
        Sequence<Integer> empty = Sequence.empty();
        assertThatThrownBy(empty::clear).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> empty.addAll(List.of())).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> empty.get(0)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> empty.splice(1, 0, List.of())).isInstanceOf(IndexOutOfBoundsException.class);
    }
}
