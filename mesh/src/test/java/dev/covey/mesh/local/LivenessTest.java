package dev.covey.mesh.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.covey.store.ProcessIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who lives, who is dead, and who only seems so: by /proc and by locks. */
class LivenessTest {
    @TempDir
    Path temp;

    private MeshDirectory directory() {
        return MeshDirectory.open("hello", temp.resolve("base"));
    }

    /** Holds a member's file until it is killed. */
    static final class Lives {
        public static void main(String[] arguments) throws IOException {
            MemberLock.hold(MeshDirectory.open("hello", Path.of(arguments[0])), arguments[1]);
            System.out.print(ProcessIdentity.self().text());
            System.in.read();
        }
    }

    @Test
    void aKilledProcessIsSeenDeadByProcAndByItsLock() {
        MeshDirectory directory = directory();
        try (ChildJvm child = ChildJvm.start(Lives.class, directory.base().toString(), "abc")) {
            ProcessIdentity identity =
                    ProcessIdentity.parse(child.line() + "\n").orElseThrow();
            assertThat(MemberLock.identityOf(directory.member("abc"))).contains(identity);
            ProcessIdentity inAnotherContainer =
                    new ProcessIdentity(identity.pid(), identity.startTicks(), "pid:[1]", identity.bootId());
            try (LiveProcess byProc = LiveProcess.watch(identity, directory.member("none"));
                    LiveProcess byLock = LiveProcess.watch(inAnotherContainer, directory.member("abc"))) {
                assertThat(byProc.isDead()).isFalse();
                assertThat(byLock.isDead()).isFalse();
                child.kill();
                await().until(byProc::isDead);
                await().until(byLock::isDead);
                assertThat(byProc.isDead()).isTrue();
            }
        }
    }

    @Test
    void aNumberThatCameBackForAnotherProcessIsDead() {
        ProcessIdentity self = ProcessIdentity.self();
        ProcessIdentity before =
                new ProcessIdentity(self.pid(), self.startTicks() - 1, self.pidNamespace(), self.bootId());
        ProcessIdentity beforeBoot = new ProcessIdentity(
                self.pid(), self.startTicks(), self.pidNamespace(), "00000000-0000-0000-0000-000000000000");
        Path none = directory().member("none");
        assertThat(LiveProcess.watch(self, none).isDead()).isFalse();
        assertThat(LiveProcess.watch(before, none).isDead()).isTrue();
        assertThat(LiveProcess.watch(beforeBoot, none).isDead()).isTrue();
    }

    @Test
    void membersOfOneProcessHoldTheirFilesAndAskingDropsNoLock() throws IOException {
        MeshDirectory directory = directory();
        try (MemberLock one = MemberLock.hold(directory, "one")) {
            MemberLock two = MemberLock.hold(directory, "two");
            assertThat(MemberLock.isHeld(one.path())).isTrue();
            assertThat(MemberLock.identityOf(one.path())).contains(ProcessIdentity.self());
            assertThat(askedFromAnotherProcess(directory, "one")).isEqualTo("true");
            two.close();
            assertThat(askedFromAnotherProcess(directory, "one")).isEqualTo("true");
        }
        assertThat(directory.members()).isEmptyDirectory();
        assertThat(askedFromAnotherProcess(directory, "one")).isEqualTo("false");
    }

    @Test
    void aFileThatADeadMemberLeftIsNotHeld() throws IOException {
        Path left = Files.writeString(
                directory().member("left"), ProcessIdentity.self().text());
        assertThat(MemberLock.isHeld(left)).isFalse();
    }

    @Test
    void anInterruptedThreadTakesAndKeepsItsLock() {
        MeshDirectory directory = directory();
        Thread.currentThread().interrupt();
        try (MemberLock lock = MemberLock.hold(directory, "one")) {
            assertThat(MemberLock.isHeld(lock.path())).isTrue();
            assertThat(Thread.interrupted()).isTrue();
            assertThat(askedFromAnotherProcess(directory, "one")).isEqualTo("true");
        }
    }

    private static String askedFromAnotherProcess(MeshDirectory directory, String token) {
        try (ChildJvm child = ChildJvm.start(Asks.class, directory.member(token).toString())) {
            return child.line();
        }
    }

    /** Says whether the file is held. */
    static final class Asks {
        public static void main(String[] arguments) {
            System.out.println(MemberLock.isHeld(Path.of(arguments[0])));
        }
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
