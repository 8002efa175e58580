package dev.covey.store;

import com.fasterxml.jackson.databind.JsonNode;
import dev.covey.patch.FrozenTree;
import dev.covey.patch.Operations;
import dev.covey.store.ObjectMemory.Remembered;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The end of one object's history: its newest state and name, and the run of revisions that is not in a file yet.
 *
 * <p>A full state is due once 1,000 revisions and as many bytes of changes as the last full state took have been written
 * since it, so history costs at most twice its changes; and where a file ends with a deletion, which costs nothing. The rule counts only what the records say: two hosts that write
 * the same history write the same files.
 */
final class ObjectTail {
    static final int REVISIONS_PER_FULL_STATE = 1_000;

    private final ObjectFiles files;
    private JsonNode value = FrozenTree.EMPTY_OBJECT;
    private long revision;
    private String rev = "";
    private @Nullable StoredRevision last;

    private final List<byte[]> run = new ArrayList<>();
    private long runFrom;
    private String runPrevious = "";

    private long revisionsSinceFull;
    private long bytesSinceFull;
    private long fullBytes;

    private ObjectTail(ObjectFiles files) {
        this.files = files;
    }

    /**
     * From the files up to a revision. Those with revisions above the position {@code forced} are told: who wrote them may
     * have died before it forced them.
     */
    static ObjectTail read(ObjectFiles files, long upTo, long forced, Consumer<Path> unforced) throws IOException {
        ObjectTail tail = new ObjectTail(files);
        Optional<ObjectFiles.Standing> newest = files.newestStanding(upTo);
        if (newest.isPresent()) {
            RevisionFile file = newest.get().file();
            tail.standAt(file.last(), newest.get().value());
            tail.countSinceFull(file);
            tellAbove(forced, file, files, unforced);
        }
        return tail;
    }

    /**
     * From memory, where the files do not lead to it (rule F4); {@link #restoreFullState} is to follow. A file that bears this
     * very revision keeps its name. Otherwise the name is made of the newest whole file's before it and of the state itself,
     * as it cannot be made of a {@code _rev} that nobody knows: two states never have one name, and the same state after the
     * same past has the same, whichever host writes it.
     */
    static ObjectTail remembered(ObjectFiles files, Remembered memory, RevDigest digest) throws IOException {
        ObjectTail tail = new ObjectTail(files);
        Optional<RevisionFile> whole = files.newestWhole(memory.revision());
        Optional<RevisionFile> same = whole.filter(
                file -> file.last().number() == memory.revision() && file.last().position() == memory.position());
        if (same.isPresent()) {
            tail.standAt(same.get().last(), memory.value());
        } else {
            String before = files.newestWhole(memory.revision() - 1)
                    .map(file -> file.rev().toString())
                    .orElse("");
            String rev = digest.next(before, memory.revision(), stateOf(memory)).toString();
            tail.standAt(
                    new StoredRevision(
                            memory.revision(),
                            rev,
                            memory.author(),
                            memory.timeMicros(),
                            memory.epoch(),
                            memory.position(),
                            null,
                            memory.deleted(),
                            List.of()),
                    memory.value());
        }
        return tail;
    }

    private static ByteBuffer stateOf(Remembered memory) {
        byte[] position = (memory.position() + " ").getBytes(StandardCharsets.US_ASCII);
        byte[] value = RevisionFormat.value(memory.value());
        return ByteBuffer.allocate(position.length + value.length)
                .put(position)
                .put(value)
                .flip();
    }

    private void standAt(StoredRevision newest, JsonNode state) {
        last = newest;
        value = state;
        revision = newest.number();
        rev = newest.rev();
    }

    private static void tellAbove(long forced, RevisionFile newest, ObjectFiles files, Consumer<Path> unforced)
            throws IOException {
        Optional<RevisionFile> file = Optional.of(newest);
        while (file.isPresent() && file.get().last().position() > forced) {
            unforced.accept(files.file(file.get().rev()));
            file = file.get().previous().isEmpty() ? Optional.empty() : files.readIfWhole(files.previousOf(file.get()));
        }
    }

    private void countSinceFull(RevisionFile newest) throws IOException {
        RevisionFile file = newest;
        while (!file.standsAlone()) {
            count(file);
            file = files.before(file);
        }
        if (file.value() == null) {
            count(file);
        } else {
            fullBytes = sizeOf(file.value());
        }
    }

    private void count(RevisionFile file) {
        revisionsSinceFull += file.run().size();
        for (StoredRevision each : file.run()) {
            bytesSinceFull += RevisionFormat.line(each).length;
        }
    }

    private static long sizeOf(JsonNode value) {
        return RevisionFormat.value(value).length;
    }

    long revision() {
        return revision;
    }

    boolean hasRun() {
        return !run.isEmpty();
    }

    /** One more accepted revision, the next in number. */
    void add(Accepted accepted, RevDigest digest, ByteBuffer record, Operations change) {
        JsonNode after = change.applyTo(value);
        next(accepted, digest, record);
        value = after;
        append(accepted.stored(rev, change.toJsonPatch(), false));
    }

    /** The object was deleted: nothing is left of its state. */
    void addTombstone(Accepted accepted, RevDigest digest, ByteBuffer record) {
        next(accepted, digest, record);
        value = FrozenTree.EMPTY_OBJECT;
        append(accepted.stored(rev, null, true));
    }

    private void next(Accepted accepted, RevDigest digest, ByteBuffer record) {
        if (run.isEmpty()) {
            runFrom = accepted.revision();
            runPrevious = rev;
        }
        rev = digest.next(rev, accepted.revision(), record).toString();
        revision = accepted.revision();
    }

    private void append(StoredRevision stored) {
        byte[] line = RevisionFormat.line(stored);
        last = stored;
        run.add(line);
        revisionsSinceFull++;
        bytesSinceFull += line.length;
    }

    /** Publishes the run, with the full state if one is due. */
    Path publish() throws IOException {
        boolean full = newest().deleted()
                || runPrevious.isEmpty()
                || (revisionsSinceFull >= REVISIONS_PER_FULL_STATE && bytesSinceFull >= fullBytes);
        Rev name = Rev.parse(rev).orElseThrow();
        files.publish(
                name, runFrom, RevisionFormat.file(files.id(), name, runFrom, runPrevious, run, full ? value : null));
        run.clear();
        if (full) {
            countFull();
        }
        return files.file(name);
    }

    private void countFull() {
        revisionsSinceFull = 0;
        bytesSinceFull = 0;
        fullBytes = sizeOf(value);
    }

    private StoredRevision newest() {
        return Objects.requireNonNull(last, "no revision yet");
    }

    /** Whether the newest state can be had from the files. There must be no run. */
    boolean isInFiles() throws IOException {
        Optional<Rev> name = name();
        Optional<RevisionFile> file = name.isEmpty() ? Optional.empty() : files.readIfWhole(name.get());
        return name.isEmpty()
                || (file.isPresent() && files.valueAt(file.get(), revision).isPresent());
    }

    /** The newest file with its state added, if it has none. There must be no run. */
    Optional<Path> publishFullState(boolean force) throws IOException {
        return publishFullState(force, List.of());
    }

    /**
     * As {@link #publishFullState}, where the files do not lead to the newest state. Where the newest file cannot be read it
     * is made again, with its last revision alone. It closes the lines of meshes that ended where a file is missing: meshes
     * never leave a conflict.
     */
    Optional<Path> restoreFullState(boolean force) throws IOException {
        RevisionFile itself = new RevisionFile(files.id(), name().orElseThrow(), "", List.of(newest()), value);
        List<String> ended = files.openConflicts(itself).stream()
                .filter(end -> end.last().epoch() != 0)
                .map(end -> end.rev().toString())
                .toList();
        return publishFullState(force, ended);
    }

    private Optional<Path> publishFullState(boolean force, List<String> closes) throws IOException {
        Optional<Rev> name = name();
        Optional<RevisionFile> there = name.isEmpty() ? Optional.empty() : files.readIfWhole(name.get());
        if (name.isEmpty() || (there.isPresent() && there.get().value() != null)) {
            return Optional.empty();
        }
        RevisionFile file = there.isPresent() ? there.get() : alone(name.get());
        List<StoredRevision> run = new ArrayList<>(file.run());
        run.add(run.remove(run.size() - 1).closing(closes));
        List<byte[]> lines = run.stream().map(RevisionFormat::line).toList();
        files.replace(
                name.get(),
                RevisionFormat.file(file.id(), file.rev(), file.from(), file.previous(), lines, value),
                force);
        countFull();
        return Optional.of(files.file(name.get()));
    }

    private Optional<Rev> name() {
        return Rev.parse(rev);
    }

    private RevisionFile alone(Rev name) throws IOException {
        String previous = files.newestWhole(revision - 1)
                .map(file -> file.rev().toString())
                .orElse("");
        return new RevisionFile(files.id(), name, previous, List.of(newest()), value);
    }

    /** What a record says about one accepted revision, but its change. */
    record Accepted(long revision, String author, long timeMicros, long epoch, long position) {
        StoredRevision stored(String rev, @Nullable JsonNode change, boolean deleted) {
            return new StoredRevision(revision, rev, author, timeMicros, epoch, position, change, deleted, List.of());
        }
    }
}
