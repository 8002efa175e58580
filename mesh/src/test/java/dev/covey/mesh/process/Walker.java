package dev.covey.mesh.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** What a backup, a scanner or an indexer does in a member: it reads every file, and so drops every lock its process has. */
final class Walker {
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private Walker() {}

    /** Walks all of these trees a hundred times a second until the process ends. */
    static void start(Path... trees) {
        Thread walker = new Thread(
                () -> {
                    while (true) {
                        for (Path tree : trees) {
                            read(tree);
                        }
                        LockSupport.parkNanos(PAUSE_NANOS);
                    }
                },
                "walker");
        walker.setDaemon(true);
        walker.start();
    }

    private static void read(Path tree) {
        List<Path> files;
        try (Stream<Path> found = Files.walk(tree)) {
            files = found.filter(Files::isRegularFile).toList();
        } catch (IOException | RuntimeException changedMeanwhile) {
            return;
        }
        for (Path file : files) {
            try {
                Files.readAllBytes(file);
            } catch (IOException gone) {
                // Then the next one.
            }
        }
    }
}
