package dev.covey.mesh.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.covey.store.ObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is promised when processes die, shown with processes that are killed. */
class KilledProcessesIT {
    private static final int CROWD = 20;

    @TempDir
    Path temporary;

    private final List<MemberProcess> started = new ArrayList<>();

    private MemberProcess start(String name, @Nullable Path store) {
        MemberProcess member = MemberProcess.start("people", name, temporary.resolve("meshes"), store);
        started.add(member);
        return member;
    }

    private MemberProcess joined(String name, @Nullable Path store) {
        MemberProcess member = start(name, store);
        member.join();
        return member;
    }

    @AfterEach
    void endAll() {
        started.forEach(MemberProcess::close);
    }

    @Test
    void aCrowdThatJoinsInTheSameInstantIsOneMeshWithOneHost() {
        List<MemberProcess> crowd = new ArrayList<>();
        for (int i = 0; i < CROWD; i++) {
            crowd.add(start("m" + i, null));
        }
        crowd.forEach(member -> member.tell("join"));
        crowd.forEach(member -> assertThat(member.answer()).startsWith("joined"));
        MemberProcess first = crowd.get(0);
        await().atMost(20, TimeUnit.SECONDS).until(() -> first.ask("members").split(",").length == CROWD);
        String host = first.ask("host");
        assertThat(host).startsWith("host 1 ").doesNotEndWith("-");
        for (MemberProcess member : crowd) {
            assertThat(member.ask("inc crowd /all 1")).isEqualTo("acknowledged 1");
            assertThat(member.ask("host")).isEqualTo(host);
        }
        MemberProcess last = crowd.get(CROWD - 1);
        assertThat(last.ask("value crowd")).isEqualTo("value {\"all\":" + CROWD + "}");
    }

    @Test
    void whenTheHostIsKilledAnotherCarriesOnAndNothingAcknowledgedIsLost() {
        MemberProcess host = joined("host", null);
        MemberProcess one = joined("one", null);
        MemberProcess two = joined("two", null);
        host.ask("flood things /host");
        one.ask("flood things /one");
        two.ask("flood things /two");
        await().atMost(30, TimeUnit.SECONDS).until(() -> one.flooded() > 100 && two.flooded() > 100);
        host.kill();
        one.awaitEvent("host 2");
        two.awaitEvent("left host died");
        long floor = one.flooded();
        await().atMost(30, TimeUnit.SECONDS).until(() -> one.flooded() > floor + 100);
        assertThat(count(one, "host")).isBetween(host.flooded(), host.flooded() + 11);
        long told = one.flooded();
        assertThat(count(one, "one")).isGreaterThanOrEqualTo(told);
        assertThat(one.ask("members")).isEqualTo("members one,two");
        await().atMost(10, TimeUnit.SECONDS).until(() -> entries("people/members", "") == 2);
        await().atMost(10, TimeUnit.SECONDS).until(() -> entries("people", "driver-1") == 0);
    }

    @Test
    void whenHostAndSuccessorAreKilledTogetherTheThirdCarriesOn() {
        MemberProcess host = joined("host", null);
        MemberProcess successor = joined("successor", null);
        MemberProcess third = joined("third", null);
        assertThat(host.ask("inc things /n 500")).isEqualTo("acknowledged 500");
        host.kill();
        successor.kill();
        assertThat(third.ask("inc things /n 1")).isEqualTo("acknowledged 1");
        assertThat(third.ask("value things")).isEqualTo("value {\"n\":501}");
        third.awaitEvent("left successor died");
    }

    @Test
    void whenAllAreKilledTheNextToJoinFindsEverythingAcknowledged() throws IOException {
        Path store = temporary.resolve("store");
        MemberProcess one = joined("one", store);
        MemberProcess two = joined("two", null);
        assertThat(one.ask("inc things /one 3000")).isEqualTo("acknowledged 3000");
        assertThat(two.ask("inc things /two 2000")).isEqualTo("acknowledged 2000");
        one.kill();
        two.kill();

        MemberProcess later = joined("later", store);
        assertThat(later.ask("value things")).isEqualTo("value {\"one\":3000,\"two\":2000}");
        assertThat(later.ask("members")).isEqualTo("members later");
        assertThat(later.ask("inc things /later 1")).isEqualTo("acknowledged 1");
        assertThat(later.ask("close")).isEqualTo("closed");

        assertRevisionFiles(store, 5001);
        assertThat(Files.exists(temporary.resolve("meshes/people"))).isFalse();
    }

    @Test
    void whenTheMeshDirectoryIsGoneTooTheJournalOfTheStoreIsEnough() throws IOException {
        Path store = temporary.resolve("store");
        MemberProcess one = joined("one", store);
        assertThat(one.ask("inc things /one 3000")).isEqualTo("acknowledged 3000");
        one.kill();
        deleteTree(temporary.resolve("meshes/people"));

        MemberProcess later = joined("later", store);
        assertThat(later.ask("value things")).isEqualTo("value {\"one\":3000}");
        assertThat(later.ask("close")).isEqualTo("closed");
        assertRevisionFiles(store, 3000);
    }

    @Test
    void whenTheMeshDirectoryIsWipedUnderTheLivingTheyStopAndTheStoreHasAllThatWasAcknowledged() {
        Path store = temporary.resolve("store");
        MemberProcess host = joined("host", store);
        MemberProcess next = joined("next", null);
        assertThat(next.ask("inc things /n 2000")).isEqualTo("acknowledged 2000");
        assertThat(SmallDisk.run("rm", "-rf", temporary.resolve("meshes/people").toString()))
                .isEmpty();
        for (MemberProcess member : List.of(host, next)) {
            await().atMost(20, TimeUnit.SECONDS)
                    .until(() -> member.ask("inc things /late 1").contains("[TRANSPORT_LOST]"));
        }
        MemberProcess later = joined("later", store);
        assertThat(count(later, "n")).isEqualTo(2000);
        assertThat(later.ask("inc things /n 1")).isEqualTo("acknowledged 1");
        assertThat(later.ask("members")).isEqualTo("members later");
        assertThat(later.ask("close")).isEqualTo("closed");
    }

    @Test
    void aHostThatClosesHandsOverAndALateJoinerSeesAll() {
        MemberProcess host = joined("host", null);
        MemberProcess next = joined("next", null);
        assertThat(host.ask("inc things /n 2000")).isEqualTo("acknowledged 2000");
        next.ask("flood things /flood");
        await().atMost(30, TimeUnit.SECONDS).until(() -> next.flooded() > 10);
        assertThat(host.ask("close")).isEqualTo("closed");
        next.awaitEvent("host 2 next");
        next.awaitEvent("left host closed");
        long floor = next.flooded();
        await().atMost(30, TimeUnit.SECONDS).until(() -> next.flooded() > floor);
        MemberProcess late = joined("late", null);
        assertThat(count(late, "n")).isEqualTo(2000);
    }

    /** How many entries of a directory in the mesh's begin with that. */
    private long entries(String directory, String prefix) throws IOException {
        try (var files = Files.list(temporary.resolve("meshes").resolve(directory))) {
            return files.filter(file -> file.getFileName().toString().startsWith(prefix))
                    .count();
        }
    }

    private static void assertRevisionFiles(Path store, long revisions) {
        try (ObjectStore read = ObjectStore.open(store)) {
            long[] expected = {1};
            read.revisions("things")
                    .forEach(revision -> assertThat(revision.number()).isEqualTo(expected[0]++));
            assertThat(expected[0] - 1).isEqualTo(revisions);
        }
    }

    private static long count(MemberProcess member, String what) {
        String value = member.ask("value things");
        int at = value.indexOf("\"" + what + "\":") + what.length() + 3;
        int end = at;
        while (Character.isDigit(value.charAt(end))) {
            end++;
        }
        return Long.parseLong(value.substring(at, end));
    }

    private static void deleteTree(Path root) throws IOException {
        try (var paths = Files.walk(root)) {
            for (Path path : paths.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
