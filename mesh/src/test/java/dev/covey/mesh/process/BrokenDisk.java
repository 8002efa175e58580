package dev.covey.mesh.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/**
 * A real file system whose device stops taking writes when the test says so: a loop device over a file in memory, from
 * under which the memory is taken away. What is forced after that fails with EIO, as on a dying disk.
 */
final class BrokenDisk implements AutoCloseable {
    private static final int MEGABYTES = 96;

    private final SmallDisk below;
    private final Path image;
    private final Path root;

    private BrokenDisk(SmallDisk below, Path image, Path root) {
        this.below = below;
        this.image = image;
        this.root = root;
    }

    static BrokenDisk mount(SmallDisk below, Path at) {
        Path image = below.root().resolve("image");
        String answer = SmallDisk.run("truncate", "-s", MEGABYTES + "M", image.toString());
        answer += SmallDisk.run("mkfs.ext4", "-q", "-O", "^has_journal", "-m", "0", image.toString());
        answer += SmallDisk.run("mkdir", "-p", at.toString());
        answer += SmallDisk.run("mount", "-o", "loop,errors=continue", image.toString(), at.toString());
        Assumptions.assumeTrue(answer.isEmpty(), "a loop device is needed and cannot be had: " + answer);
        return new BrokenDisk(below, image, at);
    }

    Path root() {
        return root;
    }

    void breakDown() {
        String all = String.valueOf(MEGABYTES << 20);
        assertThat(SmallDisk.run("fallocate", "-p", "-o", "0", "-l", all, image.toString()))
                .isEmpty();
        below.fill();
    }

    @Override
    public void close() {
        below.empty();
        assertThat(SmallDisk.run("umount", "-l", root.toString())).isEmpty();
    }
}
