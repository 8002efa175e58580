package dev.covey.store;

import dev.covey.patch.FrozenTree;
import dev.covey.patch.Limits;
import dev.covey.patch.Patch;
import dev.covey.patch.Resolution;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Locale;

/** Prints what revision files cost to write and to read: {@code … CheckpointerSpeed [OS|FSYNC] [per millisecond]}. */
final class CheckpointerSpeed {
    private static final int REVISIONS = 500_000;

    private CheckpointerSpeed() {}

    public static void main(String[] arguments) throws IOException {
        Durability durability = Durability.valueOf(arguments.length > 0 ? arguments[0] : "OS");
        long perMilli = arguments.length > 1 ? Long.parseLong(arguments[1]) : 50;
        Path store = TemporaryDirectory.make("checkpointer-speed").resolve("store");
        long began = System.nanoTime();
        try (Checkpointer checkpointer =
                Checkpointer.open(store, CheckpointOptions.DEFAULT.withDurability(durability))) {
            var value = FrozenTree.EMPTY_OBJECT;
            for (long i = 1; i <= REVISIONS; i++) {
                Patch patch =
                        i == 1 ? Patch.set("", FrozenTree.EMPTY_OBJECT).and(Patch.set("/n", 1)) : Patch.inc("/n", 1);
                Resolution resolution = patch.resolve(value, 0, Limits.DEFAULT);
                value = resolution.after();
                ByteBuffer bytes = ByteBuffer.wrap(resolution.operations().toBytes());
                long time = 1_795_224_796_000_000L + i * 1_000 / perMilli;
                checkpointer.accept("visits", i, "web-1", time, 1, i, bytes, resolution.operations());
            }
        }
        long written = System.nanoTime();
        long found = ObjectStore.open(store).revisions("visits").count();
        long read = System.nanoTime();
        for (int i = 0; i < 20; i++) {
            ObjectStore.open(store).get("visits");
        }
        long got = System.nanoTime();
        System.out.printf(
                Locale.ROOT,
                "%s, %d revisions in %d files: %,.0f accepted/s, all read in %.2f s (%d found), get %.0f us%n",
                durability,
                REVISIONS,
                REVISIONS / perMilli,
                REVISIONS * 1e9 / (written - began),
                (read - written) / 1e9,
                found,
                (got - read) / 20e3);
    }
}
