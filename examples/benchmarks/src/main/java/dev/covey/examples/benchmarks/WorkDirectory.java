package dev.covey.examples.benchmarks;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * A new directory on a disk, gone when it is closed. Forcing files of a tmpfs would measure nothing. Close it when all is
 * measured: ext4 is slow to make files for minutes after it has deleted many.
 */
record WorkDirectory(Path path) implements AutoCloseable {
    static WorkDirectory make(String purpose) throws IOException {
        Path made = Files.createTempDirectory("covey-" + purpose);
        String type = Files.getFileStore(made).type();
        if (type.equals("tmpfs")) {
            Files.delete(made);
            throw new IOException(
                    made + " is on a tmpfs; say JAVA_TOOL_OPTIONS=-Djava.io.tmpdir=<directory on a disk>");
        }
        return new WorkDirectory(made);
    }

    /** A new directory in this one. */
    Path fresh(String purpose) throws IOException {
        return Files.createTempDirectory(path, purpose);
    }

    @Override
    public void close() throws IOException {
        Files.walkFileTree(path, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(
                    Path directory, @org.jspecify.annotations.Nullable IOException failed) throws IOException {
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
