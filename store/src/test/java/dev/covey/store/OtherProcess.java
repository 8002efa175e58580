package dev.covey.store;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What a process of its own does to a store in tests: {@code ids} or {@code own}, and the store's directory. */
final class OtherProcess {
    static final List<String> IDS =
            List.of("../../etc/passwd", "naïve ☃ 🎈", "CON", "Alice", "alice", "nul\0inside", "x".repeat(512));

    private OtherProcess() {}

    public static void main(String[] arguments) throws IOException {
        Path store = Path.of(arguments[1]);
        if (arguments[0].equals("ids")) {
            writeAndReadIds(ObjectStore.open(store));
        } else {
            ownLikeAMesh(store.resolve(ObjectNames.MESH_CLAIM));
        }
    }

    private static void writeAndReadIds(ObjectStore store) {
        IDS.forEach(id -> store.create(id, ObjectStoreTest.json("letters", id.length())));
        Set<String> found = new TreeSet<>(store.ids().toList());
        if (!found.equals(new TreeSet<>(IDS))) {
            throw new AssertionError("found " + found);
        }
    }

    private static void ownLikeAMesh(Path claim) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(claim.toFile(), "rw")) {
            file.getChannel().lock(0, 1, true);
            System.out.println("owned");
            System.in.read();
        }
    }

    static ProcessBuilder running(String what, Path store) {
        return new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                OtherProcess.class.getName(),
                what,
                store.toString());
    }
}
