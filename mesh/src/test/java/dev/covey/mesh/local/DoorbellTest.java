package dev.covey.mesh.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoorbellTest {
    @TempDir
    Path temp;

    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
    }

    private MeshDirectory directory() {
        return MeshDirectory.open("hello", temp.resolve("base"));
    }

    private Doorbell bell(MeshDirectory directory, LifeId token) {
        Seat.take(directory, token.text());
        Doorbell bell = Doorbell.open(directory, token.text());
        open.add(bell);
        return bell;
    }

    private Ringer ringer(MeshDirectory directory, Doorbell own) {
        Ringer ringer = new Ringer(directory, own);
        open.add(ringer);
        return ringer;
    }

    private static LifeId token(long number) {
        return new LifeId(number, number);
    }

    @Test
    void whoIsAwakeIsNotRung() {
        MeshDirectory directory = directory();
        Ringer ringer = ringer(directory, bell(directory, token(1)));
        Doorbell other = bell(directory, token(2));
        assertThat(ringer.ringAll()).isZero();
        other.arm();
        other.disarm();
        assertThat(ringer.ringAll()).isZero();
        assertThat(ringer.ring(token(2))).isFalse();
        assertThat(ringer.ring(token(77))).isFalse();
    }

    @Test
    void aRingBetweenArmingAndSleepingEndsTheSleepAtOnce() {
        MeshDirectory directory = directory();
        Ringer ringer = ringer(directory, bell(directory, token(1)));
        Doorbell sleeper = bell(directory, token(2));
        long longest = 0;
        for (int i = 0; i < 100; i++) {
            sleeper.arm();
            assertThat(ringer.ring(token(2))).isTrue();
            long start = System.nanoTime();
            sleeper.sleep();
            longest += System.nanoTime() - start;
            assertThat(sleeper.isArmed()).isFalse();
        }
        assertThat(TimeUnit.NANOSECONDS.toMillis(longest)).isLessThan(100 * Doorbell.SLEEP_MILLIS / 2);
    }

    @Test
    void nobodyRingsItselfAndASleepWithoutARingEndsByItself() {
        MeshDirectory directory = directory();
        Doorbell own = bell(directory, token(1));
        Ringer ringer = ringer(directory, own);
        own.arm();
        assertThat(ringer.ringAll()).isZero();
        long start = System.nanoTime();
        own.sleep();
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start))
                .isGreaterThanOrEqualTo(Doorbell.SLEEP_MILLIS - 1);
    }

    @Test
    void anInterruptedSleeperSleepsAndStaysInterruptedAndHearsTheNextRing() {
        MeshDirectory directory = directory();
        Ringer ringer = ringer(directory, bell(directory, token(1)));
        Doorbell sleeper = bell(directory, token(2));
        for (int i = 0; i < 20; i++) {
            Thread.currentThread().interrupt();
            sleeper.arm();
            sleeper.sleep();
            assertThat(Thread.interrupted()).isTrue();
        }
        sleeper.arm();
        assertThat(ringer.ringAll()).isEqualTo(1);
        sleeper.sleep();
    }

    @Test
    void threadsOfItsOwnProcessWakeItWithoutASocket() throws InterruptedException {
        Doorbell sleeper = bell(directory(), token(1));
        AtomicLong news = new AtomicLong();
        Thread teller = new Thread(() -> {
            for (int i = 1; i <= 200; i++) {
                long told = i;
                news.set(told);
                sleeper.wake();
                await().pollInterval(1, TimeUnit.MILLISECONDS).until(() -> news.get() == -told);
            }
        });
        teller.start();
        for (int i = 1; i <= 200; ) {
            sleeper.arm();
            if (news.get() == i) {
                sleeper.disarm();
                news.set(-i++);
            } else {
                sleeper.sleep();
            }
        }
        teller.join();
    }

    @Test
    void aDirectoryTooDeepForASocketSleepsByTheClock() {
        MeshDirectory deep = MeshDirectory.open("hello", temp.resolve("d".repeat(120)));
        Doorbell sleeper = bell(deep, token(2));
        Ringer ringer = ringer(deep, bell(deep, token(1)));
        long start = System.nanoTime();
        sleeper.arm();
        ringer.ringAll();
        sleeper.sleep();
        sleeper.arm();
        sleeper.wake();
        sleeper.sleep();
        assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start)).isZero();
    }

    /** Sleeps and answers: wishes for a snapshot at what it finds in the cell's place of a control file it shares. */
    static final class Answers {
        public static void main(String[] arguments) {
            MeshDirectory directory = MeshDirectory.open("hello", Path.of(arguments[0]));
            ControlFile control = ControlFile.open(directory, 1).orElseThrow();
            Seat.take(directory, token(2).text());
            Doorbell bell = Doorbell.open(directory, token(2).text());
            Ringer ringer = new Ringer(directory, bell);
            System.out.println("ready");
            while (bell.slot() != 0) {
                if (answered(control)) {
                    ringer.ring(token(1));
                    continue;
                }
                bell.arm();
                if (answered(control)) {
                    bell.disarm();
                    ringer.ring(token(1));
                } else {
                    bell.sleep();
                }
            }
        }

        private static boolean answered(ControlFile control) {
            long asked = control.cell();
            if (control.wantedSnapshot() == asked) {
                return false;
            }
            control.wantSnapshot(asked);
            return true;
        }
    }

    @Test
    void twoProcessesWakeEachOtherAThousandTimesAndNoRingIsLost() {
        MeshDirectory directory = directory();
        ControlFile control =
                ControlFile.create(directory, new ControlFile.Birth(LifeId.random(), 1, new byte[0], 1, 0));
        Doorbell bell = bell(directory, token(1));
        Ringer ringer = ringer(directory, bell);
        try (ChildJvm child = ChildJvm.start(Answers.class, directory.base().toString())) {
            assertThat(child.line()).isEqualTo("ready");
            int rounds = 1_000;
            long[] nanos = new long[rounds];
            for (int i = 0; i < rounds; i++) {
                long start = System.nanoTime();
                control.compareAndSetCell(control.cell(), control.cell() + 1);
                ringer.ring(token(2));
                awaitAnswer(control, bell);
                nanos[i] = System.nanoTime() - start;
            }
            Arrays.sort(nanos);
            assertThat(nanos[rounds / 2]).as("median of there and back").isLessThan(5_000_000);
        }
    }

    private static void awaitAnswer(ControlFile control, Doorbell bell) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (control.wantedSnapshot() != control.cell()) {
            assertThat(System.nanoTime() - deadline).as("over the limit").isNegative();
            bell.arm();
            if (control.wantedSnapshot() == control.cell()) {
                bell.disarm();
            } else {
                bell.sleep();
            }
        }
    }

    /** Arms its bell, says so, and never sleeps. */
    static final class FallsAsleepAndDies {
        public static void main(String[] arguments) throws IOException {
            MeshDirectory directory = MeshDirectory.open("hello", Path.of(arguments[0]));
            Seat.take(directory, token(2).text());
            Doorbell.open(directory, token(2).text()).arm();
            System.out.println("armed");
            System.in.read();
        }
    }

    @Test
    void aMemberThatDiedAsleepHindersNobodyAndItsSlotIsUsedAgain() {
        MeshDirectory directory = directory();
        Doorbell own = bell(directory, token(1));
        Ringer ringer = ringer(directory, own);
        try (ChildJvm child =
                ChildJvm.start(FallsAsleepAndDies.class, directory.base().toString())) {
            assertThat(child.line()).isEqualTo("armed");
            child.kill();
            child.awaitEnd();
        }
        await().until(() -> LifeSigns.ofSeat(directory, directory.member(token(2).text())) == Verdict.PROCESS_GONE);
        assertThat(ringer.ringAll()).isEqualTo(1);
        assertThat(ringer.ringAll()).isZero();
        Doorbell heir = bell(directory, token(3));
        assertThat(heir.slot()).isEqualTo(2);
        heir.arm();
        assertThat(ringer.ring(token(2))).isFalse();
        assertThat(ringer.ring(token(3))).isTrue();
        heir.sleep();
    }

    /** Some members have found the new page, others still sleep by the old one: both are rung. */
    @Test
    void aPageThatWasRemovedIsMadeAgainAndNoRingIsLost() throws IOException {
        MeshDirectory directory = directory();
        Doorbell own = bell(directory, token(1));
        Ringer ringer = ringer(directory, own);
        Doorbell sleeper = bell(directory, token(2));
        Files.delete(directory.bellPage());
        own.lookAfter();
        assertThat(directory.bellPage()).exists();
        sleeper.arm();
        assertThat(ringer.ring(token(2))).isTrue();
        sleeper.arm();
        assertThat(ringer.ringAll()).isEqualTo(1);
        sleeper.lookAfter();
        assertThat(sleeper.slot()).isEqualTo(2);
        sleeper.arm();
        assertThat(ringer.ring(token(2))).isTrue();
        sleeper.arm();
        ringer.noteSleepers();
        ringer.ringNoted();
        long start = System.nanoTime();
        sleeper.sleep(10_000);
        assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(5));
        assertThat(bell(directory, token(3)).slot()).isEqualTo(3);
    }

    @Test
    void aSocketThatWasRemovedIsHungAgainForNewCallersAndOldOnesKeepTheirs() throws IOException {
        MeshDirectory directory = directory();
        Ringer before = ringer(directory, bell(directory, token(1)));
        Doorbell sleeper = bell(directory, token(2));
        sleeper.arm();
        assertThat(before.ring(token(2))).isTrue();
        sleeper.sleep();
        Files.delete(directory.bell(2));
        sleeper.lookAfter();
        Ringer after = ringer(directory, bell(directory, token(3)));
        for (Ringer each : List.of(before, after)) {
            sleeper.arm();
            assertThat(each.ring(token(2))).isTrue();
            sleeper.sleep();
            sleeper.arm();
            sleeper.disarm();
        }
        assertThat(LifeSigns.ofSeat(directory, directory.member(token(2).text())))
                .isEqualTo(Verdict.ALIVE);
    }

    /** A newcomer on the new page must not take the socket of a member that has not found that page yet. */
    @Test
    void aNewcomerTakesNoSlotWhoseBellIsAnswered() throws IOException {
        MeshDirectory directory = directory();
        Doorbell first = bell(directory, token(1));
        Files.delete(directory.bellPage());
        Doorbell newcomer = bell(directory, token(2));
        assertThat(newcomer.slot()).isEqualTo(2);
        first.lookAfter();
        assertThat(first.slot()).isEqualTo(1);
    }

    @Test
    void aSlotThatIsGivenBackIsFreeAndItsNextOwnerHearsOldCallers() {
        MeshDirectory directory = directory();
        Ringer ringer = ringer(directory, bell(directory, token(1)));
        Doorbell first = bell(directory, token(2));
        first.arm();
        assertThat(ringer.ringAll()).isEqualTo(1);
        first.close();
        Doorbell second = bell(directory, token(3));
        assertThat(second.slot()).isEqualTo(first.slot());
        second.arm();
        assertThat(ringer.ringAll()).isEqualTo(1);
        long start = System.nanoTime();
        second.sleep();
        assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(1));
    }
}
