package dev.covey.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/** One story of an object store that does all it can do, the same for the same seed; knows what it was told. */
final class CrashingObjects implements StoreCrashTest.Story {
    private static final Path HERE = Path.of("/store");
    private static final Path ELSEWHERE = Path.of("/elsewhere");
    private static final Path ANCESTOR = Path.of("/ancestor");
    private static final List<String> IDS = List.of("visits", "Alice ☃");
    private static final int ACTIONS = 16;
    private static final int IMAGES = 4;

    private final SplittableRandom random;
    private final boolean powerLoss;
    private final StoreOptions options;
    private final MemoryDisk disk = new MemoryDisk();
    /** By object: what must be there, but for what a retention that was cut off may have taken. */
    private final Map<String, Set<String>> acknowledged = new HashMap<>();

    CrashingObjects(long seed, Durability durability, boolean powerLoss) {
        this.random = new SplittableRandom(seed);
        this.powerLoss = powerLoss;
        this.options = StoreOptions.DEFAULT.withDurability(durability);
        IDS.forEach(id -> acknowledged.put(id, new HashSet<>()));
    }

    @Override
    public long playUntil(long step) {
        disk.stopAtStep(step);
        try {
            ObjectStore store = ObjectStore.open(disk, HERE, options);
            ObjectStore other = ObjectStore.open(disk, ELSEWHERE, options);
            for (int i = 0; i < ACTIONS; i++) {
                act(store, other, IDS.get(random.nextInt(IDS.size())), i);
            }
        } catch (MemoryDisk.Stopped cutOff) {
            // as intended
        }
        return disk.steps();
    }

    private void act(ObjectStore store, ObjectStore other, String id, int i) {
        Optional<StoredObject> found = store.get(id);
        ObjectNode value = ObjectStoreTest.json("count", i);
        switch (random.nextInt(10)) {
            case 0 -> sync(store, other, id, value);
            case 1 -> importAncestor(store, i);
            case 2 -> retain(store);
            case 3 -> found.ifPresent(object -> told(store.delete(id, object.rev())));
            case 4 -> found.ifPresent(object -> told(store.resolve(id, value)));
            case 5 -> store.closeCaptured(id);
            case 6, 7 -> found.ifPresent(object -> told(keepConflict(store, object, value)));
            case 8 -> told(store.upsert(id, value));
            default -> told(found.isPresent() ? store.update(found.get(), value) : store.create(id, value));
        }
    }

    private void told(StoredObject written) {
        of(written.id()).add(written.rev());
    }

    private Set<String> of(String id) {
        return java.util.Objects.requireNonNull(acknowledged.get(id));
    }

    private StoredObject keepConflict(ObjectStore store, StoredObject read, ObjectNode value) {
        List<StoredRevision> revisions = store.revisions(read.id()).toList();
        String parent = revisions.get(random.nextInt(revisions.size())).rev();
        return store.updateKeepingConflict(read.id(), value, parent);
    }

    private static Set<String> all(ObjectStore store, String id) {
        Set<String> all = new HashSet<>();
        store.revisions(id).forEach(revision -> all.add(revision.rev()));
        return all;
    }

    private void sync(ObjectStore store, ObjectStore other, String id, ObjectNode value) {
        other.upsert(id, value);
        store.sync(other);
        IDS.forEach(each -> of(each).addAll(all(other, each)));
    }

    private void importAncestor(ObjectStore store, int i) {
        Path file = ANCESTOR.resolve("visits/" + i + "-" + "a".repeat(32));
        try {
            disk.makeDirectories(ANCESTOR.resolve("visits"));
            disk.create(
                    file,
                    List.of(("{\"_id\":\"visits\",\"n\":" + i + "}").getBytes(UTF_8))
                            .iterator());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        store.importFrom(ANCESTOR);
        of("visits").add((i + 1) + "-" + "a".repeat(32));
    }

    /** What may go is no longer required before anything goes. */
    private void retain(ObjectStore store) {
        for (String id : IDS) {
            Set<String> kept = new HashSet<>();
            all(store, id).stream()
                    .max((left, right) -> Rev.parse(left)
                            .orElseThrow()
                            .compareTo(Rev.parse(right).orElseThrow()))
                    .ifPresent(kept::add);
            store.conflicts(id).forEach(conflict -> kept.add(conflict.object().rev()));
            of(id).retainAll(kept);
        }
        Retainer.run(disk, HERE, Retention.EVERYTHING.withRevisions(1), () -> true);
    }

    @Override
    public int check() {
        SplittableRandom choices = random.split();
        for (int i = 0; i < IMAGES; i++) {
            check(powerLoss ? disk.afterPowerLoss(choices) : disk.afterDeath());
        }
        return IMAGES;
    }

    private void check(MemoryDisk image) {
        ObjectStore store = ObjectStore.open(image, HERE, options);
        for (String id : IDS) {
            List<String> whole = whole(image, id);
            assertThat(whole).as("of %s", id).containsAll(of(id));
            Optional<StoredObject> found = store.get(id);
            if (found.isPresent()) {
                assertThat(found.get().rev()).isEqualTo(whole.get(whole.size() - 1));
            }
            store.conflicts(id)
                    .forEach(conflict ->
                            assertThat(whole).contains(conflict.object().rev()));
            StoredObject after = store.upsert(id, ObjectStoreTest.json("after", 1));
            assertThat(store.get(id)).contains(after);
        }
    }

    /** In the order of the winners. */
    private static List<String> whole(MemoryDisk image, String id) {
        ObjectFiles files = new ObjectFiles(image, HERE.resolve(ObjectNames.OBJECTS), id);
        return ObjectStore.reading(id, () -> {
            List<String> whole = new ArrayList<>();
            RevisionGroups groups = RevisionGroups.oldestFirst(image, files.directory(), 0);
            for (var group = groups.next(); group.isPresent(); group = groups.next()) {
                for (Rev rev : group.get()) {
                    files.readIfWhole(rev).ifPresent(file -> whole.add(rev.toString()));
                }
            }
            return whole;
        });
    }
}
