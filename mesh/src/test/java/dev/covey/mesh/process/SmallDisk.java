package dev.covey.mesh.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** A file system in memory of a size the test chooses. Only root may mount one; for anybody else the test is skipped. */
final class SmallDisk implements AutoCloseable {
    private static final int CHUNK = 64 << 10;

    private final Path root;

    private SmallDisk(Path root) {
        this.root = root;
    }

    static SmallDisk mount(Path at, int megabytes) {
        try {
            Files.createDirectories(at);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        String answer = run("mount", "-t", "tmpfs", "-o", "mode=700,size=" + megabytes + "m", "tmpfs", at.toString());
        Assumptions.assumeTrue(answer.isEmpty(), "a small file system needs root to be mounted: " + answer);
        return new SmallDisk(at);
    }

    Path root() {
        return root;
    }

    /** Takes all the room there is, until {@link #empty}. */
    void fill() {
        byte[] chunk = new byte[CHUNK];
        try (OutputStream out = Files.newOutputStream(filler())) {
            while (true) {
                out.write(chunk);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left");
        }
    }

    void empty() {
        try {
            Files.deleteIfExists(filler());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private Path filler() {
        return root.resolve("filler");
    }

    /** Runs a command of the system and returns what it complained of. */
    static String run(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String complaint = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
            int exit = process.waitFor();
            return exit == 0 ? "" : "exit " + exit + " " + complaint;
        } catch (IOException failed) {
            return failed.toString();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    @Override
    public void close() {
        assertThat(run("umount", "-l", root.toString())).isEmpty();
    }
}
