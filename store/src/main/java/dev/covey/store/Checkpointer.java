package dev.covey.store;

import dev.covey.patch.Operations;
import dev.covey.store.ObjectMemory.Remembered;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Turns the records of a mesh into revision files, on one thread of the host.
 *
 * <p>It is fed every record after {@link #position}, in order. A file ends at the last revision of a millisecond of the
 * records' own time, and its name follows from the records too; so a successor that is fed the same records again, or an
 * old host that has not noticed yet, writes the same files, and whoever comes second finds them there.
 *
 * <p>A disk error leaves it unusable, for what was buffered may be half written: close it and open another, which begins
 * again after {@link #position}. Nothing is lost by that, the journal has it all.
 *
 * <p>Damage that concerns one object is no disk error (rule F4), if there is a memory to go on from: that object is noted in
 * the store's quarantine and gone on with from memory, at once or as soon as its directory can be written again. All others,
 * and {@link #position}, go on meanwhile.
 */
public final class Checkpointer implements AutoCloseable {
    private static final long MICROS_PER_MILLI = 1_000;

    private final Disk disk;
    private final Path store;
    private final Path objects;
    private final CheckpointOptions options;
    private final RevDigest digest = new RevDigest();
    private final LinkedHashMap<String, ObjectTail> tails = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<String, ObjectTail> running = new LinkedHashMap<>();
    private final Marking marking;
    private final @Nullable ObjectMemory memory;
    private final OutOfReach outOfReach;
    private long millisecond = Long.MIN_VALUE;
    private long reached;
    private boolean failed;

    private Checkpointer(
            Disk disk, Path store, CheckpointOptions options, @Nullable ObjectMemory memory, long committed)
            throws IOException {
        this.disk = disk;
        this.store = store;
        this.objects = store.resolve(ObjectNames.OBJECTS);
        this.options = options;
        this.memory = memory;
        this.outOfReach = new OutOfReach(disk, store);
        this.marking = new Marking(disk, store, objects, options, committed);
        this.reached = marking.position();
    }

    /** Opens a store directory for the host; creates it with mode 0700 where missing. Damage of any object is an error. */
    public static Checkpointer open(Path storeDirectory, CheckpointOptions options) {
        return open(LocalDisk.INSTANCE, storeDirectory, options, null, Long.MAX_VALUE);
    }

    /**
     * As {@link #open(Path, CheckpointOptions)}, and damage of an object concerns that object alone.
     *
     * @param memory what such an object is gone on from
     * @param committed position up to which the mesh has committed; a mark that says more is not believed
     */
    public static Checkpointer open(
            Path storeDirectory, CheckpointOptions options, ObjectMemory memory, long committed) {
        return open(LocalDisk.INSTANCE, storeDirectory, options, memory, committed);
    }

    static Checkpointer open(Disk disk, Path store, CheckpointOptions options) {
        return open(disk, store, options, null, Long.MAX_VALUE);
    }

    static Checkpointer open(
            Disk disk, Path store, CheckpointOptions options, @Nullable ObjectMemory memory, long committed) {
        try {
            disk.openDirectory(store);
            Quarantine.openObjects(disk, store);
            return new Checkpointer(disk, store, options, memory, committed);
        } catch (IOException e) {
            throw StoreException.of("store " + store, e);
        }
    }

    /** {@link #position} as the store has it, without opening it; 0 if it says none. */
    public static long markOf(Path storeDirectory) {
        try {
            return CheckpointMark.read(LocalDisk.INSTANCE, storeDirectory);
        } catch (IOException e) {
            throw StoreException.of("store " + storeDirectory, e);
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
            alone(id, () -> {
                ObjectTail tail = tailOf(id);
                if (accepted.revision() > tail.revision()) {
                    checkNext(id, accepted.revision(), tail);
                    addition.to(tail, accepted);
                    running.put(id, tail);
                }
            });
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
        ObjectTail read = read(files(id));
        tails.put(id, read);
        return read;
    }

    /** What claims to be newer than the newest committed revision is of no mesh that is known here. */
    private ObjectTail read(ObjectFiles files) throws IOException {
        long newest = Long.MAX_VALUE;
        if (memory != null) {
            Remembered remembered = memory.object(files.id());
            newest = remembered == null ? 0 : remembered.revision();
            if (files.putAsideAbove(newest, memory::isNewest) > 0) {
                files.note(newest, "files with a higher revision than the mesh has ever accepted were put aside");
            }
        }
        return ObjectTail.read(files, newest, marking.needsNoForce(), marking::published);
    }

    private ObjectFiles files(String id) {
        return new ObjectFiles(disk, objects, id);
    }

    /** Does what concerns one object. What goes wrong with that object alone is mended from memory (rule F4). */
    private void alone(String id, Step step) throws IOException {
        if (memory == null) {
            step.run();
        } else if (outOfReach.isTimeFor(id)) {
            try {
                step.run();
            } catch (IOException | RuntimeException failed) {
                mend(id, failed);
            }
        }
    }

    private void mend(String id, Exception failed) throws IOException {
        outOfReach.requireConcernsOnlyOne(failed);
        tails.remove(id);
        running.remove(id);
        try {
            goOnFromMemory(id, OutOfReach.reason(failed));
        } catch (IOException | RuntimeException again) {
            outOfReach.requireConcernsOnlyOne(again);
            outOfReach.add(id, again);
        }
    }

    private void goOnFromMemory(String id, String why) throws IOException {
        Remembered remembered = Objects.requireNonNull(memory).object(id);
        if (remembered != null) {
            ObjectTail tail = ObjectTail.remembered(files(id), remembered, digest);
            tail.restoreFullState(marking.forces()).ifPresent(marking::published);
            tails.put(id, tail);
            files(id).note(tail.revision(), why);
            outOfReach.remove(id);
        }
    }

    /**
     * Looks whether the files of an object lead to its newest state, and writes that where they do not. Nothing is known from
     * looking of what was not handed in yet.
     */
    public void verify(String id) {
        guarded(() -> {
            alone(id, () -> verifyAlone(id));
            forgetOldest();
        });
    }

    /** What was not in memory does not stay there for having been looked at. */
    private void verifyAlone(String id) throws IOException {
        Remembered remembered = memory == null ? null : memory.object(id);
        if (remembered == null || running.containsKey(id) || !isDue(id, remembered)) {
            return;
        }
        ObjectTail known = tails.get(id);
        ObjectTail tail = known != null ? known : read(files(id));
        if (tail.revision() < remembered.revision() && remembered.position() <= reached) {
            throw StoreException.missing(id, tail.revision(), remembered.revision());
        }
        if (!tail.isInFiles()) {
            tail.restoreFullState(marking.forces()).ifPresent(marking::published);
            files(id).note(tail.revision(), "its files did not lead to its newest state any more");
        }
    }

    /** What is to be in the files by now. */
    private boolean isDue(String id, Remembered remembered) {
        return tails.containsKey(id) || remembered.position() <= reached;
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
        if (!running.isEmpty() && disk.kind(objects) == Disk.Kind.OTHER) {
            throw new StoreException(
                    StoreCode.INSECURE_DIRECTORY,
                    objects + " became a link under the mesh; it is not followed, put the directory back");
        }
        for (Map.Entry<String, ObjectTail> each : List.copyOf(running.entrySet())) {
            alone(each.getKey(), () -> marking.published(each.getValue().publish()));
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
            for (String id : ids()) {
                alone(id, () -> giveFullState(id));
                forgetOldest();
            }
            marking.move(reached);
        });
    }

    private Iterable<String> ids() throws IOException {
        return memory == null ? ObjectIds.all(disk, objects) : memory.ids();
    }

    private void giveFullState(String id) throws IOException {
        verifyAlone(id);
        tailOf(id).publishFullState(marking.forces()).ifPresent(marking::published);
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
