package dev.covey.mesh.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.covey.mesh.Mesh;
import dev.covey.mesh.MeshOptions;
import dev.covey.mesh.Revision;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sender whose host is frozen is told that nobody knows, and is killed: another process asks what became of it. */
class OutcomesIT {
    @TempDir
    Path base;

    private MemberProcess host;
    private MemberProcess sender;
    private Mesh asker;

    @BeforeEach
    void join() {
        host = MemberProcess.start("outcomes", "host", base, null);
        host.join();
        sender = MemberProcess.start("outcomes", "sender", base, null);
        sender.join();
        asker = Mesh.join("outcomes", MeshOptions.DEFAULT.withDirectory(base).withMemberName("asker"));
    }

    @AfterEach
    void leave() {
        sender.close();
        host.close();
        asker.close();
    }

    private List<String> unknown() {
        host.signal("STOP");
        assertThat(sender.ask("late things /n 3 300")).isEqualTo("late 0 0 3");
        return Arrays.asList(sender.ask("ids").substring("ids ".length()).split(" ", -1));
    }

    @Test
    void whatWasAcceptedAfterAllIsToldToEverybodyAlsoWhenItsSenderIsDead() {
        List<String> ids = unknown();
        List<CompletableFuture<Revision>> open =
                ids.stream().map(asker::outcome).toList();
        assertThat(open.stream().map(CompletableFuture::join).map(Revision::number))
                .containsExactly(1L, 2L, 3L);
        assertThat(asker.host().orElseThrow().name()).isEqualTo("sender");
        sender.kill();
        assertThat(asker.outcome(ids.get(1)).join())
                .isEqualTo(open.get(1).join())
                .extracting(Revision::object)
                .isEqualTo("things");
        host.signal("CONT");
        assertThat(host.ask("inc things /n 1")).isEqualTo("acknowledged 1");
        assertThat(host.ask("outcome " + ids.get(2))).isEqualTo("revision 3");
    }

    @Test
    void whatWasUndecidedWhenItsSenderDiedNeverHappensAndThatIsToldForCertain() {
        List<String> ids = unknown();
        List<CompletableFuture<Revision>> open =
                ids.stream().map(asker::outcome).toList();
        sender.kill();
        for (CompletableFuture<Revision> never : open) {
            assertThatThrownBy(never::join)
                    .hasMessageContaining("has not happened and never will")
                    .hasMessageContaining("[TIMED_OUT]");
        }
        assertThat(asker.outcome(ids.get(0))).failsWithin(java.time.Duration.ofSeconds(30));
        assertThat(asker.object("things").revision()).isZero();
        host.signal("CONT");
        assertThat(host.ask("inc things /n 1")).isEqualTo("acknowledged 1");
        host.awaitAnswer("outcome " + ids.get(2), "refused TIMED_OUT");
        assertThat(host.ask("value things")).isEqualTo("value {\"n\":1}");
    }
}
