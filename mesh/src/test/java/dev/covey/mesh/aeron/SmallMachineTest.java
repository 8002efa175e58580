package dev.covey.mesh.aeron;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shared memory as containers have it: a file system in memory of 64 MB and less. Needs root, to mount one. */
class SmallMachineTest {
    private static final long LIMIT_SECONDS = 20;

    @TempDir
    Path temp;

    private final List<MemberTransport> members = new ArrayList<>();
    private final Deque<AutoCloseable> cleanUp = new ArrayDeque<>();

    @SuppressWarnings("NullAway.Init") // by launch
    private HostTransport host;

    private int arrived;

    private Path mount(String size) throws IOException, InterruptedException {
        Path at = Files.createDirectory(temp.resolve("shm"));
        boolean done = run("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", at.toString());
        Assumptions.assumeTrue(done, "mounting a small file system needs root; nothing is shown about it here");
        cleanUp.push(() -> assertThat(run("umount", "-l", at.toString())).isTrue());
        return at;
    }

    private void launch(Path shm) {
        HostTransport launched = HostTransport.launch(shm.resolve("driver-1-a"), TransportOptions.DEFAULT);
        cleanUp.push(launched);
        host = launched;
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getInputStream().readAllBytes();
        return process.waitFor() == 0;
    }

    @AfterEach
    void cleanUp() throws Exception {
        members.forEach(MemberTransport::close);
        for (AutoCloseable one : cleanUp) {
            one.close();
        }
    }

    private void runUntil(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - deadline).as("over the limit").isNegative();
            host.doWork();
            members.forEach(MemberTransport::doWork);
            host.poll((session, buffer, offset, length) -> arrived++, 100);
        }
    }

    private MemberTransport join() {
        MemberTransport member = MemberTransport.connect(host.directory());
        members.add(member);
        runUntil(() -> member.isConnected() || member.isLost());
        return member;
    }

    private void everyMemberIsHeard() {
        for (MemberTransport member : members) {
            if (!member.isLost()) {
                int before = arrived;
                runUntil(() -> member.offer(new byte[2_000], 0, 2_000));
                runUntil(() -> arrived > before);
            }
        }
    }

    @Test
    void sixteenMembersAndTheNextHostsDriverFitSixtyFourMegabytes() throws IOException, InterruptedException {
        Path shm = mount("64m");
        launch(shm);
        for (int i = 0; i < 16; i++) {
            assertThat(join().reason()).isEmpty();
        }
        try (HostTransport next = HostTransport.launch(shm.resolve("driver-2-b"), TransportOptions.DEFAULT)) {
            assertThat(next.isLost()).isFalse();
            everyMemberIsHeard();
        }
        long free = Files.getFileStore(shm).getUsableSpace();
        assertThat(free).as("bytes left of 64 MB").isGreaterThan(40_000_000);
    }

    @Test
    void tooSmallASharedMemoryIsNamedWithWhatIsNeeded() throws IOException, InterruptedException {
        Path shm = mount("8m");
        Path directory = shm.resolve("driver-1-a");
        assertThatThrownBy(() -> HostTransport.launch(directory, TransportOptions.DEFAULT))
                .hasMessageContaining("a host with room for 16 members needs 18.9 MB there, 8.4 MB are free")
                .hasMessageContaining("docker run --shm-size")
                .hasMessageEndingWith("[LIMIT_EXCEEDED]");
        assertThat(shm).isEmptyDirectory();
    }

    @Test
    void whenItFillsUpAMemberMoreIsRefusedAndTheOthersAndTheHostCarryOn() throws IOException, InterruptedException {
        Path shm = mount("64m");
        launch(shm);
        join();
        join();
        Path filler = fill(shm);
        MemberTransport third = join();
        assertThat(third.isLost()).isTrue();
        assertThat(third.reason()).containsIgnoringCase("insufficient usable storage");
        assertThat(host.isLost()).isFalse();
        everyMemberIsHeard();
        Files.delete(filler);
        assertThat(join().isConnected()).isTrue();
        everyMemberIsHeard();
    }

    private static Path fill(Path shm) throws IOException {
        Path filler = shm.resolve("filler");
        try (OutputStream out = Files.newOutputStream(filler)) {
            byte[] block = new byte[4096];
            while (true) {
                out.write(block);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left");
        }
        return filler;
    }
}
