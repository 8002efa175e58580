package dev.covey.mesh.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.covey.mesh.Mesh;
import dev.covey.mesh.MeshOptions;
import dev.covey.mesh.agent.StoppingClaimer;
import dev.covey.mesh.local.ChildJvm;
import dev.covey.mesh.local.LyingWitnesses;
import dev.covey.store.ObjectStore;
import dev.covey.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A store goes from one mesh to another, rightly or wrongly, and nothing that was acknowledged is lost (rule C7). */
class StoreSuccessionIT {
    private static final long WALK_NANOS = TimeUnit.SECONDS.toNanos(Long.getLong("covey.walk.seconds", 2L));

    @TempDir
    Path temporary;

    private final List<MemberProcess> started = new ArrayList<>();

    private Path meshes() {
        return temporary.resolve("meshes");
    }

    private Path store() {
        return temporary.resolve("store");
    }

    private MemberProcess joined(String mesh, String name, String durability) {
        MemberProcess member = durability.equals("os")
                ? MemberProcess.start(mesh, name, meshes(), store())
                : MemberProcess.start(mesh, name, meshes(), store(), durability);
        started.add(member);
        member.join();
        return member;
    }

    @AfterEach
    void endAll() {
        started.forEach(MemberProcess::close);
    }

    private static long count(MemberProcess member, String path) {
        String value = member.ask("value things");
        int at = value.indexOf("\"" + path + "\":");
        return at < 0
                ? 0
                : Long.parseLong(value.substring(at + path.length() + 3).split("[,}]", -1)[0]);
    }

    @ParameterizedTest
    @ValueSource(strings = {"memory", "os"})
    void whatAKilledMeshHadAcknowledgedIsThereForAnotherMeshOnItsStore(String durability) {
        MemberProcess host = joined("first", "a", durability);
        MemberProcess follower = joined("first", "b", durability);
        host.ask("flood things /a");
        follower.ask("flood things /b");
        await().atMost(30, TimeUnit.SECONDS).until(() -> host.flooded() > 100 && follower.flooded() > 100);
        host.kill();
        follower.kill();
        MemberProcess next = joined("next", "c", durability);
        assertThat(count(next, "a")).isBetween(host.flooded(), host.flooded() + 11);
        assertThat(count(next, "b")).isBetween(follower.flooded(), follower.flooded() + 11);
        assertThat(next.ask("inc things /c 5")).isEqualTo("acknowledged 5");
        next.ask("close");
        try (ObjectStore written = ObjectStore.open(store())) {
            long revisions = written.get("things").orElseThrow().revision();
            assertThat(written.revisions("things")).hasSize((int) revisions);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"memory", "fsync"})
    void aMeshWhoseMembersWereTakenForDeadStopsAtItsNextCommitAndNeitherLosesWhatItAcknowledged(String durability) {
        MemberProcess host = joined("first", "a", durability);
        MemberProcess follower = joined("first", "b", durability);
        host.ask("flood things /a");
        follower.ask("flood things /b");
        await().atMost(30, TimeUnit.SECONDS).until(() -> host.flooded() > 50 && follower.flooded() > 50);
        host.signal("STOP");
        follower.signal("STOP");
        MemberProcess second = MemberProcess.start(
                LyingWitnesses.class,
                List.of(),
                "second",
                "c",
                meshes(),
                store(),
                durability.equals("os") ? new String[0] : new String[] {durability});
        started.add(second);
        second.join();
        assertThat(second.ask("inc things /c 20")).isEqualTo("acknowledged 20");
        host.signal("CONT");
        follower.signal("CONT");
        host.awaitEvent("status CLOSED");
        follower.awaitEvent("status CLOSED");
        long[] acknowledged = {ended(host), ended(follower)};
        assertThat(second.ask("inc things /c 20")).isEqualTo("acknowledged 20");
        assertThat(count(second, "a")).isBetween(acknowledged[0], acknowledged[0] + 1);
        assertThat(count(second, "b")).isBetween(acknowledged[1], acknowledged[1] + 1);
        assertThat(count(second, "c")).isEqualTo(40);
        assertThat(host.events().stream().filter("status CLOSED"::equals)).hasSize(1);
        assertThat(host.ask("inc things /a 1"))
                .contains("its store " + store() + " was claimed by the mesh in " + meshes().resolve("second"))
                .contains("[STORE_IN_USE]");
    }

    /** How many patches its flood had acknowledged when it ended. */
    private static long ended(MemberProcess member) {
        member.awaitEvent("flood ended after ");
        String said = member.events().stream()
                .filter(event -> event.startsWith("flood ended after "))
                .findFirst()
                .orElseThrow();
        return Long.parseLong(said.split(" ", -1)[3]);
    }

    @ParameterizedTest
    @CsvSource({
        "checked, memory, next",
        "closed, memory, next",
        "closed, memory, first",
        "carried, memory, first",
        "closed, os, next",
        "claimed, os, next"
    })
    void whoIsKilledWhileItTakesAStoreOverIsGoneOnFor(String step, String durability, String next) {
        MemberProcess former = joined("first", "a", durability);
        former.ask("flood things /a");
        await().atMost(30, TimeUnit.SECONDS).until(() -> former.flooded() > 100);
        former.kill();
        try (ChildJvm claimer = ChildJvm.start(StoppingClaimer.class, meshes().toString(), store().toString(), step)) {
            assertThat(claimer.line()).isEqualTo(step);
            claimer.kill();
            claimer.awaitEnd();
        }
        MemberProcess member = joined(next, "b", durability);
        assertThat(count(member, "a")).isBetween(former.flooded(), former.flooded() + 11);
        assertThat(member.ask("inc things /b 5")).isEqualTo("acknowledged 5");
    }

    @Test
    void aJournalThatCannotBeCarriedKeepsTheStoreForItsMesh() throws IOException {
        MemberProcess former = joined("first", "a", "memory");
        former.ask("flood things /a");
        await().atMost(30, TimeUnit.SECONDS).until(() -> former.flooded() > 100);
        former.kill();
        Path journal = meshes().resolve("first/journal");
        Path aside = temporary.resolve("aside");
        Files.move(journal, aside);
        MeshOptions options =
                MeshOptions.DEFAULT.withDirectory(meshes()).withStore(store()).withMemberName("c");
        assertThatThrownBy(() -> Mesh.join("next", options).close())
                .hasMessageContaining("this store belonged to mesh first in " + meshes().resolve("first"))
                .hasMessageContaining("Mesh.remove(\"first\", Path.of(\"" + meshes() + "\"))")
                .hasMessageEndingWith("[STORE_IN_USE]");
        try (Stream<Path> made = Files.list(journal)) {
            assertThat(made).as("nothing was made there").isEmpty();
        }
        Files.delete(journal);
        Files.move(aside, journal);
        MemberProcess again = joined("first", "b", "memory");
        assertThat(count(again, "a")).isBetween(former.flooded(), former.flooded() + 11);
    }

    @Test
    void membersThatReadAllTheirFilesAHundredTimesASecondLoseNothing() {
        MemberProcess host = joined("first", "a", "os");
        MemberProcess follower = joined("first", "b", "os");
        for (MemberProcess member : List.of(host, follower)) {
            assertThat(member.ask("inc things /n 50")).isEqualTo("acknowledged 50");
            member.ask("walk " + store() + " " + meshes());
        }
        MeshOptions second =
                MeshOptions.DEFAULT.withDirectory(meshes()).withStore(store()).withMemberName("stranger");
        long until = System.nanoTime() + WALK_NANOS;
        int strangers = 0;
        try (ObjectStore lone = ObjectStore.open(store())) {
            while (System.nanoTime() - until < 0) {
                assertThatThrownBy(() -> Mesh.join("second", second).close()).hasMessageEndingWith("[STORE_IN_USE]");
                assertThatThrownBy(() -> lone.create("stranger", JsonNodeFactory.instance.objectNode()))
                        .isInstanceOf(StoreException.class)
                        .hasMessageEndingWith("[STORE_IN_USE]");
                assertThat(follower.ask("inc things /n 1")).isEqualTo("acknowledged 1");
                strangers++;
            }
            System.out.println("refused strangers: " + strangers);
            assertThat(lone.get("stranger")).isEmpty();
        }
        assertThat(host.ask("host")).isEqualTo("host 1 a");
        assertThat(follower.ask("members")).isEqualTo("members a,b");
        for (MemberProcess member : List.of(host, follower)) {
            assertThat(member.events()).noneMatch(event -> event.startsWith("left") || event.startsWith("status"));
        }
        assertThat(count(follower, "n")).isEqualTo(100 + strangers);
    }
}
