package dev.covey.store;

import com.fasterxml.jackson.databind.JsonNode;
import dev.covey.patch.FrozenTree;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** The revision files of one object. Holds no state but where they are: what others write is seen by the next call. */
final class ObjectFiles {
    private static final System.Logger LOG = System.getLogger(ObjectFiles.class.getName());
    private final Disk disk;
    private final String id;
    private final Path directory;

    ObjectFiles(Disk disk, Path objects, String id) {
        this.disk = disk;
        this.id = id;
        this.directory = objects.resolve(ObjectNames.directory(id));
    }

    String id() {
        return id;
    }

    Path directory() {
        return directory;
    }

    Path file(Rev rev) {
        return ObjectNames.group(directory, rev.number()).resolve(rev.toString());
    }

    /** The winner: of the whole files the one with the highest revision, then the highest name. */
    Optional<RevisionFile> newest() throws IOException {
        RevisionGroups groups = RevisionGroups.newestFirst(disk, directory);
        for (Optional<List<Rev>> group = groups.next(); group.isPresent(); group = groups.next()) {
            for (Rev rev : group.get()) {
                Optional<RevisionFile> whole = readIfWhole(rev);
                if (whole.isPresent()) {
                    return whole;
                }
            }
        }
        return Optional.empty();
    }

    /**
     * The file with this revision. Where two lines have one of that number, the file on the line that led to the newest
     * is looked for step by step from there.
     */
    Optional<RevisionFile> holding(long number) throws IOException {
        List<RevisionFile> found = new ArrayList<>();
        RevisionGroups groups = RevisionGroups.oldestFirst(disk, directory, number);
        boolean beyond = false;
        for (Optional<List<Rev>> group = groups.next(); group.isPresent() && !beyond; group = groups.next()) {
            for (Rev rev : group.get()) {
                Optional<RevisionFile> file = rev.number() < number || beyond ? Optional.empty() : read(rev);
                beyond |= file.isPresent() && file.get().from() > number;
                file.filter(each -> each.holds(number)).ifPresent(found::add);
            }
        }
        long lines = found.stream()
                .map(file -> file.revision(number).rev())
                .distinct()
                .count();
        return lines <= 1 ? found.stream().findFirst() : onTheWinningLine(number);
    }

    /** The revision of just this name: a file of its own, or inside a run. */
    Optional<StoredRevision> holdingExactly(Rev rev) throws IOException {
        Optional<RevisionFile> own = readIfWhole(rev);
        return own.isPresent()
                ? own.map(RevisionFile::last)
                : holding(rev.number())
                        .map(file -> file.revision(rev.number()))
                        .filter(found -> found.rev().equals(rev.toString()));
    }

    private Optional<RevisionFile> onTheWinningLine(long number) throws IOException {
        Optional<RevisionFile> file = newest();
        while (file.isPresent() && !file.get().holds(number)) {
            file = file.get().last().number() < number || file.get().previous().isEmpty()
                    ? Optional.empty()
                    : Optional.of(before(file.get()));
        }
        return file;
    }

    /** Empty if it is gone, or is no revision because it is damaged, which is told in the log. */
    Optional<RevisionFile> readIfWhole(Rev rev) throws IOException {
        try {
            return read(rev);
        } catch (StoreException damaged) {
            if (damaged.code() != StoreCode.CORRUPT) {
                throw damaged;
            }
            LOG.log(System.Logger.Level.WARNING, "passed over: " + damaged.getMessage());
            return Optional.empty();
        }
    }

    /** Empty if there is no such file; CORRUPT if it is damaged. */
    Optional<RevisionFile> read(Rev rev) throws IOException {
        Path file = file(rev);
        byte[] bytes;
        try {
            bytes = disk.read(file, 0, RevisionFormat.MAX_FILE_BYTES);
        } catch (NoSuchFileException gone) {
            return Optional.empty();
        }
        RevisionFile decoded = RevisionFormat.decode(file, rev, bytes);
        if (!decoded.id().equals(id)) {
            throw new StoreException(
                    StoreCode.CORRUPT,
                    file + " belongs to object \"" + decoded.id() + "\", expected \"" + id + "\"; move it away");
        }
        return Optional.of(decoded);
    }

    /** The state after the last revision of the file. */
    JsonNode valueOf(RevisionFile file) throws IOException {
        return file.value() != null ? file.value() : replay(file, file.last().number());
    }

    /** False for what retention took the beginning of. */
    boolean hasStateAt(RevisionFile file, long number) throws IOException {
        return number == file.last().number()
                || file.previous().isEmpty()
                || disk.exists(file(Rev.parse(file.previous()).orElseThrow()));
    }

    /** The state at a revision that the file holds. */
    JsonNode valueAt(RevisionFile file, long number) throws IOException {
        return number == file.last().number() ? valueOf(file) : replay(file, number);
    }

    private JsonNode replay(RevisionFile last, long upTo) throws IOException {
        Deque<RevisionFile> oldestFirst = new ArrayDeque<>();
        oldestFirst.push(last);
        RevisionFile file = last;
        JsonNode base = null;
        while (base == null && !file.previous().isEmpty()) {
            file = before(file);
            base = file.value();
            if (base == null) {
                oldestFirst.push(file);
            }
        }
        JsonNode value = base == null ? FrozenTree.EMPTY_OBJECT : base;
        for (RevisionFile next : oldestFirst) {
            value = apply(next, value, upTo);
        }
        return value;
    }

    /** The file that ends with the revision before this file's first. */
    RevisionFile before(RevisionFile file) throws IOException {
        Rev previous = Rev.parse(file.previous())
                .orElseThrow(() -> StoreException.corrupt(file(file.rev()), 0, "\"previous\" is no revision name"));
        return read(previous)
                .orElseThrow(() -> StoreException.corrupt(
                        file(previous), 0, "the file is missing, and revision " + file.rev() + " builds on it"));
    }

    private JsonNode apply(RevisionFile file, JsonNode before, long upTo) {
        JsonNode value = before;
        for (StoredRevision revision : file.run()) {
            if (revision.number() > upTo) {
                break;
            }
            JsonNode change = revision.change();
            JsonNode state = file.value();
            if (change != null) {
                value = Replay.apply(value, change);
            } else if (state != null) {
                value = state;
            }
        }
        return value;
    }

    /**
     * Publishes a file; harmless if it is there already. A torn file in its place is replaced.
     *
     * @return whether it is new
     */
    boolean publish(Rev rev, byte[] bytes) throws IOException {
        Path name = file(rev);
        Path unpublished = create(rev, bytes);
        try {
            boolean linked = disk.link(unpublished, name);
            if (!linked && readIfWhole(rev).isEmpty()) {
                disk.replace(unpublished, name);
                return true;
            }
            return linked;
        } finally {
            disk.delete(unpublished);
        }
    }

    /**
     * Puts a file that says more in the place of one that says the same, in one step. What was on the device must not be
     * replaced by what is not.
     */
    void replace(Rev rev, byte[] bytes, boolean force) throws IOException {
        Path unpublished = create(rev, bytes);
        if (force) {
            disk.force(unpublished);
        }
        disk.replace(unpublished, file(rev));
    }

    private Path create(Rev rev, byte[] bytes) throws IOException {
        Path unpublished = file(rev).resolveSibling(ObjectNames.unpublished());
        try {
            disk.create(unpublished, List.of(bytes).iterator());
        } catch (NoSuchFileException noDirectory) {
            disk.makeDirectories(ObjectNames.group(directory, rev.number()));
            disk.create(unpublished, List.of(bytes).iterator());
        }
        return unpublished;
    }
}
