package dev.covey.store;

import dev.covey.patch.Operations;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns the records of a mesh into revision files, on one thread of the host.
 *
 * <p>It is fed every record after {@link #position}, in order. A file ends at the last revision of a millisecond of the
 * records' own time, and its name follows from the records too; so a successor that is fed the same records again, or an
 * old host that has not noticed yet, writes the same files, and whoever comes second finds them there.
 *
 * <p>A disk error leaves it unusable, for what was buffered may be half written: close it and open another, which begins
 * again after {@link #position}. Nothing is lost by that, the journal has it all.
 */
public final class Checkpointer implements AutoCloseable {
    private static final long MICROS_PER_MILLI = 1_000;

    private final Disk disk;
    private final Path store;
    private final Path objects;
    private final CheckpointOptions options;
    private final RevDigest digest = new RevDigest();
    private final LinkedHashMap<String, ObjectTail> tails = new LinkedHashMap<>(16, 0.75f, true);
    private final List<ObjectTail> running = new ArrayList<>();
    private final Marking marking;
    private long millisecond = Long.MIN_VALUE;
    private long reached;
    private boolean failed;

    private Checkpointer(Disk disk, Path store, CheckpointOptions options) throws IOException {
        this.disk = disk;
        this.store = store;
        this.objects = store.resolve(ObjectNames.OBJECTS);
        this.options = options;
        this.marking = new Marking(disk, store, objects, options);
        this.reached = marking.position();
    }

    /** Opens a store directory for the host; creates it with mode 0700 where missing. */
    public static Checkpointer open(Path storeDirectory, CheckpointOptions options) {
        return open(LocalDisk.INSTANCE, storeDirectory, options);
    }

    static Checkpointer open(Disk disk, Path store, CheckpointOptions options) {
        try {
            disk.openDirectory(store);
            disk.openDirectory(store.resolve(ObjectNames.OBJECTS));
            return new Checkpointer(disk, store, options);
        } catch (IOException e) {
            throw StoreException.of("store " + store, e);
        }
    }

    /** The journal position up to which every revision is in a file, at FSYNC on the device; 0 if none. */
    public long position() {
        return marking.position();
    }

    /**
     * One accepted revision. What is in the files already is passed over.
     *
     * @param author who asked for it
     * @param timeMicros the record's time; never decreases from call to call
     * @param record the bytes that the name is made from (rule F1), from position to limit
     * @param change what it did; the first revision of an object usually sets the whole value
     * @throws StoreException INVALID_ARGUMENT if a revision is skipped; STORE_FULL, STORE_FAILED, CORRUPT
     */
    public void accept(
            String id,
            long revision,
            String author,
            long timeMicros,
            long epoch,
            long position,
            ByteBuffer record,
            Operations change) {
        take(
                id,
                new ObjectTail.Accepted(revision, author, timeMicros, epoch, position),
                (tail, accepted) -> tail.add(accepted, digest, record, change));
    }

    /**
     * One accepted deletion: a tombstone, and from here on the state is {@code {}}. The object's numbers go on if it is
     * made again. As {@link #accept} in everything else.
     *
     * @param payload the bytes of the record, from position to limit
     */
    public void deleted(
            String id, long revision, String author, long timeMicros, long epoch, long position, ByteBuffer payload) {
        take(
                id,
                new ObjectTail.Accepted(revision, author, timeMicros, epoch, position),
                (tail, accepted) -> tail.addTombstone(accepted, digest, payload));
    }

    private interface Addition {
        void to(ObjectTail tail, ObjectTail.Accepted accepted);
    }

    private void take(String id, ObjectTail.Accepted accepted, Addition addition) {
        guarded(() -> {
            endMillisecondBefore(accepted.timeMicros());
            ObjectTail tail = tailOf(id);
            if (accepted.revision() > tail.revision()) {
                checkNext(id, accepted.revision(), tail);
                if (!tail.hasRun()) {
                    running.add(tail);
                }
                addition.to(tail, accepted);
            }
            reached = accepted.position();
        });
    }

    private static void checkNext(String id, long revision, ObjectTail tail) {
        if (revision != tail.revision() + 1) {
            throw new StoreException(
                    StoreCode.INVALID_ARGUMENT,
                    id + ": revision " + revision + " follows revision " + tail.revision()
                            + " of its files; the records between them are needed first");
        }
    }

    private ObjectTail tailOf(String id) throws IOException {
        ObjectTail known = tails.get(id);
        if (known != null) {
            return known;
        }
        ObjectTail read =
                ObjectTail.read(new ObjectFiles(disk, objects, id), marking.needsNoForce(), marking::published);
        tails.put(id, read);
        return read;
    }

    /** Everything up to this position was seen; there was no revision at it. */
    public void reached(long position, long timeMicros) {
        guarded(() -> {
            endMillisecondBefore(timeMicros);
            reached = position;
        });
    }

    private void endMillisecondBefore(long timeMicros) throws IOException {
        long now = Math.floorDiv(timeMicros, MICROS_PER_MILLI);
        if (now != millisecond) {
            publish();
            marking.moveIfDue(reached);
            millisecond = now;
        }
    }

    private void publish() throws IOException {
        for (ObjectTail tail : running) {
            marking.published(tail.publish());
        }
        running.clear();
        forgetOldest();
    }

    private void forgetOldest() {
        int over = tails.size() - options.objectsInMemory();
        for (var oldest = tails.entrySet().iterator(); over > 0 && oldest.hasNext(); over--) {
            Map.Entry<String, ObjectTail> entry = oldest.next();
            if (!entry.getValue().hasRun()) {
                oldest.remove();
            }
        }
    }

    /**
     * Publishes what is buffered and, if {@code markMillis} have passed, moves {@link #position}. Call it when there is
     * nothing to do; calling it within a millisecond of record time only makes smaller files.
     */
    public void flush() {
        guarded(() -> {
            publish();
            marking.moveNowIfDue(reached);
        });
    }

    /** Gives the newest file of every object its full state: the last polite leaver's parting gift. */
    public void fullStates() {
        guarded(() -> {
            publish();
            for (String name : disk.list(objects)) {
                String id = ObjectIds.idOf(disk, objects, name);
                if (!id.isEmpty()) {
                    tailOf(id).publishFullState(marking.forces()).ifPresent(marking::published);
                    forgetOldest();
                }
            }
            marking.move(reached);
        });
    }

    private interface Step {
        void run() throws IOException;
    }

    private void guarded(Step step) {
        if (failed) {
            throw new StoreException(
                    StoreCode.CLOSED, "checkpointer of " + store + " failed or was closed; open another");
        }
        boolean done = false;
        try {
            step.run();
            done = true;
        } catch (IOException e) {
            throw StoreException.of("store " + store, e);
        } finally {
            failed = !done;
        }
    }

    /** Publishes what is buffered and moves {@link #position} to all that was seen. */
    @Override
    public void close() {
        if (failed) {
            marking.abandon();
        } else {
            guarded(() -> {
                publish();
                marking.move(reached);
            });
        }
        failed = true;
    }
}
