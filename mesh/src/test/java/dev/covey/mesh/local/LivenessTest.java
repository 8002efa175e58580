package dev.covey.mesh.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.covey.store.ProcessIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who lives, who is dead, and who only seems so: by /proc, by seats and by bells (rule C6). */
class LivenessTest {
    private static final String TOKEN = "0123456789abcdef0123456789abcdef";

    @TempDir
    Path temp;

    private MeshDirectory directory() {
        return MeshDirectory.open("hello", temp.resolve("base"));
    }

    /** The same process as its neighbour in another container knows it: by a number that means another one there. */
    private static ProcessIdentity inAnotherNamespace(ProcessIdentity process) {
        return new ProcessIdentity(process.pid(), process.startTicks(), "pid:[1]", process.bootId());
    }

    /** Has a seat and a bell until it is killed. */
    static final class Lives {
        public static void main(String[] arguments) throws IOException {
            MeshDirectory directory = MeshDirectory.open("hello", Path.of(arguments[0]));
            Seat seat = Seat.take(directory, TOKEN);
            Doorbell bell = Doorbell.open(directory, TOKEN);
            System.out.print(ProcessIdentity.self().text());
            System.in.read();
            bell.arm();
            seat.lookAfter();
        }
    }

    @Test
    void aKilledProcessIsSeenDeadByProcAndFromAnotherNamespaceByItsBell() {
        MeshDirectory directory = directory();
        try (ChildJvm child = ChildJvm.start(Lives.class, directory.base().toString())) {
            ProcessIdentity identity =
                    ProcessIdentity.parse(child.line() + "\n").orElseThrow();
            assertThat(Seat.read(directory.member(TOKEN))).contains(new Seat.Word(identity, false));
            try (LifeSigns byProc = LifeSigns.of(directory, TOKEN, identity);
                    LifeSigns byBell = LifeSigns.of(directory, TOKEN, inAnotherNamespace(identity))) {
                assertThat(byProc.verdict()).isEqualTo(Verdict.ALIVE);
                assertThat(byBell.verdict()).isEqualTo(Verdict.ALIVE);
                assertThat(LifeSigns.anybodyLives(directory)).isTrue();
                child.kill();
                await().until(() -> byProc.verdict() == Verdict.PROCESS_GONE);
                await().until(() -> byBell.verdict() == Verdict.BELL_REFUSES);
                assertThat(byProc.verdict()).isEqualTo(Verdict.PROCESS_GONE);
                assertThat(LifeSigns.anybodyLives(directory)).isFalse();
            }
        }
    }

    @Test
    void aNumberThatCameBackForAnotherProcessIsDead() {
        ProcessIdentity self = ProcessIdentity.self();
        ProcessIdentity before =
                new ProcessIdentity(self.pid(), self.startTicks() - 2, self.pidNamespace(), self.bootId());
        ProcessIdentity beforeBoot = new ProcessIdentity(
                self.pid(), self.startTicks(), self.pidNamespace(), "00000000-0000-0000-0000-000000000000");
        assertThat(LifeSigns.once(directory(), TOKEN, self)).isEqualTo(Verdict.ALIVE);
        assertThat(LifeSigns.once(directory(), TOKEN, before)).isEqualTo(Verdict.PROCESS_GONE);
        assertThat(LifeSigns.once(directory(), TOKEN, beforeBoot)).isEqualTo(Verdict.PROCESS_GONE);
    }

    @Test
    void aSeatThatWasRemovedIsNoDeathAndItsOwnerMakesItAgain() throws IOException {
        MeshDirectory directory = directory();
        Seat seat = Seat.take(directory, TOKEN);
        try (LifeSigns signs = LifeSigns.of(directory, TOKEN, ProcessIdentity.self())) {
            Files.delete(seat.path());
            assertThat(signs.verdict()).isEqualTo(Verdict.ALIVE);
            assertThat(seat.lookAfter()).isTrue();
            assertThat(seat.lookAfter()).isFalse();
            Files.writeString(seat.path(), "");
            assertThat(signs.verdict()).isEqualTo(Verdict.ALIVE);
            assertThat(seat.lookAfter()).isTrue();
            assertThat(Seat.read(seat.path())).contains(new Seat.Word(ProcessIdentity.self(), false));
            seat.remove();
            assertThat(signs.verdict()).isEqualTo(Verdict.ALIVE);
        }
        assertThat(directory.members()).isEmptyDirectory();
    }

    @Test
    void aMemberThatSaidThatItLeftIsDeadInALivingProcessAsLongAsItSaysSo() throws IOException {
        MeshDirectory directory = directory();
        Seat seat = Seat.take(directory, TOKEN);
        try (LifeSigns near = LifeSigns.of(directory, TOKEN, ProcessIdentity.self());
                LifeSigns far = LifeSigns.of(directory, TOKEN, inAnotherNamespace(ProcessIdentity.self()))) {
            assertThat(near.verdict()).isEqualTo(Verdict.ALIVE);
            seat.sayLeft();
            assertThat(near.verdict()).isEqualTo(Verdict.LEFT);
            await().until(() -> far.verdict() == Verdict.LEFT);
            assertThat(LifeSigns.ofSeat(directory, seat.path())).isEqualTo(Verdict.LEFT);
            assertThat(LifeSigns.anybodyLives(directory)).isFalse();
            assertThat(seat.lookAfter()).isFalse();
            Files.delete(seat.path());
            assertThat(near.verdict()).isEqualTo(Verdict.ALIVE);
        }
    }

    /** Each of these refuses a connection, or cannot be connected to, while the member lives. */
    @Test
    void aBellThatIsMissingOrBrokenOrNoBellProvesNothing() throws IOException {
        MeshDirectory directory = directory();
        try (Doorbell bell = Doorbell.open(directory, TOKEN)) {
            Path socket = directory.bell(bell.slot());
            assertThat(seenFromAfar(directory)).isEqualTo(Verdict.ALIVE);
            Files.delete(socket);
            assertThat(seenFromAfar(directory)).isEqualTo(Verdict.UNKNOWN);
            Files.writeString(socket, "no socket");
            assertThat(seenFromAfar(directory)).isEqualTo(Verdict.UNKNOWN);
        }
        try (Doorbell bell = Doorbell.open(directory, TOKEN)) {
            assertThat(seenFromAfar(directory)).isEqualTo(Verdict.ALIVE);
            bell.goDeaf();
            assertThat(directory.bell(bell.slot())).doesNotExist();
            assertThat(seenFromAfar(directory)).isEqualTo(Verdict.UNKNOWN);
        }
        Files.delete(directory.bellPage());
        assertThat(seenFromAfar(directory)).isEqualTo(Verdict.UNKNOWN);
    }

    private static Verdict seenFromAfar(MeshDirectory directory) {
        return LifeSigns.once(directory, TOKEN, inAnotherNamespace(ProcessIdentity.self()));
    }

    @Test
    void aMeshWhoseSeatsWereAllRemovedStillHasALivingMember() throws IOException {
        MeshDirectory directory = directory();
        Seat seat = Seat.take(directory, TOKEN);
        try (Doorbell bell = Doorbell.open(directory, TOKEN)) {
            Files.delete(seat.path());
            assertThat(LifeSigns.anybodyLives(directory)).isTrue();
            assertThat(bell.slot()).isEqualTo(1);
        }
        assertThat(LifeSigns.anybodyLives(directory)).isFalse();
    }

    /** POSIX drops a process's locks on a file when any of its descriptors is closed; so no seat depends on one. */
    @Test
    void aSeatThatItsOwnProcessReadsIsStillTaken() throws IOException {
        MeshDirectory directory = directory();
        Seat seat = Seat.take(directory, TOKEN);
        assertThat(Files.readAllBytes(seat.path())).isNotEmpty();
        try (ChildJvm child = ChildJvm.start(Asks.class, directory.base().toString())) {
            assertThat(child.line()).isEqualTo("ALIVE true");
        }
    }

    /** Says what another process finds. */
    static final class Asks {
        public static void main(String[] arguments) {
            MeshDirectory directory = MeshDirectory.open("hello", Path.of(arguments[0]));
            System.out.println(
                    LifeSigns.ofSeat(directory, directory.member(TOKEN)) + " " + LifeSigns.anybodyLives(directory));
        }
    }

    @Test
    void anInterruptedThreadTakesItsSeatAndStaysInterrupted() {
        MeshDirectory directory = directory();
        Thread.currentThread().interrupt();
        Seat seat = Seat.take(directory, TOKEN);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(LifeSigns.ofSeat(directory, seat.path())).isEqualTo(Verdict.ALIVE);
    }

    @Test
    void claimsOfAnEpochAreFoundUntilTheyAreRemoved() {
        Claims claims = new Claims(directory());
        Claims.Claim first = new Claims.Claim(7, "abc", ProcessIdentity.self());
        Claims.Claim second = new Claims.Claim(7, "abd", ProcessIdentity.self());
        claims.publish(first);
        claims.publish(second);
        claims.publish(new Claims.Claim(8, "abc", ProcessIdentity.self()));
        assertThat(claims.holders(7)).containsExactly(first, second);
        claims.remove(7, "abd");
        assertThat(claims.holders(7)).containsExactly(first);
        claims.removeBelow(8);
        assertThat(claims.holders(7)).isEmpty();
        assertThat(claims.holders(8)).hasSize(1);
    }
}
