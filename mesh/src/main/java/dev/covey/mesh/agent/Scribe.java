package dev.covey.mesh.agent;

import dev.covey.mesh.local.ControlFile;
import dev.covey.mesh.protocol.FactEncoder;
import dev.covey.mesh.protocol.LogRecord;
import dev.covey.mesh.protocol.WireWriter;
import dev.covey.store.Journal;
import dev.covey.store.JournalWriter;
import dev.covey.store.StoreCode;
import dev.covey.store.StoreException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The host's pen: the journal's writing end, and what becomes of it when the disk is full or fails. Step 4 of the street.
 *
 * <p>A full disk: what is decided waits here and is written when there is room, and the flag STORE_FULL has all members
 * refuse new commands before they send them (rule R7). What waits is bounded by what one round takes in, since a host that
 * is short of room takes nothing in. The flag goes when the journal has its spare segment again.
 *
 * <p>A failed force is final: the flag STORE_FAILED is set, nothing more is written by anybody, and nothing that was decided
 * here and not committed is ever answered. Agent's thread.
 */
final class Scribe {
    private static final System.Logger LOG = System.getLogger(Scribe.class.getName());
    /** How often is looked whether there is room again. */
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** A record that is decided and has no room yet. */
    private record Waiting(LogRecord record, long committed) {}

    private final ControlFile control;
    private final Journal journal;
    private final String seat;
    private final String mesh;
    private final WireWriter payload = new WireWriter();
    private final ArrayDeque<Waiting> unwritten = new ArrayDeque<>();
    private @Nullable JournalWriter writer;
    private boolean failed;
    private long retryAt;

    Scribe(Premises premises, Journal journal) {
        this.control = premises.control;
        this.seat = premises.seat;
        this.mesh = premises.directory.name();
        this.journal = journal;
    }

    /**
     * Publishes the epoch's first segment.
     *
     * @return false when there is no room for it now
     * @throws StoreException EPOCH_TAKEN
     */
    boolean begin(long epoch, long firstPosition) {
        try {
            writer = journal.begin(epoch, firstPosition, seat.getBytes(StandardCharsets.US_ASCII));
            return true;
        } catch (StoreException problem) {
            if (problem.code() == StoreCode.STORE_FULL) {
                full(problem);
            } else if (problem.code() == StoreCode.STORE_FAILED) {
                failed(problem);
            } else {
                throw problem;
            }
            return false;
        }
    }

    /** Writes the record, now or when there is room. */
    void append(LogRecord record, long committed) {
        if (!failed && (!unwritten.isEmpty() || !write(record, committed))) {
            unwritten.add(new Waiting(record, committed));
        }
    }

    private boolean write(LogRecord record, long committed) {
        payload.clear();
        FactEncoder.encode(record.fact(), payload);
        try {
            writer().append(
                            record.position(),
                            committed,
                            record.member(),
                            record.sequence(),
                            record.timeMicros(),
                            payload.array(),
                            0,
                            payload.length());
            return true;
        } catch (StoreException problem) {
            if (problem.code() == StoreCode.STORE_FULL) {
                full(problem);
            } else if (problem.code() == StoreCode.STORE_FAILED) {
                failed(problem);
            } else {
                throw problem;
            }
            return false;
        }
    }

    /**
     * Goes on in a new segment, the one in use having been removed.
     *
     * @return up to where a snapshot is needed; -1 if there is no segment now
     */
    long beginAgain() {
        JournalWriter open = writer;
        if (open == null || failed) {
            return -1;
        }
        try {
            return open.beginAgain();
        } catch (StoreException problem) {
            if (problem.code() != StoreCode.STORE_FULL) {
                throw problem;
            }
            full(problem);
            return -1;
        }
    }

    /** Whether all that was appended is as durable as the mesh promises. Asked again later where it is not. */
    boolean force() {
        if (failed || !unwritten.isEmpty()) {
            return false;
        }
        try {
            writer().force();
            return true;
        } catch (StoreException problem) {
            failed(problem);
            return false;
        }
    }

    /** Whether commands may be taken in: there is room for what they become, as far as is known. */
    boolean hasRoom() {
        return !failed && unwritten.isEmpty() && (control.flags() & ControlFile.STORE_FULL) == 0;
    }

    /** Whether it is time to try again what found no room. */
    boolean isTimeToRetry() {
        long now = System.nanoTime();
        if (hasRoom() || failed || now - retryAt < 0) {
            return false;
        }
        retryAt = now + RETRY_NANOS;
        return true;
    }

    /** Writes what waits, as far as there is room; whether nothing waits any more. */
    boolean retry() {
        while (!failed && !unwritten.isEmpty()) {
            Waiting next = unwritten.peek();
            if (!write(next.record(), next.committed())) {
                return false;
            }
            unwritten.remove();
        }
        return !failed;
    }

    /** Makes the spare segment, and says that there is room again. Any thread; may take as long as the disk does. */
    void makeRoom() {
        try {
            journal.prepareSpare();
            journal.prepareReserve();
            if ((control.flags() & ControlFile.STORE_FULL) != 0) {
                control.clearFlag(ControlFile.STORE_FULL);
                LOG.log(System.Logger.Level.INFO, "mesh " + mesh + ": there is room again, patches are taken");
            }
        } catch (StoreException stillFull) {
            LOG.log(System.Logger.Level.DEBUG, "no room yet", stillFull);
        }
    }

    private void full(StoreException problem) {
        if ((control.flags() & ControlFile.STORE_FULL) == 0) {
            control.setFlag(ControlFile.STORE_FULL);
            LOG.log(
                    System.Logger.Level.WARNING,
                    "mesh " + mesh + ": no room for the journal, patches are refused until there is: " + problem);
        }
    }

    private void failed(StoreException problem) {
        failed = true;
        unwritten.clear();
        control.setFlag(ControlFile.STORE_FAILED);
        LOG.log(
                System.Logger.Level.ERROR,
                "mesh " + mesh + ": the journal failed and the mesh is read-only from now on; check the disk,"
                        + " then stop all members and start them again",
                problem);
    }

    void close() {
        JournalWriter open = writer;
        writer = null;
        failed = false;
        unwritten.clear();
        if (open != null) {
            open.close();
        }
    }

    private JournalWriter writer() {
        JournalWriter open = writer;
        if (open == null) {
            throw new IllegalStateException("no segment is open; only a host writes");
        }
        return open;
    }
}
