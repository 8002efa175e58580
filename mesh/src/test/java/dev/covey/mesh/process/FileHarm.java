package dev.covey.mesh.process;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What somebody does to a file or directory that is not his. */
enum FileHarm {
    REMOVED,
    TRUNCATED,
    FLIPPED,
    REPLACED,
    READ;

    /** Whether there is anything to do with that path; a directory has no bits, and a socket is only removed or replaced. */
    boolean fits(Path path) {
        boolean bytes = Files.isRegularFile(path) && size(path) > 0;
        return switch (this) {
            case REMOVED, REPLACED -> true;
            case TRUNCATED, FLIPPED -> bytes;
            case READ -> Files.isRegularFile(path) || Files.isDirectory(path);
        };
    }

    /**
     * Does it; what is read by a member is read there, not here.
     *
     * @param foreign the same of another mesh, or null where that has none
     */
    void to(Path path, @Nullable Path foreign, SplittableRandom random) throws IOException {
        switch (this) {
            case REMOVED -> remove(path);
            case TRUNCATED -> truncate(path);
            case FLIPPED -> flip(path, random);
            case REPLACED -> replace(path, foreign, random);
            case READ -> throw new IllegalArgumentException("a member reads");
        }
    }

    private static long size(Path path) {
        try {
            return Files.size(path);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** With all that is in it; its owner may make something again meanwhile, and then that stays. */
    static void remove(Path path) throws IOException {
        List<Path> all;
        try (Stream<Path> below = Files.walk(path)) {
            all = below.sorted(Comparator.reverseOrder()).toList();
        } catch (UncheckedIOException | NoSuchFileException vanished) {
            return;
        }
        for (Path each : all) {
            try {
                Files.deleteIfExists(each);
            } catch (IOException madeAgain) {
                // A directory that is not empty any more.
            }
        }
    }

    private static void truncate(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() / 2);
        }
    }

    /** Most of a journal is zeros that nobody reads: the bit is one of a byte that says something, if there is one. */
    private static void flip(Path path, SplittableRandom random) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            byte[] head = new byte[(int) Math.min(file.length(), 1 << 20)];
            file.readFully(head);
            int at = random.nextInt(head.length);
            for (int tried = 0; tried < 1_000 && head[at] == 0; tried++) {
                at = random.nextInt(head.length);
            }
            file.seek(at);
            file.write(head[at] ^ 1 << random.nextInt(Byte.SIZE));
        }
    }

    private static void replace(Path path, @Nullable Path foreign, SplittableRandom random) throws IOException {
        Path draft = path.resolveSibling(".replacement");
        remove(draft);
        if (Files.isDirectory(path)) {
            copy(foreign, draft);
            Path old = path.resolveSibling(".replaced");
            Files.move(path, old);
            Files.move(draft, path);
            remove(old);
        } else {
            if (foreign != null && Files.isRegularFile(foreign)) {
                Files.copy(foreign, draft);
            } else {
                byte[] noise = new byte[Files.isRegularFile(path) ? (int) Files.size(path) : 40];
                random.nextBytes(noise);
                Files.write(draft, noise);
            }
            Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString("rw-------"));
            Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Sockets stay behind; without anything to copy the copy is an empty directory. */
    static void copy(@Nullable Path from, Path to) throws IOException {
        Files.createDirectory(to, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        if (from == null) {
            return;
        }
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : all.skip(1).toList()) {
                Path copy = to.resolve(from.relativize(each));
                if (Files.isDirectory(each) || Files.isRegularFile(each)) {
                    Files.copy(each, copy, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
    }
}
