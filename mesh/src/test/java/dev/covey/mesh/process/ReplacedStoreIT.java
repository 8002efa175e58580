package dev.covey.mesh.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.covey.mesh.Mesh;
import dev.covey.mesh.MeshOptions;
import dev.covey.mesh.Removal;
import dev.covey.store.ObjectStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store that was replaced or removed while its mesh was killed, or alive: everybody is told at once, and nothing is cut. */
class ReplacedStoreIT {
    /** Far below the time for which a join waits for an answer, and enough for a machine that does much else. */
    private static final Duration AT_ONCE = MeshOptions.DEFAULT.joinTimeout().dividedBy(2);

    @TempDir
    Path temporary;

    private Path meshes;
    private Path store;
    private final List<MemberProcess> started = new ArrayList<>();

    @BeforeEach
    void place() {
        meshes = temporary.resolve("meshes");
        store = temporary.resolve("store");
    }

    @AfterEach
    void endAll() {
        started.forEach(MemberProcess::close);
    }

    private MemberProcess start(String name) {
        MemberProcess member = MemberProcess.start("replaced", name, meshes, store);
        started.add(member);
        return member;
    }

    private MemberProcess joined(String name) {
        MemberProcess member = start(name);
        member.join();
        return member;
    }

    @Test
    void aStoreThatWasRestoredUnderTheCellOfKilledMembersIsNeitherCutNorGoneOnWith() {
        MemberProcess host = joined("host");
        MemberProcess other = joined("other");
        MemberProcess later = start("later");
        assertThat(other.ask("inc things /n 41")).isEqualTo("acknowledged 41");
        assertThat(host.ask("value things")).isEqualTo("value {\"n\":41}");
        Path backup = temporary.resolve("backup");
        SmallDisk.run("cp", "-a", store.toString(), backup.toString());
        assertThat(other.ask("inc things /n 260")).isEqualTo("acknowledged 260");
        host.kill();
        other.kill();
        SmallDisk.run("mv", store.toString(), temporary.resolve("newer").toString());
        SmallDisk.run("cp", "-a", backup.toString(), store.toString());

        assertRefusedAtOnce(later, "it is an older copy");

        SmallDisk.run("rm", "-rf", store.toString());
        SmallDisk.run("mv", temporary.resolve("newer").toString(), store.toString());
        later.join();
        assertThat(later.ask("value things")).isEqualTo("value {\"n\":301}");
        later.kill();
        SmallDisk.run("rm", "-rf", store.toString());
        SmallDisk.run("cp", "-a", backup.toString(), store.toString());
        assertThat(Mesh.remove("replaced", meshes).lost()).isEqualTo(Removal.UNKNOWN);
        MemberProcess last = joined("last");
        assertThat(last.ask("value things")).isEqualTo("value {\"n\":41}");
        assertThat(last.ask("inc things /n 1")).isEqualTo("acknowledged 1");
    }

    @Test
    void aJournalThatWasRemovedUnderLivingMembersEndsThemAndWhoJoinsIsToldAtOnce() {
        MemberProcess host = joined("host");
        MemberProcess other = joined("other");
        MemberProcess later = start("later");
        assertThat(other.ask("inc things /n 41")).isEqualTo("acknowledged 41");
        awaitRevisionFiles(41);
        SmallDisk.run("rm", "-rf", store.resolve("journal").toString());
        host.kill();
        assertRefusedAtOnce(later, "[STORE_MISMATCH]");
        other.awaitEvent("status CLOSED");
        assertRefusedAtOnce(later, "it is an older copy, or was removed");
        assertThat(other.ask("inc things /n 1")).contains("failed");
        other.kill();
        assertThat(Mesh.remove("replaced", meshes).dead()).isPositive();
        later.join();
        assertThat(later.ask("value things")).isEqualTo("value {\"n\":41}");
    }

    @Test
    void aStoreThatWasRemovedWhenAllWereDeadIsNamedAtOnceAndNotMadeAgain() {
        MemberProcess host = joined("host");
        MemberProcess later = start("later");
        assertThat(host.ask("inc things /n 41")).isEqualTo("acknowledged 41");
        host.kill();
        SmallDisk.run("rm", "-rf", store.toString());
        assertRefusedAtOnce(later, "has records up to position 0 only");
        assertThat(Files.exists(store)).isFalse();
    }

    private void awaitRevisionFiles(long revision) {
        try (ObjectStore read = ObjectStore.open(store)) {
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> read.get("things")
                            .filter(at -> at.revision() == revision)
                            .isPresent());
        }
    }

    private static void assertRefusedAtOnce(MemberProcess member, String why) {
        long begun = System.nanoTime();
        assertThat(member.ask("join"))
                .startsWith("failed")
                .contains(why)
                .contains("STORE_MISMATCH")
                .doesNotContain("may be frozen");
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(AT_ONCE);
    }
}
