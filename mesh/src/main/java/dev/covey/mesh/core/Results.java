package dev.covey.mesh.core;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The outcomes of a member's last {@link #CAPACITY} commands. Immutable; a new outcome copies one chunk and the table of
 * chunks, 64 references, whatever came before. Rule R5: as many outcomes as commands may be unanswered.
 */
final class Results {
    /** How many outcomes are kept, and so how many commands a member may have unanswered. */
    static final int CAPACITY = 1024;

    private static final int CHUNK = 32;
    private static final int CHUNKS = CAPACITY / CHUNK;

    static final Results NONE = new Results(new Outcome[CHUNKS][]);

    private final @Nullable Outcome[] @Nullable [] chunks;

    private Results(@Nullable Outcome[] @Nullable [] chunks) {
        this.chunks = chunks;
    }

    /** These outcomes and one more, which takes the place of the one {@link #CAPACITY} sequences before it. */
    Results with(Outcome outcome) {
        int slot = slot(outcome.sequence());
        @Nullable Outcome[] @Nullable [] copy = new Outcome[CHUNKS][];
        System.arraycopy(chunks, 0, copy, 0, CHUNKS);
        @Nullable Outcome[] changed = new Outcome[CHUNK];
        @Nullable Outcome[] chunk = copy[slot / CHUNK];
        if (chunk != null) {
            System.arraycopy(chunk, 0, changed, 0, CHUNK);
        }
        changed[slot % CHUNK] = outcome;
        copy[slot / CHUNK] = changed;
        return new Results(copy);
    }

    /** The outcome of that command, or null if it is not known, or no longer. */
    @Nullable
    Outcome of(long sequence) {
        int slot = slot(sequence);
        @Nullable Outcome[] chunk = chunks[slot / CHUNK];
        Outcome outcome = chunk == null ? null : chunk[slot % CHUNK];
        return outcome == null || outcome.sequence() != sequence ? null : outcome;
    }

    /** Every outcome there is, in order of place. */
    List<Outcome> all() {
        List<Outcome> all = new ArrayList<>();
        for (@Nullable Outcome[] chunk : chunks) {
            for (int i = 0; chunk != null && i < CHUNK; i++) {
                Outcome outcome = chunk[i];
                if (outcome != null) {
                    all.add(outcome);
                }
            }
        }
        return all;
    }

    private static int slot(long sequence) {
        return (int) (sequence % CAPACITY);
    }
}
