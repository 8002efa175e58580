package dev.covey.store;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.covey.patch.Limits;
import dev.covey.patch.Patch;
import dev.covey.patch.Resolution;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FormatTest {
    @TempDir
    Path temporary;

    @Test
    void theWorkedExampleInFormatMdIsWhatIsWritten() throws IOException {
        Path store = temporary.resolve("store");
        Resolution first = Patch.set("", ObjectStoreTest.json("count", 1))
                .resolve(ObjectStoreTest.json("count", 0), 0, Limits.DEFAULT);
        try (Checkpointer checkpointer = Checkpointer.open(store, CheckpointOptions.DEFAULT)) {
            checkpointer.accept(
                    "visits", 1, "web-1", 1_795_224_796_000_000L, 3, 400, record("first"), first.operations());
            Resolution second = Patch.set("/count", 2).resolve(first.after(), 0, Limits.DEFAULT);
            checkpointer.accept(
                    "visits", 2, "web-1", 1_795_224_796_123_456L, 3, 401, record("second"), second.operations());
            Resolution third = Patch.set("/count", 3).resolve(second.after(), 0, Limits.DEFAULT);
            checkpointer.accept(
                    "visits", 3, "web-2", 1_795_224_796_123_460L, 3, 402, record("third"), third.operations());
            checkpointer.fullStates();
        }
        StoredObject newest = ObjectStore.open(store).get("visits").orElseThrow();
        String written = Files.readString(store.resolve("objects/visits").resolve(newest.rev()), UTF_8);
        assertThat(Files.readString(Path.of("FORMAT.md"), UTF_8)).contains("```json\n" + written + "```");
    }

    private static ByteBuffer record(String name) {
        return ByteBuffer.wrap((name + " record").getBytes(US_ASCII));
    }
}
