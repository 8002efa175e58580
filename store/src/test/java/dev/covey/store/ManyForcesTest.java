package dev.covey.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManyForcesTest {
    private static final int FILES = 200;

    @TempDir
    Path temporary;

    private List<Path> files() {
        return IntStream.range(0, FILES)
                .mapToObj(i -> temporary.resolve("f" + i))
                .toList();
    }

    @Test
    void everyFileThatIsThereIsForcedAndOneThatIsGoneIsPassedOver() throws IOException {
        List<Path> there = new ArrayList<>(files());
        for (Path file : there) {
            Files.write(file, new byte[10]);
        }
        Files.delete(there.get(77));
        Queue<Path> asked = new ConcurrentLinkedQueue<>();
        ManyForces.run(
                file -> {
                    LocalDisk.INSTANCE.forceIfThere(file);
                    asked.add(file);
                },
                there);
        assertThat(asked).containsExactlyInAnyOrderElementsOf(there);
        LocalDisk.INSTANCE.forceAll(there);
    }

    @Test
    void aForceThatFailsIsTold() {
        Path bad = temporary.resolve("f150");
        assertThatThrownBy(() -> ManyForces.run(
                        file -> {
                            if (file.equals(bad)) {
                                throw new IOException("broken " + file);
                            }
                        },
                        files()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("broken");
    }

    @Test
    void anInterruptIsKeptForLater() throws IOException {
        Queue<Path> asked = new ConcurrentLinkedQueue<>();
        Thread.currentThread().interrupt();
        ManyForces.run(asked::add, files());
        assertThat(Thread.interrupted()).isTrue();
        assertThat(asked).hasSize(FILES);
    }
}
