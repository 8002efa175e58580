package dev.covey.mesh.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Conversations with the core, one to a text file. What is said in them is explained in {@link Conversation}.
 *
 * <p>{@code -Dcovey.transcripts.write=true} writes the answers anew into the source tree; read the difference before you
 * believe it.
 */
class CoreTranscriptTest {
    private static final Path SOURCES = Path.of("src/test/resources/dev/covey/mesh/core");
    private static final int CONVERSATIONS = 20;

    @ParameterizedTest(name = "{0}")
    @MethodSource("conversations")
    void aConversationGoesAsWritten(String name) throws IOException {
        Path file = SOURCES.resolve(name);
        String written = Files.readString(file);
        String performed = Conversation.perform(written);
        if (Boolean.getBoolean("covey.transcripts.write")) {
            Files.writeString(file, performed);
        } else {
            assertThat(performed).isEqualTo(written);
        }
    }

    @Test
    void noConversationGotLost() {
        assertThat(conversations()).hasSizeGreaterThanOrEqualTo(CONVERSATIONS);
    }

    static List<String> conversations() {
        try (Stream<Path> files = Files.list(SOURCES)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".txt"))
                    .sorted()
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
