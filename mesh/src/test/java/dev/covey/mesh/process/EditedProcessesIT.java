package dev.covey.mesh.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.covey.mesh.Mesh;
import dev.covey.mesh.MeshOptions;
import dev.covey.patch.Patch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Read-modify-writes of many processes on one object. */
class EditedProcessesIT {
    private static final int CROWD = 8;
    /** How long each measurement takes; the documented figures use more. */
    private static final int MILLIS = Integer.getInteger("covey.edits.millis", 1_000);

    /** After how long at most whoever is behind a frozen or dead member has its turn; it is half a second and a round. */
    private static final long TURN_MILLIS = 3_000;

    @TempDir
    Path temporary;

    private final List<MemberProcess> started = new ArrayList<>();

    @AfterEach
    void endAll() {
        started.forEach(MemberProcess::close);
    }

    private void crowd(int members) {
        for (int i = 0; i < members; i++) {
            started.add(MemberProcess.start("edited", "m" + i, temporary.resolve("meshes"), null));
        }
        started.forEach(MemberProcess::join);
        started.forEach(member -> assertThat(member.ask("edit warm /up 200")).startsWith("edited "));
    }

    /** The first so many edit at once, each in a scope; how many edits there were. */
    private long edits(int editors, String object, List<String> scopes) {
        List<MemberProcess> chosen = started.subList(0, editors);
        for (int i = 0; i < editors; i++) {
            chosen.get(i).tell("edit " + object + " " + scopes.get(i % scopes.size()) + " " + MILLIS);
        }
        long edits = 0;
        for (MemberProcess member : chosen) {
            String[] words = member.answer().split(" ", -1);
            assertThat(words[0]).isEqualTo("edited");
            edits += Long.parseLong(words[1]);
        }
        return edits;
    }

    @Test
    void eightProcessesOnOneScopeLoseNothingAndKeepHalfOfWhatTwoReach() {
        crowd(CROWD);
        List<String> one = List.of("/counter");
        long two = edits(2, "pair", one);
        long eight = edits(CROWD, "crowd", one);
        System.out.printf("edits on one scope within %d ms: %,d by 2, %,d by %d%n", MILLIS, two, eight, CROWD);
        started.get(0).awaitAnswer("value pair", "value {\"counter\":{\"n\":" + two + "}}");
        started.get(0).awaitAnswer("value crowd", "value {\"counter\":{\"n\":" + eight + "}}");
        assertThat(eight).isGreaterThanOrEqualTo(two / 2);
    }

    @Test
    void separateScopesDoNotDisturbEachOther() {
        List<String> scopes = List.of("/a", "/b", "/c", "/d");
        crowd(scopes.size());
        long before = retries();
        long edits = edits(scopes.size(), "parts", scopes);
        System.out.printf("edits on %d scopes within %d ms: %,d%n", scopes.size(), MILLIS, edits);
        assertThat(retries()).isEqualTo(before);
    }

    @Test
    void whenTheHostIsKilledWhileItEditsTheOthersGoOnAndNothingIsLost() {
        crowd(5);
        List<MemberProcess> others = started.subList(1, 4);
        others.forEach(member -> member.tell("edit counted /n " + MILLIS));
        MemberProcess host = started.get(0);
        host.tell("edit counted /n 60000");
        MemberProcess witness = started.get(4);
        await().atMost(30, TimeUnit.SECONDS).until(() -> count(witness) > 50);
        host.kill();
        long edits = 0;
        for (MemberProcess member : others) {
            edits += Long.parseLong(member.answer().split(" ", -1)[1]);
        }
        assertThat(witness.ask("edit counted /after 0")).startsWith("edited 0");
        assertThat(count(witness)).isGreaterThanOrEqualTo(edits);
        assertThat(witness.ask("edit counted /n 500")).startsWith("edited ").doesNotStartWith("edited 0");
    }

    @Test
    void aFrozenMemberInTheLineAndThenADeadOneHoldUpNobody() {
        try (Mesh mesh = Mesh.join("edited", MeshOptions.DEFAULT.withDirectory(temporary.resolve("meshes")))) {
            long lost = 0;
            for (String signal : List.of("STOP", "KILL")) {
                MemberProcess holder =
                        MemberProcess.start("edited", "holder-" + signal, temporary.resolve("meshes"), null);
                started.add(holder);
                holder.join();
                assertThat(holder.ask("turn counted /n")).isEqualTo("has its turn");
                CompletableFuture<Long> behind = unlucky(mesh);
                lost += 3;
                long allLost = lost;
                await().until(() -> mesh.statistics().retries() == allLost);
                assertThat(behind).isNotDone();
                holder.signal(signal);
                long start = System.nanoTime();
                behind.join();
                long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
                System.out.println("a turn went on " + millis + " ms after its holder got SIG" + signal);
                assertThat(millis).isLessThan(TURN_MILLIS);
            }
        }
    }

    /** Loses three times against another thread of its process, so that it stands in the line for the fourth. */
    private static CompletableFuture<Long> unlucky(Mesh mesh) {
        AtomicInteger runs = new AtomicInteger();
        return mesh.object("counted").edit("/n", value -> {
            if (runs.incrementAndGet() <= 3) {
                CompletableFuture.runAsync(() -> mesh.object("counted")
                                .patch(Patch.inc("/n/by", 1))
                                .join())
                        .join();
            }
            value.put("edits", value.path("edits").asLong() + 1);
            return value.get("edits").asLong();
        });
    }

    private static long count(MemberProcess member) {
        String value = member.ask("value counted").replaceAll("[^0-9]", "");
        return value.isEmpty() ? 0 : Long.parseLong(value);
    }

    private long retries() {
        long retries = 0;
        for (MemberProcess member : started) {
            retries += Long.parseLong(member.ask("edit done /here 0").split(" ", -1)[2]);
        }
        return retries;
    }
}
