package dev.covey.mesh.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.covey.mesh.Member;
import dev.covey.mesh.Mesh;
import dev.covey.mesh.MeshOptions;
import dev.covey.mesh.ObjectOptions;
import dev.covey.mesh.SharedObject;
import dev.covey.mesh.Writer;
import dev.covey.patch.Patch;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Permits of processes that are killed, frozen, or start all at once. */
class WritersIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long SOON_MILLIS = 1_000;
    private static final int STARTERS = 10;
    private static final int WRITERS = 3;

    @TempDir
    Path base;

    private MeshOptions options(String member) {
        return MeshOptions.DEFAULT.withDirectory(base).withMemberName(member);
    }

    @Test
    void thePermitOfAKilledMemberIsFreeWithinMilliseconds() {
        try (Mesh mesh = Mesh.join("killed", options("host"));
                MemberProcess member = MemberProcess.start("killed", "victim", base, null)) {
            member.join();
            assertThat(member.ask("writer ledger 1 0")).startsWith("token");
            assertThat(member.ask("write ledger /n")).isEqualTo("revision 1");
            assertThat(millisUntilGranted(mesh, member)).isLessThan(SOON_MILLIS);
        }
    }

    @Test
    void thePermitOfAKilledHostGoesToTheNextInTheLineThatItKept() {
        try (MemberProcess host = MemberProcess.start("host", "victim", base, null)) {
            host.join();
            assertThat(host.ask("writer ledger 1 0")).startsWith("token");
            try (Mesh mesh = Mesh.join("host", options("next"))) {
                assertThat(millisUntilGranted(mesh, host)).isLessThan(SOON_MILLIS);
                assertThat(mesh.epoch()).isEqualTo(2);
            }
        }
    }

    /** From the kill to the permit in the hand of who waited for it, who then writes. */
    private static long millisUntilGranted(Mesh mesh, MemberProcess holder) {
        SharedObject ledger = mesh.object("ledger");
        assertThatThrownBy(ledger::writer).hasMessageContaining("(victim)").hasMessageContaining("[MAX_WRITERS]");
        CompletableFuture<Long> granted = CompletableFuture.supplyAsync(() -> {
            try (Writer writer = ledger.writer(PATIENCE)) {
                long at = System.nanoTime();
                writer.patch(Patch.inc("/n", 1)).join();
                return at;
            }
        });
        await().pollDelay(Duration.ZERO).until(() -> mesh.members().size() == 2 && !granted.isDone());
        long killed = System.nanoTime();
        holder.kill();
        long millis = TimeUnit.NANOSECONDS.toMillis(granted.join() - killed);
        System.out.println("a permit went on " + millis + " ms after kill -9 of its holder");
        return millis;
    }

    @Test
    void aFrozenHolderKeepsItsPermitUnlessTheObjectSaysOtherwise() {
        try (Mesh mesh = Mesh.join("frozen", options("host"));
                MemberProcess member = MemberProcess.start("frozen", "sleeper", base, null)) {
            member.join();
            assertThat(member.ask("writer kept 1 0")).startsWith("token");
            assertThat(member.ask("writer expiring 1 500")).startsWith("token");
            ObjectOptions expiring = ObjectOptions.DEFAULT.withMaxWriters(1).withWriterExpiry(Duration.ofMillis(500));

            member.signal("STOP");
            try (Writer writer = mesh.object("expiring", expiring).writer(PATIENCE)) {
                writer.patch(Patch.inc("/n", 1)).join();
                assertThatThrownBy(() -> mesh.object("kept").writer(Duration.ofMillis(100)))
                        .hasMessageContaining("held by sleeper");
                member.signal("CONT");
                member.awaitEvent("lost expiring");
                assertThat(member.ask("write expiring /n")).isEqualTo("refused NOT_A_WRITER");
                assertThat(member.ask("write kept /n")).isEqualTo("revision 1");
                assertThat(writer.isHeld()).isTrue();
            }
        }
    }

    @Test
    void aHolderThatLivesKeepsAPermitThatExpires() {
        try (Mesh mesh = Mesh.join("lives", options("host"));
                MemberProcess member = MemberProcess.start("lives", "worker", base, null)) {
            member.join();
            assertThat(member.ask("writer ledger 1 1000")).startsWith("token");
            assertThatThrownBy(() -> mesh.object("ledger").writer(Duration.ofMillis(2_500)))
                    .hasMessageContaining("held by worker");
            assertThat(member.ask("write ledger /n")).isEqualTo("revision 1");
        }
    }

    @Test
    void ofTenThatStartAtOnceSoManyBecomeWritersAsThereMayBe() {
        List<MemberProcess> starters = new ArrayList<>();
        try {
            for (int i = 0; i < STARTERS; i++) {
                starters.add(MemberProcess.start("crowd", "starter-" + i, base, null));
                assertThat(starters.get(i).ask("limit " + WRITERS)).isEqualTo("limited");
            }
            starters.forEach(starter -> starter.tell("join"));
            List<String> answers = starters.stream().map(MemberProcess::answer).toList();
            assertThat(answers)
                    .filteredOn(answer -> answer.startsWith("joined"))
                    .hasSize(WRITERS);
            assertThat(answers)
                    .filteredOn(answer -> !answer.startsWith("joined"))
                    .allSatisfy(answer -> assertThat(answer).contains("[MAX_WRITERS]"));
            try (Mesh reader = Mesh.join("crowd", options("reader"))) {
                assertThat(reader.members().stream().filter(WritersIT::isWriter))
                        .hasSize(WRITERS);
            }
        } finally {
            starters.forEach(MemberProcess::close);
        }
    }

    private static boolean isWriter(Member member) {
        return member.roles().contains(MeshOptions.WRITER);
    }

    @Test
    void whoStartsOverTheRemainsOfADeadHostFindsItsPlacesFree() {
        try (MemberProcess dead = MemberProcess.start("remains", "victim", base, null)) {
            assertThat(dead.ask("limit 1")).isEqualTo("limited");
            dead.join();
            assertThat(dead.ask("writer ledger 1 0")).startsWith("token");
            assertThat(dead.ask("write ledger /n")).isEqualTo("revision 1");
            dead.kill();
        }
        MeshOptions writing = options("heir").withRole(MeshOptions.WRITER);
        try (Mesh mesh = Mesh.join("remains", writing);
                Writer writer = mesh.object("ledger").writer()) {
            assertThat(writer.patch(Patch.inc("/n", 1)).join().number()).isEqualTo(2);
            assertThatThrownBy(() -> Mesh.join("remains", writing)).hasMessageContaining("[MAX_WRITERS]");
        }
    }
}
