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
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The revision files of one object. Holds no state but where they are: what others write is seen by the next call. */
final class ObjectFiles {
    private static final ToldOnce LOG = new ToldOnce(System.getLogger(ObjectFiles.class.getName()));
    /** A file that is larger must end like one before it is read as a whole. */
    private static final int LARGE_BYTES = 1 << 20;

    private final Disk disk;
    private final String id;
    private final Path directory;
    private final Quarantine quarantine;
    private final @Nullable RecentFiles recent;

    ObjectFiles(Disk disk, Path objects, String id) {
        this(disk, objects, id, null);
    }

    ObjectFiles(Disk disk, Path objects, String id, @Nullable RecentFiles recent) {
        this.disk = disk;
        this.id = id;
        this.recent = recent;
        this.directory = objects.resolve(ObjectNames.directory(id));
        this.quarantine = new Quarantine(disk, Objects.requireNonNull(objects.getParent()));
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
        return newest(this::readIfWhole);
    }

    /** As {@link #newest}, for who writes after it: a file that was whole a short while ago is not read again. */
    Optional<RevisionFile> newestToFollow() throws IOException {
        return newest(this::rememberedOr);
    }

    private interface Source {
        Optional<RevisionFile> read(Rev rev) throws IOException;
    }

    private Optional<RevisionFile> newest(Source source) throws IOException {
        RevisionGroups groups = recent == null
                ? RevisionGroups.newestFirst(disk, directory)
                : RevisionGroups.newestFirst(disk, recent.subdirectories(), directory);
        for (Optional<List<Rev>> group = groups.next(); group.isPresent(); group = groups.next()) {
            for (Rev rev : group.get()) {
                Optional<RevisionFile> whole = source.read(rev);
                if (whole.isPresent()) {
                    return whole;
                }
            }
        }
        return Optional.empty();
    }

    private Optional<RevisionFile> rememberedOr(Rev rev) throws IOException {
        RevisionFile remembered = recent == null ? null : recent.getIfSame(disk, file(rev));
        return remembered == null ? readIfWhole(rev) : Optional.of(remembered);
    }

    /**
     * The file with this revision. Where two lines have one of that number, the file on the line that led to the newest
     * is looked for step by step from there. CORRUPT if it is not there, but a damaged file that may have had it is.
     */
    Optional<RevisionFile> holding(long number) throws IOException {
        List<RevisionFile> found = new ArrayList<>();
        RevisionGroups groups = RevisionGroups.oldestFirst(disk, directory, number);
        boolean beyond = false;
        StoreException damage = null;
        for (Optional<List<Rev>> group = groups.next(); group.isPresent() && !beyond; group = groups.next()) {
            for (Rev rev : group.get()) {
                try {
                    Optional<RevisionFile> file = rev.number() < number || beyond ? Optional.empty() : read(rev);
                    beyond |= file.isPresent() && file.get().from() > number;
                    file.filter(each -> each.holds(number)).ifPresent(found::add);
                } catch (StoreException damaged) {
                    damage = damaged;
                }
            }
        }
        if (found.isEmpty() && damage != null) {
            throw damage;
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
            LOG.warn("passed over: " + damaged.getMessage());
            return Optional.empty();
        }
    }

    /** Empty if there is no such file; CORRUPT if it is damaged. What is no file at all is passed over, and told once. */
    Optional<RevisionFile> read(Rev rev) throws IOException {
        Path file = file(rev);
        try {
            byte[] bytes = bytesOf(file);
            RevisionFile decoded = RevisionFormat.decode(file, rev, bytes);
            if (!decoded.id().equals(id)) {
                throw new StoreException(
                        StoreCode.CORRUPT,
                        file + " belongs to object \"" + decoded.id() + "\", expected \"" + id + "\"; move it away");
            }
            if (recent != null) {
                recent.put(file, decoded, bytes);
            }
            return Optional.of(decoded);
        } catch (NoSuchFileException gone) {
            return Optional.empty();
        } catch (NotRegularFileException noRevision) {
            LOG.warn("passed over: " + noRevision.getMessage());
            return Optional.empty();
        }
    }

    private byte[] bytesOf(Path file) throws IOException {
        byte[] start = disk.read(file, 0, LARGE_BYTES);
        if (start.length < LARGE_BYTES) {
            return start;
        }
        long size = disk.size(file);
        byte[] end = disk.read(file, size - RevisionFormat.CRC_LINE_BYTES, RevisionFormat.CRC_LINE_BYTES);
        if (size > RevisionFormat.MAX_FILE_BYTES || !RevisionFormat.isEnd(end)) {
            throw StoreException.corrupt(
                    file,
                    size,
                    "it does not end as a revision file does, or is larger than " + RevisionFormat.MAX_FILE_BYTES
                            + " bytes");
        }
        return disk.read(file, 0, RevisionFormat.MAX_FILE_BYTES);
    }

    /** The state after the last revision of the file. */
    JsonNode valueOf(RevisionFile file) throws IOException {
        Optional<JsonNode> value = valueAt(file, file.last().number());
        if (value.isEmpty()) {
            throw StoreException.corrupt(
                    file(brokenAt(file)), 0, "missing or damaged, and revision " + file.rev() + " builds on it");
        }
        return value.get();
    }

    /** A file and the state after it. */
    record Standing(RevisionFile file, JsonNode value) {}

    /**
     * The newest file whose state can be had. After a power loss there may be newer ones that build on what was never
     * forced; whoever wrote them has not counted on them.
     */
    Optional<Standing> newestStanding() throws IOException {
        return newestStanding(Long.MAX_VALUE);
    }

    /** As {@link #newestStanding()}, of the revisions up to a number. */
    Optional<Standing> newestStanding(long upTo) throws IOException {
        RevisionGroups groups = RevisionGroups.newestFirst(disk, directory);
        long most = upTo;
        for (Optional<List<Rev>> group = groups.next(); group.isPresent(); group = groups.next()) {
            for (Rev rev : group.get()) {
                Optional<RevisionFile> file = rev.number() <= most ? readIfWhole(rev) : Optional.empty();
                if (file.isPresent()) {
                    Optional<JsonNode> value = valueAt(file.get(), rev.number());
                    if (value.isPresent()) {
                        return Optional.of(new Standing(file.get(), value.get()));
                    }
                    most = brokenAt(file.get()).number() - 1;
                    LOG.warn("passed over: " + file(rev) + " builds on a missing file");
                }
            }
        }
        return Optional.empty();
    }

    /** The newest whole file of the revisions up to a number, whether or not its state can be had. */
    Optional<RevisionFile> newestWhole(long upTo) throws IOException {
        return newest(rev -> rev.number() <= upTo ? readIfWhole(rev) : Optional.empty());
    }

    /**
     * Puts aside what claims to be a revision of a mesh above this number, which no mesh can have accepted.
     *
     * @param isNewest asked when a file was read, so that what a later host wrote is left alone by one that was frozen
     */
    int putAsideAbove(long number, BooleanSupplier isNewest) throws IOException {
        int found = 0;
        RevisionGroups groups = RevisionGroups.newestFirst(disk, directory);
        for (Optional<List<Rev>> group = groups.next(); group.isPresent(); group = groups.next()) {
            for (Rev rev : group.get()) {
                if (rev.number() <= number) {
                    return found;
                }
                Optional<RevisionFile> file = readIfWhole(rev);
                boolean foreign = (file.isEmpty() || file.get().last().epoch() != 0) && isNewest.getAsBoolean();
                found += foreign && quarantine.putAside(file(rev)) ? 1 : 0;
            }
        }
        return found;
    }

    /** The ends of all lines but the winning one that no revision closes. */
    List<RevisionFile> openConflicts(RevisionFile winner) throws IOException {
        return OpenConflicts.of(disk, this, winner);
    }

    /** Notes that the files were no good, and with which revision the object goes on. */
    void note(long revision, String found) throws IOException {
        quarantine.note(id, revision, found);
    }

    private Rev brokenAt(RevisionFile last) throws IOException {
        Optional<RevisionFile> file = Optional.of(last);
        Rev looked = last.rev();
        while (file.isPresent() && !file.get().standsAlone()) {
            looked = previousOf(file.get());
            file = readIfWhole(looked);
        }
        return looked;
    }

    /** The state at a revision that the file holds; empty if retention took, or takes, what it builds on. */
    Optional<JsonNode> valueAt(RevisionFile file, long number) throws IOException {
        return file.value() != null && number == file.last().number()
                ? Optional.of(file.value())
                : replay(file, number);
    }

    private Optional<JsonNode> replay(RevisionFile last, long upTo) throws IOException {
        Deque<RevisionFile> oldestFirst = new ArrayDeque<>();
        oldestFirst.push(last);
        RevisionFile file = last;
        JsonNode base = null;
        while (base == null && !file.previous().isEmpty()) {
            Optional<RevisionFile> previous = readIfWhole(previousOf(file));
            if (previous.isEmpty()) {
                return Optional.empty();
            }
            file = previous.get();
            base = file.value();
            if (base == null) {
                oldestFirst.push(file);
            }
        }
        JsonNode value = base == null ? FrozenTree.EMPTY_OBJECT : base;
        for (RevisionFile next : oldestFirst) {
            value = apply(next, value, upTo);
        }
        return Optional.of(value);
    }

    /** The file that ends with the revision before this file's first. */
    RevisionFile before(RevisionFile file) throws IOException {
        Rev previous = previousOf(file);
        return read(previous)
                .orElseThrow(() -> StoreException.corrupt(
                        file(previous), 0, "the file is missing, and revision " + file.rev() + " builds on it"));
    }

    Rev previousOf(RevisionFile file) {
        return Rev.parse(file.previous())
                .orElseThrow(() -> StoreException.corrupt(file(file.rev()), 0, "\"previous\" is no revision name"));
    }

    private JsonNode apply(RevisionFile file, JsonNode before, long upTo) {
        JsonNode value = before;
        for (StoredRevision revision : file.run()) {
            if (revision.number() > upTo) {
                break;
            }
            JsonNode change = revision.change();
            JsonNode state = file.value();
            if (revision.deleted()) {
                value = FrozenTree.EMPTY_OBJECT;
            } else if (change != null) {
                value = Replay.apply(value, change);
            } else if (state != null) {
                value = state;
            }
        }
        return value;
    }

    /**
     * Publishes a file; harmless if it is there already. In its place a torn file is replaced, and one whose run begins
     * later: what that builds on may have been lost with the power.
     *
     * @param from number of the first revision in the file
     * @return whether it is new
     */
    boolean publish(Rev rev, long from, byte[] bytes) throws IOException {
        Path name = file(rev);
        Path unpublished = create(rev, bytes);
        try {
            boolean linked = disk.link(unpublished, name);
            if (!linked && !isThere(rev, from)) {
                makeWay(rev);
                disk.force(unpublished);
                disk.replace(unpublished, name);
                return true;
            }
            return linked;
        } finally {
            disk.delete(unpublished);
        }
    }

    private boolean isThere(Rev rev, long from) throws IOException {
        Optional<RevisionFile> found = readIfWhole(rev);
        return found.isPresent() && (found.get().from() <= from || found.get().standsAlone());
    }

    /** What is damaged, or no file at all, is put aside; what is whole is replaced by what says more. */
    private void makeWay(Rev rev) throws IOException {
        if (readIfWhole(rev).isEmpty()) {
            quarantine.putAside(file(rev));
        }
    }

    /** Publishes a file whose name nobody else can have thought of, in one step less. */
    void publishUnique(RevisionFile file, byte[] bytes) throws IOException {
        Path name = file(file.rev());
        Path unpublished = create(file.rev(), bytes);
        boolean named = false;
        try {
            disk.replace(unpublished, name);
            named = true;
        } finally {
            if (!named) {
                disk.delete(unpublished);
            }
        }
        if (recent != null) {
            recent.put(name, file, bytes);
        }
    }

    /**
     * Puts a file that says more in the place of one that says the same, in one step. What was on the device must not be
     * replaced by what is not.
     */
    void replace(Rev rev, byte[] bytes, boolean force) throws IOException {
        makeWay(rev);
        Path unpublished = create(rev, bytes);
        if (force) {
            disk.force(unpublished);
        }
        disk.replace(unpublished, file(rev));
    }

    private Path create(Rev rev, byte[] bytes) throws IOException {
        Path unpublished = file(rev).resolveSibling(ObjectNames.unpublished());
        Path group = ObjectNames.group(directory, rev.number());
        if (disk.kind(directory) == Disk.Kind.OTHER) {
            makeDirectory(group);
        }
        try {
            disk.create(unpublished, List.of(bytes).iterator());
        } catch (IOException failed) {
            boolean wasMissing = failed instanceof NoSuchFileException;
            if (!wasMissing && disk.kind(group) == Disk.Kind.DIRECTORY) {
                throw failed;
            }
            makeDirectory(group);
            disk.create(unpublished, List.of(bytes).iterator());
        }
        return unpublished;
    }

    /** What is in the place of a directory on the way is put aside. */
    private void makeDirectory(Path group) throws IOException {
        for (Path way = group; way.startsWith(directory); way = Objects.requireNonNull(way.getParent())) {
            Disk.Kind kind = disk.kind(way);
            if (kind == Disk.Kind.FILE || kind == Disk.Kind.OTHER) {
                quarantine.putAside(way);
            }
        }
        disk.makeDirectories(group);
    }
}
