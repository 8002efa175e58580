package dev.covey.mesh.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.covey.mesh.Mesh;
import dev.covey.mesh.MeshOptions;
import dev.covey.mesh.Revision;
import dev.covey.patch.Patch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A replica that differs from its host, as no mistake known makes one: a record is forged while its process is frozen. */
class RestoredReplicaIT {
    /** More records than the host lets pass before it has everybody compare their state. */
    private static final int RECORDS = 16_500;

    @TempDir
    Path base;

    @Test
    void itsObserversAreToldOnceThatItWasRestoredAndNothingAgain() throws IOException {
        try (Mesh host = Mesh.join("restored", MeshOptions.DEFAULT.withDirectory(base));
                MemberProcess wrong = MemberProcess.start("restored", "wrong", base, null)) {
            wrong.join();
            host.object("sound").patch(Patch.set("/n", 1)).join();
            assertThat(wrong.ask("observe things /text")).isEqualTo("observing");
            assertThat(wrong.ask("observe sound /n")).isEqualTo("observing");
            wrong.signal("STOP");
            host.object("things").patch(Patch.set("/text", "honest")).join();
            ForgedRecord forged = ForgedRecord.in(base.resolve("restored/journal"), "honest", "forged");
            wrong.signal("CONT");
            wrong.awaitAnswer("value things", "value {\"text\":\"forged\"}");
            forged.undo();

            untilAllCompare(host);
            wrong.awaitAnswer("value things", "value {\"text\":\"honest\"}");
            host.object("things").patch(Patch.set("/text", "later")).join();
            host.object("sound").patch(Patch.set("/n", 2)).join();
            String expected = "causes PATCH-1-from--to-\"forged\" RESTORE-1-from-\"forged\"-to-\"honest\""
                    + " PATCH-2-from-\"honest\"-to-\"later\"";
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(wrong.ask("causes things")).isEqualTo(expected));
            await().untilAsserted(() -> assertThat(wrong.ask("causes sound")).isEqualTo("causes PATCH-2-from-1-to-2"));
        }
    }

    private static void untilAllCompare(Mesh host) {
        List<CompletableFuture<Revision>> answers = new ArrayList<>();
        for (int i = 0; i < RECORDS; i++) {
            answers.add(host.object("others").patch(Patch.inc("/n", 1)));
        }
        answers.forEach(CompletableFuture::join);
    }
}
