package dev.covey.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.covey.patch.Patch;
import dev.covey.store.Journal;
import dev.covey.store.JournalLife;
import dev.covey.store.JournalOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rule J6 in a living mesh: what is written in its journal by a mesh that should not have got in. */
class OtherLifeTest {
    private static final JournalLife STRANGER = new JournalLife(7, 7);

    @TempDir
    Path temporary;

    private Mesh join(String member) {
        return Mesh.join(
                "owner",
                MeshOptions.DEFAULT
                        .withMemberName(member)
                        .withDirectory(temporary.resolve("meshes"))
                        .withStore(temporary.resolve("store")));
    }

    @Test
    void hostAndFollowerStopOnceAnotherLifeBeganAnEpochInTheirJournal() {
        List<String> told = new CopyOnWriteArrayList<>();
        Logger log = Logger.getLogger("dev.covey.mesh.agent");
        Handler listener = new Told(told);
        log.addHandler(listener);
        try (Mesh host = join("host");
                Mesh follower = join("follower")) {
            long position = host.object("o").patch(Patch.inc("/n", 1)).join().position();
            anotherLifeBegins(host.epoch() + 1, position + 100);
            for (Mesh each : List.of(host, follower)) {
                await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
                    assertThat(refusal(each))
                            .isInstanceOfSatisfying(
                                    MeshException.class,
                                    refused -> assertThat(refused.code()).isEqualTo(MeshCode.STORE_MISMATCH))
                            .hasMessageContaining(STRANGER.toString());
                });
            }
            assertThat(told)
                    .filteredOn(line -> line.startsWith("this member ends: ") && line.contains(STRANGER.toString()))
                    .hasSize(2);
        } finally {
            log.removeHandler(listener);
        }
    }

    private static final class Told extends Handler {
        private final List<String> lines;

        Told(List<String> lines) {
            this.lines = lines;
        }

        @Override
        public void publish(LogRecord record) {
            lines.add(record.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    private void anotherLifeBegins(long epoch, long position) {
        JournalOptions options = JournalOptions.DEFAULT.withSpares(false).withSegmentBytes(1 << 20);
        try (Journal journal = Journal.open(temporary.resolve("store/journal"), options.withLife(STRANGER))) {
            journal.begin(epoch, position, new byte[0]).close();
        }
    }

    private static @Nullable MeshException refusal(Mesh mesh) {
        try {
            mesh.object("o").patch(Patch.inc("/n", 1)).join();
            return null;
        } catch (CompletionException refused) {
            return (MeshException) refused.getCause();
        } catch (MeshException closed) {
            return closed;
        }
    }
}
