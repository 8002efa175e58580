package dev.covey.mesh;

import com.fasterxml.jackson.databind.JsonNode;
import dev.covey.mesh.agent.Failures;
import dev.covey.mesh.core.ObjectState;
import dev.covey.store.ObjectStore;
import dev.covey.store.Quarantined;
import dev.covey.store.StoreCode;
import dev.covey.store.StoreException;
import dev.covey.store.StoredObject;
import dev.covey.store.StoredRevision;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Every accepted state of one object that its revision files still hold. They are written some milliseconds after a revision
 * was accepted; each method first waits, at most {@link #PATIENCE}, until they have what this member saw when it was called.
 * Reads files on the caller's thread.
 */
public final class History {
    /** How long is waited for revision files. */
    public static final Duration PATIENCE = Duration.ofSeconds(10);

    private final SharedObject object;
    private final ObjectStore store;

    History(SharedObject object, ObjectStore store) {
        this.object = object;
        this.store = store;
    }

    /**
     * The state at that revision; empty if there is no such revision (yet), it was thinned out, or its file is missing.
     *
     * @throws MeshException TIMED_OUT when the revision files are further behind; CORRUPT, STORE_FAILED when they cannot be
     *     read, with the StoreException as its cause
     */
    public Optional<Version> at(long revision) {
        awaitFiles();
        return Failures.told(() -> store.at(object.id(), revision)).map(History::version);
    }

    /**
     * The state there was at that time, by the times of the records; empty before the first that is still there.
     *
     * @throws MeshException as {@link #at(long)}
     */
    public Optional<Version> at(Instant time) {
        awaitFiles();
        return Failures.told(() -> numberAt(time).flatMap(number -> store.at(object.id(), number)))
                .map(History::version);
    }

    /** Where nothing was thinned out some looks are enough; else every revision is looked at. */
    private Optional<Long> numberAt(Instant time) {
        long low = 0;
        long high = object.revision() + 1;
        while (high - low > 1) {
            long middle = low + (high - low) / 2;
            Optional<StoredObject> found = store.at(object.id(), middle);
            if (found.isEmpty()) {
                return newestUntil(time);
            }
            if (Times.instant(found.get().timeMicros()).isAfter(time)) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return low == 0 ? Optional.empty() : Optional.of(low);
    }

    private Optional<Long> newestUntil(Instant time) {
        long newest = 0;
        try (Stream<StoredRevision> all = store.revisions(object.id())) {
            for (Iterator<StoredRevision> each = all.iterator(); each.hasNext(); ) {
                StoredRevision revision = each.next();
                if (!Times.instant(revision.timeMicros()).isAfter(time)) {
                    newest = Math.max(newest, revision.number());
                }
            }
        }
        return newest == 0 ? Optional.empty() : Optional.of(newest);
    }

    /**
     * Every revision that is still there, oldest first, without its state. Read while it is consumed.
     *
     * @throws MeshException as {@link #at(long)}; from the stream too
     */
    public Stream<Entry> list() {
        awaitFiles();
        return told(Failures.told(() -> store.revisions(object.id())))
                .map(revision -> new Entry(
                        revision.number(),
                        revision.author(),
                        Times.instant(revision.timeMicros()),
                        revision.deleted()));
    }

    /** The same revisions; what reading them throws is a MeshException. */
    private static Stream<StoredRevision> told(Stream<StoredRevision> read) {
        Iterator<StoredRevision> each = read.iterator();
        Iterator<StoredRevision> told = new Iterator<>() {
            @Override
            public boolean hasNext() {
                return Failures.told(each::hasNext);
            }

            @Override
            public StoredRevision next() {
                return Failures.told(each::next);
            }
        };
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(told, Spliterator.ORDERED), false)
                .onClose(read::close);
    }

    private static Version version(StoredObject stored) {
        return new Version(
                stored.revision(),
                stored.value(),
                stored.author(),
                Times.instant(stored.timeMicros()),
                stored.deleted());
    }

    private void awaitFiles() {
        ObjectState seen = object.copy().committed();
        awaitUntil(() -> reaches(store, seen), PATIENCE, () -> behind(store, seen));
    }

    /** What to say where the files are not as far, naming what was found wrong with them. */
    static String behind(ObjectStore store, ObjectState seen) {
        String found = Failures.told(store::quarantined).stream()
                .filter(each -> each.object().equals(seen.id()))
                .map(each -> " (" + each.found() + ")")
                .findFirst()
                .orElse("");
        return seen.id() + ": the revision files have not reached revision " + seen.revision() + found;
    }

    /** What was found wrong with the files of this object, and how it goes on; empty if nothing ever was. */
    public Optional<Quarantined> quarantined() {
        return Failures.told(store::quarantined).stream()
                .filter(each -> each.object().equals(object.id()))
                .findFirst();
    }

    /** Whether the files have that state, or a later one. Where they are damaged the host writes it soon. */
    static boolean reaches(ObjectStore store, ObjectState seen) {
        if (seen.revision() == 0) {
            return true;
        }
        try {
            Optional<StoredObject> newest = store.get(seen.id());
            return (newest.isPresent() && newest.get().revision() >= seen.revision())
                    || store.at(seen.id(), seen.revision()).isPresent();
        } catch (StoreException damaged) {
            if (damaged.code() != StoreCode.CORRUPT) {
                throw damaged;
            }
            return false;
        }
    }

    /** Looks every millisecond, for nobody tells. */
    static void awaitUntil(BooleanSupplier condition, Duration patience, Supplier<String> what) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!Failures.told(condition::getAsBoolean)) {
            if (System.nanoTime() - deadline >= 0) {
                throw new MeshException(
                        MeshCode.TIMED_OUT, what.get() + " within " + patience.toMillis() + " ms; try again later");
            }
            try {
                Thread.sleep(1);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new MeshException(MeshCode.TIMED_OUT, what.get() + " before the thread was interrupted");
            }
        }
    }

    /**
     * A state that an object had.
     *
     * @param number of the revision
     * @param value frozen
     * @param author name of the member who asked for it
     * @param time of its record
     * @param deleted whether the object was deleted by it
     */
    public record Version(long number, JsonNode value, String author, Instant time, boolean deleted) {}

    /** A {@link Version} without its value. */
    public record Entry(long number, String author, Instant time, boolean deleted) {}
}
