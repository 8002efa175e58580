package dev.covey.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.covey.patch.FrozenTree;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Writes revisions without a mesh. Whoever needs to be the only one that follows a revision holds the object's lock from
 * looking to writing; who keeps the conflict needs nobody's leave.
 */
final class ObjectWriter {
    private static final AtomicLong WRITES = new AtomicLong();
    private static final long PROCESS = new SecureRandom().nextLong();
    private static final long MESH_WAIT_MILLIS = 5_000;

    private final Disk disk;
    private final Path store;
    private final Path objects;
    private final StoreOptions options;
    private final RecentFiles recent;
    private final StoreMembers members;
    private final ForcedDirectories directories;

    ObjectWriter(Disk disk, Path store, StoreOptions options) {
        this.disk = disk;
        this.store = store;
        this.objects = store.resolve(ObjectNames.OBJECTS);
        this.options = options;
        this.recent = new RecentFiles(disk);
        this.members = StoreMembers.of(disk, store);
        this.directories = new ForcedDirectories(disk, objects);
    }

    /** What to write after looking at the newest revision; null leaves the object as it is. */
    interface Decision {
        @Nullable
        Draft decide(ObjectFiles files, Optional<RevisionFile> newest) throws IOException;
    }

    /** A revision to be: {@code parent} is empty for the first. */
    record Draft(String parent, long parentTimeMicros, JsonNode value, boolean deleted, List<String> closes) {
        static Draft first(JsonNode value) {
            return new Draft("", 0, value, false, List.of());
        }

        static Draft after(RevisionFile parent, JsonNode value) {
            return new Draft(parent.rev().toString(), parent.last().timeMicros(), value, false, List.of());
        }

        Draft asTombstone() {
            return new Draft(parent, parentTimeMicros, FrozenTree.EMPTY_OBJECT, true, closes);
        }

        Draft closing(List<String> revs) {
            return new Draft(parent, parentTimeMicros, value, deleted, revs);
        }
    }

    ObjectFiles files(String id) {
        return new ObjectFiles(disk, objects, id, recent);
    }

    /** Looks, decides and writes while no other process does the same to this object. Empty if nothing was to be done. */
    Optional<StoredObject> exclusively(String id, Decision decision) throws IOException {
        ObjectFiles files = files(id);
        requireNoMesh();
        Disk.Held lock = disk.lock(store.resolve(ObjectNames.LOCKS), id.hashCode(), options.lockWaitMillis());
        if (lock == null) {
            throw new StoreException(
                    StoreCode.STORE_IN_USE,
                    id + ": another process has been writing it for " + options.lockWaitMillis()
                            + " ms; it may be stopped, let it go on or end it");
        }
        try (lock) {
            Draft draft = decision.decide(files, files.newestToFollow());
            return draft == null ? Optional.empty() : Optional.of(write(files, draft));
        }
    }

    /** Rule F3, by two witnesses (rule C7): somebody who is named there lives, or the lock is held. */
    void requireNoMesh() throws IOException {
        Optional<StoreMembers.Member> member = members.anybody();
        if (member.isPresent() || disk.ownedByMesh(store.resolve(ObjectNames.MESH_CLAIM), MESH_WAIT_MILLIS)) {
            throw new StoreException(
                    StoreCode.STORE_IN_USE,
                    store + ": a mesh owns this store"
                            + member.map(known -> ", " + known + " is one of its members")
                                    .orElse("")
                            + "; join that mesh to write, or wait until it ends");
        }
    }

    StoredObject write(ObjectFiles files, Draft draft) throws IOException {
        long number = draft.parent().isEmpty()
                ? 1
                : Rev.parse(draft.parent()).orElseThrow().number() + 1;
        long now = TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis());
        long time = Math.max(now, draft.parentTimeMicros());
        JsonNode value = FrozenTree.freeze(draft.value());
        Rev rev = new RevDigest().next(draft.parent(), number, unlikeAnyOther(value, time));
        StoredRevision revision = new StoredRevision(
                number, rev.toString(), options.author(), time, 0, 0, null, draft.deleted(), draft.closes());
        byte[] line = RevisionFormat.line(revision);
        files.publishUnique(
                new RevisionFile(files.id(), rev, draft.parent(), List.of(revision), value),
                RevisionFormat.file(files.id(), rev, number, draft.parent(), List.of(line), value));
        force(files.file(rev));
        return new StoredObject(files.id(), value, number, rev.toString(), options.author(), time, draft.deleted());
    }

    void force(Path published) throws IOException {
        if (options.durability() == Durability.FSYNC) {
            disk.force(published);
            directories.force(published);
        }
    }

    /** Two processes that write the same value at the same time have written two revisions. */
    private static ByteBuffer unlikeAnyOther(JsonNode value, long time) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(RevisionFormat.value(value));
        bytes.writeBytes(
                (" " + time + " " + PROCESS + " " + WRITES.getAndIncrement()).getBytes(StandardCharsets.US_ASCII));
        return ByteBuffer.wrap(bytes.toByteArray());
    }

    /** The value without the members that only name it. */
    static JsonNode withoutNames(JsonNode value) {
        if (!value.has("_id") && !value.has("_rev")) {
            return value;
        }
        ObjectNode copy = value.deepCopy();
        copy.remove(List.of("_id", "_rev"));
        return copy;
    }
}
