package dev.covey.mesh.agent;

import dev.covey.mesh.local.ControlFile;
import dev.covey.mesh.protocol.Cell;
import dev.covey.mesh.protocol.Fact;
import dev.covey.mesh.protocol.FactDecoder;
import dev.covey.store.CheckpointOptions;
import dev.covey.store.Checkpointer;
import dev.covey.store.Journal;
import dev.covey.store.JournalReader;
import dev.covey.store.ObjectMemory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Feeds the store's checkpointer with the committed records, from where its files end. Recorder's thread.
 *
 * <p>A host that was frozen may have put its old mark over that of the next one, which had removed the journal in between. By
 * rule J4 whatever was removed is in files, so the journal's first record is the place to go on then.
 */
final class RevisionFiles {
    private static final int RECORDS_PER_FEED = 4_096;

    private final ControlFile control;
    private final FactDecoder facts;
    private final Journal journal;
    private final Checkpointer checkpointer;
    private final JournalReader reader;

    RevisionFiles(Premises premises, ObjectMemory memory) {
        this(premises.control, premises.settings, premises.openJournal(), memory, premises.control.cell());
    }

    /**
     * Of a mesh that nobody need be in.
     *
     * @param cell what is committed
     */
    RevisionFiles(ControlFile control, Settings settings, Journal journal, ObjectMemory memory, long cell) {
        String store = Objects.requireNonNull(settings.store());
        this.control = control;
        this.facts = new FactDecoder(settings.limits());
        this.journal = journal;
        this.checkpointer = Checkpointer.open(
                Path.of(store),
                CheckpointOptions.DEFAULT.withDurability(settings.durability()),
                memory,
                Cell.position(cell));
        this.reader = journal.readerOfWhatIsLeft(checkpointer.position());
    }

    /**
     * Takes in records up to the cell, but not beyond {@code known}; returns whether there may be more.
     *
     * @param known position of the state that objects are remembered by
     */
    boolean feed(long cell, long known) {
        if (cell == Cell.CLOSED) {
            return false;
        }
        long epoch = control.epochOf(cell);
        long position = Math.min(Cell.position(cell), known);
        int fed = 0;
        while (fed < RECORDS_PER_FEED && reader.next(epoch, position)) {
            feed();
            fed++;
        }
        return fed == RECORDS_PER_FEED;
    }

    private void feed() {
        ByteBuffer payload = reader.payload();
        Fact fact = facts.decode(payload);
        if (fact instanceof Fact.Patched gone && gone.deletes()) {
            checkpointer.deleted(
                    gone.object(),
                    gone.revision(),
                    gone.author(),
                    reader.timeMicros(),
                    reader.epoch(),
                    reader.position(),
                    payload);
        } else if (fact instanceof Fact.Patched patched) {
            checkpointer.accept(
                    patched.object(),
                    patched.revision(),
                    patched.author(),
                    reader.timeMicros(),
                    reader.epoch(),
                    reader.position(),
                    payload,
                    patched.operations());
        } else {
            checkpointer.reached(reader.position(), reader.timeMicros());
        }
    }

    /** Everything up to here was taken in, and will be in files soon. */
    long read() {
        return reader.position();
    }

    /** Everything up to here is in files that a crash leaves behind. */
    long position() {
        return checkpointer.position();
    }

    /** Whether the files lead to the state of that object; if not, it is written. */
    void verify(String id) {
        checkpointer.verify(id);
    }

    void flush() {
        checkpointer.flush();
    }

    void finish() {
        checkpointer.fullStates();
    }

    void close() {
        try {
            checkpointer.close();
        } finally {
            reader.close();
            journal.close();
        }
    }
}
