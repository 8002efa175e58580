package dev.covey.mesh.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Observers in processes whose host is killed, and that are frozen themselves. */
class ObservedProcessesIT {
    @TempDir
    Path temporary;

    private final List<MemberProcess> started = new ArrayList<>();

    private MemberProcess joined(String name) {
        MemberProcess member = MemberProcess.start("observed", name, temporary.resolve("meshes"), null);
        started.add(member);
        member.join();
        return member;
    }

    @AfterEach
    void endAll() {
        started.forEach(MemberProcess::close);
    }

    private static void awaitSeen(MemberProcess observer, long revision) {
        await().atMost(30, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(observer.ask("seen")).startsWith("seen " + revision + " "));
    }

    @Test
    void anObserverSeesEachRevisionOnceAndInOrderThoughTheHostIsKilledTwice() {
        MemberProcess first = joined("first");
        MemberProcess second = joined("second");
        MemberProcess writer = joined("writer");
        MemberProcess observer = joined("observer");
        assertThat(observer.ask("observe things /n")).isEqualTo("observing");
        for (MemberProcess host : List.of(first, second)) {
            assertThat(writer.ask("inc things /n 500")).isEqualTo("acknowledged 500");
            writer.tell("inc things /n 1000");
            host.kill();
            assertThat(writer.answer()).isEqualTo("acknowledged 1000");
        }
        awaitSeen(observer, 3000);
        assertThat(observer.ask("seen")).isEqualTo("seen 3000 3000 0");
    }

    @Test
    void anObserverThatThawsSeesWhatItMissedInOrderOrOneSnapshot() {
        MemberProcess host = joined("host");
        MemberProcess observer = joined("observer");
        assertThat(observer.ask("observe things /n")).isEqualTo("observing");
        assertThat(host.ask("inc things /n 100")).isEqualTo("acknowledged 100");
        awaitSeen(observer, 100);
        observer.signal("STOP");
        assertThat(host.ask("inc things /n 5000")).isEqualTo("acknowledged 5000");
        observer.signal("CONT");
        awaitSeen(observer, 5100);
        assertThat(observer.ask("seen")).matches("seen 5100 [0-9]+ [01]");
    }

    @Test
    void aHostThatThawsTellsItsObserversNothingTwice() {
        MemberProcess host = joined("host");
        MemberProcess next = joined("next");
        assertThat(host.ask("observe things /n")).isEqualTo("observing");
        host.tell("inc things /n 20000");
        await().atMost(20, TimeUnit.SECONDS)
                .until(() -> next.ask("value things").length() > "value {}".length());
        host.signal("STOP");
        assertThat(next.ask("inc things /n 1000")).isEqualTo("acknowledged 1000");
        host.signal("CONT");
        assertThat(host.answer()).isEqualTo("acknowledged 20000");
        awaitSeen(host, 21_000);
        assertThat(host.ask("seen")).matches("seen 21000 [0-9]+ [01]");
    }
}
