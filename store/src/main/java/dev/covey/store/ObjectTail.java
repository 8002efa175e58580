package dev.covey.store;

import com.fasterxml.jackson.databind.JsonNode;
import dev.covey.patch.FrozenTree;
import dev.covey.patch.Operations;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
    private boolean deleted;

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
     * From the files. Those with revisions above the position {@code forced} are told: who wrote them may have died before it
     * forced them.
     */
    static ObjectTail read(ObjectFiles files, long forced, Consumer<Path> unforced) throws IOException {
        ObjectTail tail = new ObjectTail(files);
        Optional<ObjectFiles.Standing> newest = files.newestStanding();
        if (newest.isPresent()) {
            RevisionFile file = newest.get().file();
            tail.value = newest.get().value();
            tail.revision = file.rev().number();
            tail.rev = file.rev().toString();
            tail.deleted = file.last().deleted();
            tail.countSinceFull(file);
            tellAbove(forced, file, files, unforced);
        }
        return tail;
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
        next(accepted, digest, record);
        value = change.applyTo(value);
        deleted = false;
        append(accepted.stored(rev, change.toJsonPatch(), false));
    }

    /** The object was deleted: nothing is left of its state. */
    void addTombstone(Accepted accepted, RevDigest digest, ByteBuffer record) {
        next(accepted, digest, record);
        value = FrozenTree.EMPTY_OBJECT;
        deleted = true;
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
        run.add(line);
        revisionsSinceFull++;
        bytesSinceFull += line.length;
    }

    /** Publishes the run, with the full state if one is due. */
    Path publish() throws IOException {
        boolean full = deleted
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

    /** The newest file with its state added, if it has none. */
    Optional<Path> publishFullState(boolean force) throws IOException {
        Optional<RevisionFile> newest = files.newest();
        if (newest.isEmpty() || newest.get().value() != null) {
            return Optional.empty();
        }
        RevisionFile file = newest.get();
        List<byte[]> lines = file.run().stream().map(RevisionFormat::line).toList();
        JsonNode state = files.valueOf(file);
        files.replace(
                file.rev(),
                RevisionFormat.file(file.id(), file.rev(), file.from(), file.previous(), lines, state),
                force);
        countFull();
        return Optional.of(files.file(file.rev()));
    }

    /** What a record says about one accepted revision, but its change. */
    record Accepted(long revision, String author, long timeMicros, long epoch, long position) {
        StoredRevision stored(String rev, @Nullable JsonNode change, boolean deleted) {
            return new StoredRevision(revision, rev, author, timeMicros, epoch, position, change, deleted, List.of());
        }
    }
}
