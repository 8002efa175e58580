package dev.covey.mesh.aeron;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.covey.mesh.local.ChildJvm;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.EpochClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransportTest {
    private static final long LIMIT_SECONDS = 10;
    private static final TransportOptions STRICT = TransportOptions.DEFAULT.withLivenessMillis(1_000);

    @TempDir
    Path temp;

    private HostTransport host;
    private final List<byte[]> arrived = new ArrayList<>();

    @BeforeEach
    void launch() {
        host = HostTransport.launch(temp.resolve("driver-1-a"), TransportOptions.DEFAULT);
    }

    @AfterEach
    void close() {
        host.close();
    }

    private void runUntil(BooleanSupplier condition, MemberTransport... members) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - deadline)
                    .as("nanoseconds over the limit")
                    .isNegative();
            host.doWork();
            for (MemberTransport member : members) {
                member.doWork();
            }
            host.poll(
                    (session, buffer, offset, length) -> {
                        byte[] copy = new byte[length];
                        buffer.getBytes(offset, copy);
                        arrived.add(copy);
                    },
                    10);
        }
    }

    private MemberTransport connected() {
        MemberTransport member = MemberTransport.connect(host.directory());
        assertThat(member.reason()).isEmpty();
        runUntil(member::isConnected, member);
        return member;
    }

    @Test
    void messagesOfAllLengthsArriveWholeAndInOrder() {
        SplittableRandom random = new SplittableRandom(17);
        try (MemberTransport member = connected()) {
            for (int round = 0; round < 300; round++) {
                byte[] message = new byte[random.nextInt(1, 1 << random.nextInt(1, 18))];
                random.nextBytes(message);
                arrived.clear();
                runUntil(() -> member.offer(message, 0, message.length), member);
                runUntil(() -> !arrived.isEmpty(), member);
                assertThat(arrived).hasSize(1);
                assertThat(arrived.get(0)).isEqualTo(message);
            }
        }
    }

    @Test
    void theLongestMessageArrivesAndALongerOneIsRefusedWithItsLimit() {
        byte[] message = new byte[MemberTransport.MESSAGE_LIMIT];
        new SplittableRandom(3).nextBytes(message);
        try (MemberTransport member = connected()) {
            assertThat(member.offer(message, 0, message.length)).isTrue();
            assertThat(member.offer(message, 0, 1))
                    .as("while the first is under way")
                    .isFalse();
            runUntil(() -> !arrived.isEmpty(), member);
            assertThat(Arrays.equals(arrived.get(0), message)).isTrue();
            byte[] longer = new byte[MemberTransport.MESSAGE_LIMIT + 1];
            assertThatThrownBy(() -> member.offer(longer, 0, longer.length))
                    .hasMessageContaining("at most " + MemberTransport.MESSAGE_LIMIT);
        }
    }

    @Test
    void aFullBufferIsBackPressureAndNothingIsLost() {
        try (MemberTransport member = connected()) {
            int taken = 0;
            while (member.offer(numbered(taken), 0, 64)) {
                taken++;
            }
            assertThat(taken).isGreaterThan(100);
            int expected = taken;
            runUntil(() -> arrived.size() == expected, member);
            for (int i = 0; i < taken; i++) {
                assertThat(ByteBuffer.wrap(arrived.get(i)).getInt()).isEqualTo(i);
            }
            runUntil(() -> member.offer(numbered(0), 0, 64), member);
        }
    }

    private static byte[] numbered(int number) {
        return ByteBuffer.allocate(64).putInt(number).array();
    }

    @Test
    void sixteenMembersAreHeardSideBySide() {
        List<MemberTransport> members = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            members.add(connected());
        }
        MemberTransport[] all = members.toArray(MemberTransport[]::new);
        for (int i = 0; i < 16; i++) {
            int number = i;
            runUntil(() -> all[number].offer(numbered(number), 0, 64), all);
        }
        runUntil(() -> arrived.size() == 16, all);
        assertThat(host.connections()).isEqualTo(16);
        members.forEach(MemberTransport::close);
    }

    @Test
    void aMemberOfAClosedHostIsLostAndClosesAtOnce() {
        try (MemberTransport member = connected()) {
            host.close();
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
            while (!member.isLost()) {
                assertThat(System.nanoTime() - deadline).isNegative();
                member.doWork();
            }
            assertThat(member.isConnected()).isFalse();
            assertThat(member.offer(new byte[8], 0, 8)).isFalse();
            assertThat(member.reason()).contains(host.directory().toString());
        }
        assertThat(host.directory()).doesNotExist();
    }

    @Test
    void whereNoDriverIsTheTransportIsLostWithoutWaiting() {
        try (MemberTransport member = MemberTransport.connect(temp.resolve("driver-9-x"))) {
            assertThat(member.isLost()).isTrue();
            assertThat(member.reason()).contains("no driver is there");
        }
    }

    @Test
    void aDriverThatHasStoppedIsLostWhenItsHeartbeatHasNotChangedForAWhileByTheMembersClock() throws IOException {
        Path left = Files.createDirectory(temp.resolve("driver-9-y"));
        try (HostTransport stopped = HostTransport.launch(temp.resolve("driver-8-y"), TransportOptions.DEFAULT)) {
            Files.copy(stopped.directory().resolve("cnc.dat"), left.resolve("cnc.dat"));
        }
        long old = System.currentTimeMillis() - TimeUnit.MINUTES.toMillis(1);
        CncClock.setHeartbeat(left.resolve("cnc.dat"), old);
        long[] now = {-1_000};
        try (MemberTransport member = MemberTransport.connect(left, System::currentTimeMillis, () -> now[0])) {
            member.doWork();
            assertThat(member.isLost()).isFalse();
            now[0] += TimeUnit.SECONDS.toNanos(3);
            member.doWork();
            assertThat(member.isLost()).isTrue();
            assertThat(member.reason()).contains("the driver there has stopped");
        }
    }

    @Test
    void membersWhoseWallClocksAreHoursApartFromTheHostsConnectAndStay() {
        try (HostTransport slow = HostTransport.launch(temp.resolve("driver-6-f"), STRICT, ahead(-5));
                MemberTransport same = MemberTransport.connect(slow.directory(), ahead(-5), System::nanoTime);
                MemberTransport ahead = MemberTransport.connect(slow.directory(), ahead(1), System::nanoTime);
                MemberTransport behind = MemberTransport.connect(slow.directory(), ahead(-9), System::nanoTime)) {
            host.close();
            host = slow;
            runUntil(() -> slow.connections() == 3, same, ahead, behind);
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(STRICT.livenessMillis() * 3 / 2);
            runUntil(() -> System.nanoTime() - end > 0, same, ahead, behind);
            assertThat(List.of(same, ahead, behind)).allMatch(MemberTransport::isConnected);
        }
    }

    @Test
    void aWallClockThatIsSetWhileTheHostWorksEndsNobody() {
        long[] aheadMillis = {0};
        EpochClock set = () -> System.currentTimeMillis() + aheadMillis[0];
        try (HostTransport stepped = HostTransport.launch(temp.resolve("driver-7-g"), STRICT, set);
                MemberTransport member = MemberTransport.connect(stepped.directory(), set, System::nanoTime)) {
            host.close();
            host = stepped;
            runUntil(() -> member.isConnected() && stepped.connections() == 1, member);
            for (long hours : List.of(5L, -5L)) {
                aheadMillis[0] = TimeUnit.HOURS.toMillis(hours);
                long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(600);
                runUntil(() -> System.nanoTime() - end > 0, member);
                assertThat(member.isConnected()).isTrue();
                assertThat(stepped.isLost()).isFalse();
            }
        }
    }

    private static EpochClock ahead(long hours) {
        return () -> System.currentTimeMillis() + TimeUnit.HOURS.toMillis(hours);
    }

    @Test
    void aDirectoryThatIsThereAlreadyIsRefusedAndKeepsItsFiles() throws IOException {
        Path precious = Files.createFile(
                Files.createDirectory(temp.resolve("somebodys")).resolve("precious"));
        Files.createSymbolicLink(temp.resolve("link"), precious.getParent());
        for (Path taken : List.of(precious.getParent(), temp.resolve("link"))) {
            assertThatThrownBy(() -> HostTransport.launch(taken, TransportOptions.DEFAULT))
                    .hasMessageContaining("use a new name [INSECURE_DIRECTORY]");
        }
        assertThat(precious).exists();
    }

    @Test
    void tooLittleRoomIsSaidBeforeTheDriverStarts() {
        TransportOptions absurd =
                TransportOptions.DEFAULT.withTermLength(64 * 1024 * 1024).withMembers(1_000_000);
        Path directory = temp.resolve("driver-2-b");
        assertThatThrownBy(() -> HostTransport.launch(directory, absurd))
                .hasMessageContaining("a host with room for 1000000 members needs")
                .hasMessageEndingWith("[LIMIT_EXCEEDED]");
        assertThat(directory).doesNotExist();
    }

    @Test
    void whatTheSinkThrowsReachesTheCallerAndTheTransportLives() {
        try (MemberTransport member = connected()) {
            runUntil(() -> host.connections() == 1, member);
            assertThat(member.offer(numbered(1), 0, 64)).isTrue();
            MessageSink failing = (session, buffer, offset, length) -> {
                throw new IllegalStateException("from the sink");
            };
            assertThatThrownBy(() -> host.poll(failing, 1)).hasMessage("from the sink");
            assertThat(host.isLost()).isFalse();
        }
    }

    @Test
    void aRehearsalLeavesNothingBehind() {
        Path directory = temp.resolve("driver-rehearsal-a");
        HostTransport.rehearse(directory);
        assertThat(directory).doesNotExist();
    }

    /** A member in a process of its own that sends numbers until it is killed. */
    static final class Sender {
        public static void main(String[] arguments) {
            try (MemberTransport member = MemberTransport.connect(Path.of(arguments[0]))) {
                for (int number = 0; !member.isLost(); ) {
                    member.doWork();
                    if (member.isConnected() && member.offer(numbered(number), 0, 64)) {
                        number++;
                    }
                }
                System.out.println("lost");
            }
        }
    }

    @Test
    void aMemberThatIsKilledLeavesAWholePrefixAndDisturbsNobody() {
        try (MemberTransport member = connected();
                ChildJvm child = ChildJvm.start(Sender.class, host.directory().toString())) {
            runUntil(() -> arrived.size() > 1000, member);
            child.kill();
            child.awaitEnd();
            for (int i = 0; i < 1000; i++) {
                assertThat(ByteBuffer.wrap(arrived.get(i)).getInt()).isEqualTo(i);
            }
            arrived.clear();
            runUntil(() -> member.offer(numbered(-7), 0, 64), member);
            runUntil(
                    () -> arrived.stream()
                            .anyMatch(bytes -> ByteBuffer.wrap(bytes).getInt() == -7),
                    member);
        }
    }

    /** A host in a process of its own that serves until it is killed, and says each thousandth message. */
    static final class Host {
        public static void main(String[] arguments) {
            TransportOptions options = TransportOptions.DEFAULT.withLivenessMillis(Long.parseLong(arguments[1]));
            HostTransport host = HostTransport.launch(Path.of(arguments[0]), options);
            System.out.println("up");
            int[] heard = {0};
            while (!host.isLost()) {
                host.doWork();
                host.poll(
                        (session, buffer, offset, length) -> {
                            if (++heard[0] % 1_000 == 0) {
                                System.out.println(heard[0]);
                            }
                        },
                        10);
            }
            System.out.println("lost: " + host.reason());
        }
    }

    /** Connects anew where it must: on a busy machine this side may stand still for too long, too. */
    private static void sendThousand(Path directory) {
        int sent = 0;
        while (sent < 1_000) {
            try (MemberTransport member = MemberTransport.connect(directory)) {
                while (sent < 1_000 && !member.isLost()) {
                    member.doWork();
                    if (member.isConnected() && member.offer(numbered(sent), 0, 64)) {
                        sent++;
                    }
                }
            }
        }
    }

    private static void signal(String name, long pid) {
        try {
            Process kill = new ProcessBuilder("sh", "-c", "kill -" + name + " " + pid).start();
            assertThat(kill.waitFor()).isZero();
        } catch (IOException | InterruptedException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static void pass(long millis, Runnable meanwhile) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (System.nanoTime() - end < 0) {
            meanwhile.run();
        }
    }

    @Test
    void aHostThatStoodStillForLongerThanTheLivenessTimeCarriesOn() {
        Path directory = temp.resolve("driver-4-d");
        try (ChildJvm child = ChildJvm.start(Host.class, directory.toString(), "1000")) {
            assertThat(child.line()).isEqualTo("up");
            sendThousand(directory);
            assertThat(child.line()).isEqualTo("1000");
            signal("STOP", child.pid());
            pass(2_500, Thread::onSpinWait);
            signal("CONT", child.pid());
            sendThousand(directory);
            assertThat(child.line()).isEqualTo("2000");
        }
    }

    @Test
    void aMemberThatStoodStillForTooLongIsLostAndConnectsAgain() {
        HostTransport strict =
                HostTransport.launch(temp.resolve("driver-5-e"), TransportOptions.DEFAULT.withLivenessMillis(1_000));
        host.close();
        host = strict;
        try (MemberTransport member = connected()) {
            pass(2_000, host::doWork);
            runUntil(member::isLost, member);
        }
        try (MemberTransport again = connected()) {
            runUntil(() -> again.offer(numbered(3), 0, 64), again);
            runUntil(() -> arrived.size() == 1, again);
        }
    }

    @Test
    void aMemberOfAKilledHostClosesWithoutWaiting() {
        Path directory = temp.resolve("driver-3-c");
        try (ChildJvm child = ChildJvm.start(Host.class, directory.toString(), "5000")) {
            assertThat(child.line()).isEqualTo("up");
            MemberTransport member = MemberTransport.connect(directory);
            runUntil(member::isConnected, member);
            child.kill();
            child.awaitEnd();
            long start = System.nanoTime();
            member.close();
            assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)).isLessThan(1_000);
        }
    }
}
