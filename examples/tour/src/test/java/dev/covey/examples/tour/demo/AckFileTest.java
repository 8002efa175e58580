package dev.covey.examples.tour.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AckFileTest {
    private record Ack(long n, long revision) {}

    /** More than one chunk of the file. */
    private static final int MANY = 200_000;

    @TempDir
    Path directory;

    @Test
    void whatWasNotedIsReadInOrderThoughTheWriterNeverClosed() throws IOException {
        Path file = directory.resolve("w1");
        List<Ack> noted = new ArrayList<>();
        AckFile acks = AckFile.create(file);
        for (long n = 1; n <= MANY; n++) {
            acks.add(n, 3 * n);
            noted.add(new Ack(n, 3 * n));
        }

        List<Ack> read = new ArrayList<>();
        AckFile.read(file, (n, revision) -> read.add(new Ack(n, revision)));

        assertThat(read).isEqualTo(noted);
        acks.close();
    }

    @Test
    void aFileThatNothingWasNotedInIsEmpty() throws IOException {
        Path file = directory.resolve("w1");
        AckFile.create(file).close();

        List<Ack> read = new ArrayList<>();
        AckFile.read(file, (n, revision) -> read.add(new Ack(n, revision)));

        assertThat(read).isEmpty();
    }
}
