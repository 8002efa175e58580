package dev.covey.mesh.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is promised when processes are stopped and go on later, as in a debugger or a paused container. */
class FrozenProcessesIT {
    private static final long REJOIN_MILLIS = 1_000;
    private static final long DELAY_MILLIS = 50;
    private static final int KILOBYTES = 60_000;

    @TempDir
    Path temporary;

    private final List<MemberProcess> started = new ArrayList<>();

    private MemberProcess joined(String name) {
        MemberProcess member = MemberProcess.start("frozen", name, temporary.resolve("meshes"), null);
        started.add(member);
        member.join();
        return member;
    }

    @AfterEach
    void endAll() {
        started.forEach(MemberProcess::close);
    }

    @Test
    void aFrozenHostIsDeposedAndIsAMemberAgainWithinASecondOfItsThaw() {
        MemberProcess host = joined("host");
        MemberProcess next = joined("next");
        assertThat(host.ask("inc things /n 10")).isEqualTo("acknowledged 10");
        host.signal("STOP");
        assertThat(next.ask("inc things /n 1")).isEqualTo("acknowledged 1");
        next.awaitEvent("host 2 next");
        host.signal("CONT");
        long thawed = System.nanoTime();
        assertThat(host.ask("inc things /n 1")).isEqualTo("acknowledged 1");
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - thawed)).isLessThan(REJOIN_MILLIS);
        assertThat(host.ask("host")).isEqualTo("host 2 next");
        assertThat(host.ask("value things")).isEqualTo("value {\"n\":12}");
    }

    @Test
    void aFrozenHostUnderLoadIsFencedAndNothingIsLostOrDoubled() {
        MemberProcess host = joined("host");
        MemberProcess next = joined("next");
        MemberProcess third = joined("third");
        host.tell("inc things /n 20000");
        next.tell("inc things /n 20000");
        await().atMost(30, TimeUnit.SECONDS)
                .until(() -> !third.ask("value things").equals("value {}"));
        host.signal("STOP");
        third.awaitEvent("host 2");
        assertThat(next.answer()).isEqualTo("acknowledged 20000");
        host.signal("CONT");
        assertThat(host.answer()).isEqualTo("acknowledged 20000");
        assertThat(third.ask("inc things /n 1")).isEqualTo("acknowledged 1");
        assertThat(third.ask("value things")).isEqualTo("value {\"n\":40001}");
    }

    @Test
    void aMemberThatComesBackIsWrittenASnapshotWhichOthersFarBehindTakeTooIfNobodyListensThere() {
        MemberProcess host = joined("host");
        MemberProcess next = joined("next");
        MemberProcess behind = joined("behind");
        MemberProcess observing = joined("observing");
        assertThat(observing.ask("observe things /n")).isEqualTo("observing");
        List.of(host, behind, observing).forEach(member -> member.signal("STOP"));
        assertThat(next.ask("inc things /n 20000")).isEqualTo("acknowledged 20000");
        assertThat(snapshots()).isEmpty();
        host.signal("CONT");
        assertThat(host.ask("inc things /n 1")).isEqualTo("acknowledged 1");
        await().atMost(10, TimeUnit.SECONDS).until(() -> !snapshots().isEmpty());
        List.of(behind, observing).forEach(member -> {
            member.signal("CONT");
            assertThat(member.ask("inc things /n 1")).isEqualTo("acknowledged 1");
        });
        assertThat(behind.ask("snapshots")).isEqualTo("snapshots 1");
        assertThat(observing.ask("snapshots")).isEqualTo("snapshots 0");
        assertThat(observing.ask("value things")).isEqualTo("value {\"n\":20003}");
    }

    @Test
    void aFrozenFollowerDelaysNobodyAndComesBackByTheJournal() {
        joined("host");
        MemberProcess frozen = joined("frozen");
        MemberProcess other = joined("other");
        assertThat(other.ask("inc things /n 20000")).isEqualTo("acknowledged 20000");
        long before = slowest(other);
        frozen.signal("STOP");
        long during = slowest(other);
        frozen.signal("CONT");
        assertThat(during).isLessThanOrEqualTo(before + DELAY_MILLIS);
        String value = other.ask("value things");
        await().atMost(10, TimeUnit.SECONDS)
                .until(() -> frozen.ask("value things").equals(value));
        assertThat(frozen.ask("inc things /n 1")).isEqualTo("acknowledged 1");
    }

    @Test
    void aFollowerWhosePartOfTheJournalIsGoneComesBackByASnapshot() {
        joined("host");
        MemberProcess frozen = joined("frozen");
        MemberProcess other = joined("other");
        assertThat(frozen.ask("observe counted /n")).isEqualTo("observing");
        assertThat(other.ask("inc counted /n 1")).isEqualTo("acknowledged 1");
        await().until(() -> frozen.ask("seen").equals("seen 1 1 0"));
        List<Path> old = segments();
        frozen.signal("STOP");
        assertThat(other.ask("pour things " + KILOBYTES / 2)).isEqualTo("acknowledged " + KILOBYTES / 2);
        assertThat(other.ask("inc counted /n 3")).isEqualTo("acknowledged 3");
        assertThat(other.ask("pour things " + KILOBYTES / 2)).isEqualTo("acknowledged " + KILOBYTES / 2);
        await().atMost(20, TimeUnit.SECONDS).until(() -> old.stream().noneMatch(Files::exists));
        frozen.signal("CONT");
        String value = other.ask("value things");
        await().atMost(10, TimeUnit.SECONDS)
                .until(() -> frozen.ask("value things").equals(value));
        assertThat(frozen.ask("inc things /n 1")).isEqualTo("acknowledged 1");
        assertThat(frozen.ask("inc counted /n 1")).isEqualTo("acknowledged 1");
        await().until(() -> frozen.ask("seen").startsWith("seen 5 "));
        assertThat(frozen.ask("seen")).isEqualTo("seen 5 2 1");
    }

    private static long slowest(MemberProcess member) {
        return Long.parseLong(member.ask("slowest things /n 1500").substring("slowest ".length()));
    }

    private List<Path> segments() {
        return journalFiles(".segment");
    }

    private List<Path> snapshots() {
        return journalFiles(".snapshot");
    }

    private List<Path> journalFiles(String end) {
        try (var files = Files.list(temporary.resolve("meshes/frozen/journal"))) {
            return files.filter(file -> file.getFileName().toString().endsWith(end))
                    .toList();
        } catch (IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }
}
