package dev.covey.examples.tour.process;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Everything outside this JVM that belongs to one run: two directories and the child JVMs. Closing it, or the end of this
 * JVM by Ctrl-C or otherwise, ends the children first and removes the directories then.
 */
public final class Workspace implements AutoCloseable {
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final Duration KILL_LIMIT = Duration.ofSeconds(10);
    /** A child that is just dying may still write a file into a directory that is being removed. */
    private static final int REMOVE_ATTEMPTS = 5;

    private static final int EXIT_ORPHANED = 4;

    private final Path meshBase;
    private final Path files;
    private final boolean keepFiles;
    private final List<ChildJvm> children = new ArrayList<>();
    private final Thread hook = new Thread(this::cleanUp, "workspace-clean-up");
    private boolean closed;

    private Workspace(Path meshBase, Path files, boolean keepFiles) {
        this.meshBase = meshBase;
        this.files = files;
        this.keepFiles = keepFiles;
    }

    /**
     * Makes the directories, 0700.
     *
     * @param purpose part of their names
     * @param keepFiles whether the store, the acknowledgements and the logs stay for somebody to look at
     */
    public static Workspace open(String purpose, boolean keepFiles) throws IOException {
        String name = "covey-" + purpose + "-" + ProcessHandle.current().pid();
        Path base = Files.isDirectory(SHARED_MEMORY) ? SHARED_MEMORY : Path.of(System.getProperty("java.io.tmpdir"));
        var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
        Path files = Files.createTempDirectory("covey-" + purpose + "-", ownerOnly);
        Workspace workspace = new Workspace(base.resolve(name), files, keepFiles);
        Runtime.getRuntime().addShutdownHook(workspace.hook);
        Files.createDirectory(workspace.meshBase, ownerOnly);
        return workspace;
    }

    /** Where the mesh directories are; in shared memory where there is some. */
    public Path meshBase() {
        return meshBase;
    }

    /** Where everything else is. */
    public Path files() {
        return files;
    }

    /** Starts a child, unless all of this is coming to its end. */
    synchronized ChildJvm adopt(Supplier<ChildJvm> start) {
        if (closed) {
            throw new UnconfirmedException("no child JVM is started any more, the run is ending");
        }
        ChildJvm child = start.get();
        children.add(child);
        return child;
    }

    @Override
    public void close() {
        cleanUp();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException endingAnyway) {
            // The hook runs, or ran, and finds everything done.
        }
    }

    private synchronized void cleanUp() {
        if (closed) {
            return;
        }
        closed = true;
        children.forEach(ChildJvm::destroy);
        children.forEach(child -> child.awaitEnd(KILL_LIMIT));
        remove(meshBase);
        if (!keepFiles) {
            remove(files);
        }
    }

    /** What a child does whose parent is gone without a word: nothing in shared memory stays. Does not return. */
    public static void leaveAsOrphan(Path meshBase) {
        remove(meshBase);
        Runtime.getRuntime().halt(EXIT_ORPHANED);
    }

    private static void remove(Path tree) {
        for (int attempt = 1; attempt <= REMOVE_ATTEMPTS; attempt++) {
            try {
                removeOnce(tree);
                return;
            } catch (IOException refused) {
                if (attempt == REMOVE_ATTEMPTS) {
                    System.err.println(tree + " could not be removed: " + refused + "; remove it by hand");
                }
            }
        }
    }

    private static void removeOnce(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        Files.walkFileTree(tree, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw failure;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @org.jspecify.annotations.Nullable IOException e)
                    throws IOException {
                Files.deleteIfExists(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
