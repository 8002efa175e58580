package dev.covey.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * One story of a journal, the same for the same seed: hosts follow one another, each appends and acknowledges, some are
 * deposed while they still write. Knows what was acknowledged, and checks it wherever the story was cut off.
 */
final class CrashingHost {
    private static final Path DIRECTORY = Path.of("/store/journal");
    private static final int EPOCHS = 3;
    private static final int ACTIONS = 14;
    private static final int IMAGES = 6;
    private static final int PAYLOAD_BYTES = 1_500;

    private final long seed;
    private final Durability durability;
    private final boolean powerLoss;
    private boolean recoversWithoutForce;
    private final JournalOptions options;
    private final SplittableRandom random;
    private final MemoryDisk disk = new MemoryDisk();
    /** Which epoch's record is the true one at each position; index 0 is not used. */
    private final List<Long> acknowledged = new ArrayList<>(List.of(0L));

    /** How a story ended that nothing cut off. */
    record Outcome(long steps) {}

    CrashingHost(long seed, Durability durability, boolean powerLoss) {
        this.seed = seed;
        this.durability = durability;
        this.powerLoss = powerLoss;
        this.options = JournalOptions.DEFAULT
                .withDurability(durability)
                .withSegmentBytes(JournalOptions.MIN_SEGMENT_BYTES)
                .withSpares(false);
        this.random = new SplittableRandom(seed);
    }

    /** The mutant: who recovers believes what it reads and does not force it (rule J2). */
    CrashingHost recoveringWithoutForce() {
        recoversWithoutForce = true;
        return this;
    }

    Outcome runToTheEnd() {
        play();
        return new Outcome(disk.steps());
    }

    /** Plays until the disk stops at this step; returns how many cut states were looked at. */
    int stopAt(long step) {
        disk.stopAtStep(step);
        try {
            play();
        } catch (MemoryDisk.Stopped cutOff) {
            // as intended
        }
        SplittableRandom choices = new SplittableRandom(seed * 31 + step);
        for (int i = 0; i < IMAGES; i++) {
            check(powerLoss ? disk.afterPowerLoss(choices) : withRecordInTheMaking(choices), step);
        }
        return IMAGES;
    }

    private void play() {
        Journal journal = Journal.open(disk, DIRECTORY, options);
        journal.recover(false);
        JournalWriter deposed = null;
        for (int epoch = 1; epoch <= EPOCHS; epoch++) {
            if (epoch > 1 && random.nextInt(3) == 0) {
                if (deposed != null && options.forces()) {
                    killInForce(deposed);
                }
                bornAgain(journal);
                deposed = null;
            }
            JournalWriter writer = journal.begin(epoch, lastAcknowledged() + 1, new byte[] {(byte) epoch});
            for (int i = 0; i < ACTIONS; i++) {
                act(journal, writer, deposed);
            }
            deposed = writer;
        }
    }

    private void killInForce(JournalWriter writer) {
        append(writer, 1 + random.nextInt(3));
        disk.killInForce();
        try {
            writer.force();
        } catch (MemoryDisk.Stopped killed) {
            disk.requireRunning();
        }
    }

    /** All processes died; the next one believes what it finds, so from here on all of it counts as acknowledged. */
    private void bornAgain(Journal journal) {
        long base = Snapshots.open(disk, DIRECTORY, durability)
                .latest()
                .map(SnapshotFile::position)
                .orElse(0L);
        disk.ignoreForces(recoversWithoutForce);
        JournalEnd end = journal.recover(false, base);
        disk.ignoreForces(false);
        try (JournalReader reader = journal.reader(lastAcknowledged())) {
            while (reader.next(end.epoch(), end.position())) {
                acknowledged.add(reader.epoch());
            }
        }
    }

    private long lastAcknowledged() {
        return acknowledged.size() - 1L;
    }

    private void act(Journal journal, JournalWriter writer, @org.jspecify.annotations.Nullable JournalWriter deposed) {
        switch (random.nextInt(10)) {
            case 0 -> snapshotAndRemove(journal, writer.epoch());
            case 1 -> journal.prepareSpare();
            case 2 -> {
                if (deposed != null) {
                    append(deposed, 1 + random.nextInt(4));
                    deposed.force();
                }
            }
            case 3 -> append(writer, 1 + random.nextInt(3));
            default -> {
                append(writer, 1 + random.nextInt(3));
                writer.force();
                while (lastAcknowledged() < writer.position()) {
                    acknowledged.add(writer.epoch());
                }
            }
        }
    }

    private void append(JournalWriter writer, int count) {
        for (int i = 0; i < count; i++) {
            long position = writer.position() + 1;
            byte[] payload = payload(writer.epoch(), position);
            long committed = Math.min(lastAcknowledged(), position - 1);
            writer.append(position, committed, writer.epoch(), position, position, payload, 0, payload.length);
        }
    }

    private static byte[] payload(long epoch, long position) {
        byte[] payload = new byte[(int) (position * 577 % PAYLOAD_BYTES)];
        new SplittableRandom(epoch * 1_000_003 + position).nextBytes(payload);
        return payload;
    }

    private void snapshotAndRemove(Journal journal, long epoch) {
        long position = lastAcknowledged();
        Snapshots snapshots = Snapshots.open(disk, DIRECTORY, durability);
        snapshots.write(epoch, position, state(position));
        journal.removeBelow(position + 1, epoch);
        snapshots.removeBelow(position);
    }

    private static byte[] state(long position) {
        return ("the state at " + position).getBytes(UTF_8);
    }

    /** Killed in the middle of an append: any bytes behind the last record, but not the word that publishes them. */
    private MemoryDisk withRecordInTheMaking(SplittableRandom choices) {
        MemoryDisk image = disk.afterDeath();
        try {
            SegmentCatalog catalog = SegmentCatalog.read(image, DIRECTORY, null);
            for (SegmentHeader header : catalog.segments()) {
                SegmentCursor cursor = SegmentCursor.open(image, DIRECTORY, header);
                while (cursor.peek() == SegmentCursor.Found.RECORD || cursor.peek() == SegmentCursor.Found.ROLL) {
                    cursor.advance();
                }
                Path file = DIRECTORY.resolve(JournalNames.segment(header.id()));
                ByteBuffer bytes = image.map(file, true).bytes();
                for (int i = 0; i < 200; i++) {
                    int at = cursor.nextOffset() + 4 + choices.nextInt(400);
                    if (at < bytes.capacity()) {
                        bytes.put(at, (byte) choices.nextInt());
                    }
                }
            }
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
        return image;
    }

    private void check(MemoryDisk image, long step) {
        String story =
                "seed " + seed + " stopped at step " + step + " " + durability + (powerLoss ? " power loss" : " kill");
        try {
            checkReopened(image, step, story);
        } catch (StoreException e) {
            throw new AssertionError(story, e);
        }
    }

    private void checkReopened(MemoryDisk image, long step, String story) {
        Journal journal = Journal.open(image, DIRECTORY, options);
        Snapshots snapshots = Snapshots.open(image, DIRECTORY, durability);
        long base = snapshots.latest().map(SnapshotFile::position).orElse(0L);
        if (base > 0) {
            require(
                    new String(snapshots.latest().orElseThrow().state(), UTF_8).equals("the state at " + base),
                    story,
                    "snapshot");
        }
        JournalEnd end = journal.recover(powerLoss, base);
        boolean mayLose = powerLoss && durability == Durability.OS;
        require(base <= lastAcknowledged(), story, "snapshot ahead of what was acknowledged");
        require(mayLose || end.position() >= lastAcknowledged(), story, "ends at " + end.position());
        readFrom(journal, base, end, mayLose, story);
        goOn(journal, end, story);
        if (step % 3 == 0) {
            JournalEnd again = journal.recover(false, base);
            require(again.position() == end.position() + 2, story, "the next life reads " + again);
        }
    }

    private void readFrom(Journal journal, long base, JournalEnd end, boolean mayLose, String story) {
        require(mayLose || end.firstPosition() <= base + 1 || end.position() == base, story, "hole above the snapshot");
        long position = base;
        try (JournalReader reader = journal.reader(base)) {
            while (reader.next(end.epoch(), end.position())) {
                position++;
                require(
                        reader.payload().equals(ByteBuffer.wrap(payload(reader.epoch(), position)))
                                && reader.sequence() == position,
                        story,
                        "record " + position);
                require(
                        position > lastAcknowledged() || acknowledged.get((int) position) == reader.epoch(),
                        story,
                        "record " + position + " is of epoch " + reader.epoch());
            }
        }
        require(position == end.position(), story, "read up to " + position + " of " + end);
    }

    private void goOn(Journal journal, JournalEnd end, String story) {
        JournalWriter writer = journal.begin(end.epoch() + 1, end.position() + 1, new byte[0]);
        append(writer, 2);
        writer.force();
        try (JournalReader reader = journal.reader(end.position())) {
            require(reader.next(writer.epoch(), end.position() + 2), story, "the next epoch's first record");
            require(reader.epoch() == writer.epoch(), story, "the next epoch is hidden by epoch " + reader.epoch());
        }
    }

    private static void require(boolean holds, String story, String what) {
        if (!holds) {
            throw new AssertionError(story + ": " + what);
        }
    }
}
