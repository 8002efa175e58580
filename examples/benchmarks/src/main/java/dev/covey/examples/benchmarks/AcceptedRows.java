package dev.covey.examples.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import dev.covey.patch.FrozenTree;
import dev.covey.patch.Limits;
import dev.covey.patch.Operations;
import dev.covey.patch.Patch;
import dev.covey.patch.Resolution;
import dev.covey.store.CheckpointOptions;
import dev.covey.store.Checkpointer;
import dev.covey.store.Durability;
import dev.covey.store.Journal;
import dev.covey.store.JournalOptions;
import dev.covey.store.JournalReader;
import dev.covey.store.JournalWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Patches that are accepted and kept for ever: one thread resolves them, appends them to the journal and forces it by
 * batch, as a host does; another reads the journal and writes the revision files, as its recorder does. The clock stops when
 * the last file is on the device.
 */
final class AcceptedRows {
    private static final int BATCH = 256;
    private static final int ASKED = 100_000;

    private AcceptedRows() {}

    static List<Row> measure(WorkDirectory directory, boolean quick) throws Exception {
        List<Row> rows = new ArrayList<>();
        int patches = quick ? 50_000 : 1_000_000;
        for (int objects : new int[] {1, 10}) {
            String name = "accepted patches with files, " + (objects == 1 ? "1 object" : objects + " objects");
            run(Durability.FSYNC, directory.fresh("accepted"), objects, patches / 10);
            for (Durability durability : new Durability[] {Durability.OS, Durability.FSYNC}) {
                double rate = patches / run(durability, directory.fresh("accepted"), objects, patches);
                rows.add(new Row(name, "covey " + durability, List.of(new Row.Figure("rate", rate, "/s"))));
                if (durability == Durability.FSYNC) {
                    rows.add(Row.ratio(name, "covey FSYNC / " + ASKED, rate, ASKED, 1));
                }
            }
        }
        return rows;
    }

    private static double run(Durability durability, Path directory, int objects, int patches) throws Exception {
        JournalOptions options = JournalOptions.DEFAULT.withDurability(durability);
        try (Journal journal = Journal.open(directory.resolve("journal"), options);
                Checkpointer checkpointer = Checkpointer.open(
                        directory.resolve("store"), CheckpointOptions.DEFAULT.withDurability(durability))) {
            AtomicLong committed = new AtomicLong();
            long began = System.nanoTime();
            CompletableFuture<Void> files =
                    CompletableFuture.runAsync(() -> record(journal, checkpointer, committed, patches));
            accept(journal, committed, objects, patches, files);
            files.join();
            return (System.nanoTime() - began) / 1e9;
        }
    }

    private static void accept(
            Journal journal, AtomicLong committed, int objects, int patches, CompletableFuture<Void> files) {
        Patch first = Patch.set("", KeptObjects.document(0));
        Patch next = Patch.inc("/count", 1);
        JsonNode[] states = new JsonNode[objects];
        Arrays.fill(states, FrozenTree.EMPTY_OBJECT);
        try (JournalWriter writer = journal.begin(1, 1, new byte[0])) {
            for (int i = 0; i < patches && !files.isDone(); i++) {
                int object = i % objects;
                Resolution resolved = (i < objects ? first : next).resolve(states[object], 0, Limits.DEFAULT);
                states[object] = resolved.after();
                byte[] payload = resolved.operations().toBytes();
                long micros = TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis());
                writer.append(i + 1L, committed.get(), object, i / objects + 1L, micros, payload, 0, payload.length);
                if ((i + 1) % BATCH == 0 || i + 1 == patches) {
                    writer.force();
                    committed.set(writer.position());
                }
            }
        }
    }

    private static void record(Journal journal, Checkpointer checkpointer, AtomicLong committed, int patches) {
        try (JournalReader reader = journal.reader(0)) {
            while (reader.position() < patches) {
                if (!reader.next(1, committed.get())) {
                    Thread.onSpinWait();
                    continue;
                }
                checkpointer.accept(
                        "object-" + reader.member(),
                        reader.sequence(),
                        "web-1",
                        reader.timeMicros(),
                        reader.epoch(),
                        reader.position(),
                        reader.payload(),
                        Operations.fromBytes(reader.payload(), Limits.DEFAULT));
            }
        }
        checkpointer.close();
    }
}
