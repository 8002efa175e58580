package dev.covey.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What a store costs that has grown: one object with very many revisions, very many objects with ten, and commits while old
 * revisions are removed.
 */
final class StoreScale {
    private static final int FEW = 10;
    private static final int GETS = 2_000;

    private final Path path;

    StoreScale(Path path) {
        this.path = path;
    }

    private static void say(String format, Object... arguments) {
        System.out.printf(Locale.ROOT, format + "%n", arguments);
    }

    /** As an object store writes them: a file for each revision. */
    void fill(int revisions, int objects) throws IOException {
        ObjectStore.open(path).close();
        revise("few", FEW);
        revise("many", revisions);
        for (int i = 0; i < objects; i++) {
            revise("o" + i, FEW);
        }
    }

    private void revise(String id, int revisions) throws IOException {
        ObjectWriter writer = new ObjectWriter(LocalDisk.INSTANCE, path, StoreOptions.DEFAULT);
        ObjectFiles files = writer.files(id);
        String parent = "";
        for (int i = 0; i < revisions; i++) {
            var value = ObjectStoreTest.json("count", i);
            parent = writer.write(files, new ObjectWriter.Draft(parent, 0, value, false, java.util.List.of()))
                    .rev();
        }
    }

    double openMillis() {
        long began = System.nanoTime();
        ObjectStore.open(path).close();
        double millis = (System.nanoTime() - began) / 1e6;
        say("open: %.1f ms", millis);
        return millis;
    }

    /** The median of many. */
    double getMicros(String id) {
        ObjectStore store = ObjectStore.open(path);
        double micros = percentile(GETS, 0.5, () -> require(store.get(id).isPresent(), "an object is missing"));
        say("get of the newest of %s: %.0f us", id, micros);
        return micros;
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new AssertionError(otherwise);
        }
    }

    double commitP99Micros(int commits) {
        ObjectStore store = ObjectStore.open(path);
        double micros = percentile(commits, 0.99, () -> store.upsert("written", ObjectStoreTest.json("count", 1)));
        say("p99 of a commit: %.0f us", micros);
        return micros;
    }

    /** Retention goes on until all commits are done, or there is nothing left to remove. */
    double commitP99WhileRetaining(int commits) {
        AtomicBoolean enough = new AtomicBoolean();
        CompletableFuture<Long> removed = CompletableFuture.supplyAsync(
                () -> Retainer.run(path, Retention.EVERYTHING.withRevisions(1), () -> !enough.get()));
        double p99 = commitP99Micros(commits);
        enough.set(true);
        say("%,d files were removed meanwhile", removed.join());
        require(removed.join() > 0, "nothing was removed, so this measured nothing");
        return p99;
    }

    private static double percentile(int times, double part, Runnable step) {
        double[] micros = new double[times];
        for (int i = 0; i < times; i++) {
            long began = System.nanoTime();
            step.run();
            micros[i] = (System.nanoTime() - began) / 1e3;
        }
        Arrays.sort(micros);
        return micros[(int) (times * part)];
    }
}
