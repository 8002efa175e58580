package dev.covey.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Prints what a store costs that has grown: one object with very many revisions, very many objects with ten, and commits
 * while old revisions are removed. {@code java -cp … dev.covey.store.StoreScale [revisions objects]}.
 */
final class StoreScale {
    private static final int FEW = 10;
    private static final int GETS = 2_000;
    private static final int COMMITS = 3_000;

    private final Path path;

    StoreScale(Path path) {
        this.path = path;
    }

    public static void main(String[] arguments) throws IOException {
        int revisions = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000_000;
        int objects = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 100_000;
        StoreScale scale = new StoreScale(TemporaryDirectory.make("store-scale"));
        long began = System.nanoTime();
        scale.fill(revisions, objects);
        say("%,d revisions of one object and %,d objects with %d, in %.0f s", revisions, objects, FEW, since(began));
        for (int i = 0; i < 3; i++) {
            double open = scale.openMillis();
            double few = scale.getMicros("few");
            double many = scale.getMicros("many");
            say("open %.1f ms; get: few %.0f us, many %.0f us, %.2f times as long", open, few, many, many / few);
        }
        double alone = scale.commitP99Micros(COMMITS);
        say(
                "p99 of a commit: %.0f us alone, %.0f us while old revisions go",
                alone, scale.commitP99WhileRetaining(COMMITS));
    }

    private static void say(String format, Object... arguments) {
        System.out.printf(Locale.ROOT, format + "%n", arguments);
    }

    private static double since(long began) {
        return (System.nanoTime() - began) / 1e9;
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
        return since(began) * 1e3;
    }

    /** The median of many. */
    double getMicros(String id) {
        ObjectStore store = ObjectStore.open(path);
        return percentile(GETS, 0.5, () -> require(store.get(id).isPresent(), "an object is missing"));
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new AssertionError(otherwise);
        }
    }

    double commitP99Micros(int commits) {
        ObjectStore store = ObjectStore.open(path);
        return percentile(commits, 0.99, () -> store.upsert("written", ObjectStoreTest.json("count", 1)));
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
