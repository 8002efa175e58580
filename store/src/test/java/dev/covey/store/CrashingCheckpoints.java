package dev.covey.store;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.covey.patch.FrozenTree;
import dev.covey.patch.Limits;
import dev.covey.patch.Operations;
import dev.covey.patch.Patch;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * One story of a host that writes revision files: it patches and deletes two objects, lets old files go, is followed by
 * another one, and says goodbye. The journal is not part of it: whoever comes next is fed again what is above the position.
 */
final class CrashingCheckpoints implements StoreCrashTest.Story {
    private static final Path STORE = Path.of("/store");
    private static final List<String> IDS = List.of("visits", "Alice ☃");
    private static final int RECORDS = 24;
    private static final int IMAGES = 4;
    private static final long NEVER = 1_000_000;

    private final boolean powerLoss;
    private final CheckpointOptions options;
    private final SplittableRandom random;
    private final List<Step> steps = new ArrayList<>();
    private final MemoryDisk disk = new MemoryDisk();
    private long position;

    /** A record of the journal, and the state after it; no change if it deletes the object. */
    private record Step(
            String id,
            long revision,
            long position,
            @Nullable Operations change,
            JsonNode after) {
        void feed(Checkpointer checkpointer) {
            ByteBuffer record = ByteBuffer.wrap(("record " + position).getBytes(US_ASCII));
            long time = position * 450;
            if (change == null) {
                checkpointer.deleted(id, revision, "me", time, 1, position, record);
            } else {
                checkpointer.accept(id, revision, "me", time, 1, position, record, change);
            }
        }
    }

    CrashingCheckpoints(long seed, Durability durability, boolean powerLoss) {
        this.powerLoss = powerLoss;
        this.random = new SplittableRandom(seed);
        this.options =
                CheckpointOptions.DEFAULT.withDurability(durability).withMarkMillis(random.nextBoolean() ? 0 : NEVER);
        JsonNode[] values = {FrozenTree.EMPTY_OBJECT, FrozenTree.EMPTY_OBJECT};
        long[] revisions = new long[values.length];
        for (int i = 1; i <= RECORDS; i++) {
            int which = random.nextInt(values.length);
            revisions[which]++;
            boolean delete = revisions[which] > 1 && random.nextInt(6) == 0;
            Operations change = delete ? null : change(values[which], i);
            values[which] = change == null ? FrozenTree.EMPTY_OBJECT : change.applyTo(values[which]);
            steps.add(new Step(IDS.get(which), revisions[which], i, change, values[which]));
        }
    }

    private static Operations change(JsonNode value, int i) {
        Patch patch = value.isEmpty() ? Patch.set("", ObjectStoreTest.json("n", i)) : Patch.inc("/n", 1);
        return patch.resolve(value, 0, Limits.DEFAULT).operations();
    }

    @Override
    public long playUntil(long step) {
        disk.stopAtStep(step);
        Optional<Checkpointer> working = Optional.empty();
        try {
            for (int life = 1; life <= 2; life++) {
                Checkpointer checkpointer = Checkpointer.open(disk, STORE, options);
                working = Optional.of(checkpointer);
                live(checkpointer, RECORDS * life / 2);
            }
            working.get().fullStates();
        } catch (MemoryDisk.Stopped cutOff) {
            // as intended
        }
        working.ifPresent(checkpointer -> position = Math.max(position, checkpointer.position()));
        return disk.steps();
    }

    private void live(Checkpointer checkpointer, int until) {
        for (Step step : steps.subList(0, until)) {
            if (step.position() > checkpointer.position()) {
                step.feed(checkpointer);
                act(checkpointer);
                position = Math.max(position, checkpointer.position());
            }
        }
    }

    private void act(Checkpointer checkpointer) {
        switch (random.nextInt(6)) {
            case 0 -> checkpointer.flush();
            case 1 -> Retainer.run(disk, STORE, Retention.EVERYTHING.withRevisions(3), () -> true);
            case 2 -> {
                if (random.nextInt(4) == 0) {
                    checkpointer.fullStates();
                }
            }
            default -> {}
        }
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
        ObjectStore store = ObjectStore.open(image, STORE, StoreOptions.DEFAULT);
        long known;
        try (Checkpointer again = Checkpointer.open(image, STORE, options)) {
            known = again.position();
            assertThat(known).as("the position").isGreaterThanOrEqualTo(position);
            for (String id : IDS) {
                newest(id, known).ifPresent(step -> checkHas(image, store, step));
            }
            steps.stream().filter(step -> step.position() > known).forEach(step -> step.feed(again));
        }
        for (String id : IDS) {
            newest(id, RECORDS).ifPresent(step -> checkIs(store, step));
        }
    }

    private Optional<Step> newest(String id, long upTo) {
        return steps.stream()
                .filter(step -> step.id().equals(id) && step.position() <= upTo)
                .reduce((earlier, later) -> later);
    }

    /** The state at the position can be had, or retention took it behind a newer one, and the power loss half of that. */
    private static void checkHas(MemoryDisk image, ObjectStore store, Step step) {
        Optional<StoredObject> found = Optional.empty();
        try {
            found = store.at(step.id(), step.revision());
        } catch (StoreException damaged) {
            assertThat(damaged.code()).isEqualTo(StoreCode.CORRUPT);
        }
        if (found.isPresent()) {
            assertThat(found.get().value()).as("%s", step).isEqualTo(step.after());
        } else {
            ObjectFiles files = new ObjectFiles(image, STORE.resolve(ObjectNames.OBJECTS), step.id());
            RevisionFile newest =
                    ObjectStore.reading(step.id(), files::newest).orElseThrow(() -> new AssertionError(step));
            assertThat(newest.rev().number()).as("%s", step).isGreaterThan(step.revision());
        }
    }

    private static void checkIs(ObjectStore store, Step step) {
        Optional<StoredObject> found = store.get(step.id());
        assertThat(found.isPresent()).as("%s", step).isEqualTo(step.change() != null);
        found.ifPresent(object -> {
            assertThat(object.revision()).isEqualTo(step.revision());
            assertThat(object.value()).as("%s", step).isEqualTo(step.after());
        });
    }
}
