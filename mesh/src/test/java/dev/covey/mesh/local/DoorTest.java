package dev.covey.mesh.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.covey.mesh.MeshCode;
import dev.covey.mesh.MeshException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One door per mesh: who holds it, when it goes, and whom it holds up. */
class DoorTest {
    private static final int NAMES = Integer.getInteger("covey.doors.names", 2_000);
    private static final int ROUNDS = Integer.getInteger("covey.doors.rounds", 100);
    private static final int PROCESSES = 4;

    @TempDir
    Path temp;

    private Path base() {
        return temp.resolve("base");
    }

    private MeshDirectory mesh(String name) {
        return MeshDirectory.at(name, base());
    }

    private static Deadline in(long millis) {
        return Deadline.in(Duration.ofMillis(millis), "waiting at the door");
    }

    private static boolean nothing() {
        return true;
    }

    @Test
    void aMeshHasADoorOfItsOwnThatNoOtherMeshCanBeCalledAndThatIsForThisUserAlone() throws IOException {
        MeshDirectory mesh = MeshDirectory.open("hello", base());
        Path door = base().resolve(".doors").resolve("hello");
        assertThat(mode(base().resolve(".doors"))).isEqualTo("rwx------");
        assertThat(mode(door)).isEqualTo("rw-------");
        assertThatThrownBy(() -> MeshDirectory.at(".doors", base()))
                .isInstanceOfSatisfying(
                        MeshException.class,
                        refused -> assertThat(refused.code()).isEqualTo(MeshCode.BAD_NAME));
        mesh.withDoor(() -> {
            mesh.remove();
            return true;
        });
        assertThat(base()).isEmptyDirectory();
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
    }

    @Test
    void manyMeshesOfRandomNamesLeaveNothing() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < NAMES; i++) {
            mesh(Long.toHexString(random.nextLong())).withDoor(DoorTest::nothing);
        }
        assertThat(base()).as("seed " + seed).isEmptyDirectory();
    }

    /** Goes behind the door of the mesh it is told, says so, and stays until its input ends. */
    static final class Stays {
        public static void main(String[] arguments) {
            MeshDirectory.at(arguments[1], Path.of(arguments[0])).withDoor(() -> {
                System.out.println("behind");
                try {
                    return System.in.read();
                } catch (IOException ended) {
                    return -1;
                }
            });
        }
    }

    @Test
    void whoStandsStillBehindTheDoorOfOneMeshHoldsUpNoOther() throws Exception {
        try (ChildJvm child = ChildJvm.start(Stays.class, base().toString(), "a")) {
            assertThat(child.line()).isEqualTo("behind");
            signal(child, "STOP");
            assertThat(mesh("b").withDoor(in(5_000), DoorTest::nothing)).isTrue();
            assertThatThrownBy(() -> mesh("a").withDoor(in(100), DoorTest::nothing))
                    .isInstanceOfSatisfying(
                            MeshException.class, late -> assertThat(late.code()).isEqualTo(MeshCode.TIMED_OUT))
                    .hasMessageStartingWith("mesh a: another process is holding the lock "
                            + base().resolve(".doors").resolve("a"))
                    .hasMessageContaining("of 100 ms went: waiting at the door 0.1 s");
        }
    }

    private static void signal(ChildJvm child, String signal) throws Exception {
        int exit = new ProcessBuilder("sh", "-c", "kill -" + signal + " " + child.pid())
                .start()
                .waitFor();
        assertThat(exit).isZero();
    }

    @Test
    void aLockedFileThatWasRemovedIsToldFromTheOneThatIsInItsPlaceNow() throws IOException {
        Path door = temp.resolve("door");
        try (LockFile locked = LockFile.open(door).orElseThrow()) {
            assertThat(locked.tryExclusive(0)).isTrue();
            locked.writeIfEmpty("one");
            assertThat(locked.isWhatItsPathLeadsTo()).isTrue();
            Files.delete(door);
            assertThat(locked.isWhatItsPathLeadsTo()).isFalse();
            Files.createFile(door, Modes.PRIVATE_FILE);
            assertThat(locked.isWhatItsPathLeadsTo()).isFalse();
            Files.writeString(door, "two");
            assertThat(locked.isWhatItsPathLeadsTo()).isFalse();
            locked.writeIfEmpty("three");
            assertThat(locked.text()).isEqualTo("one");
        }
    }

    /** Passes the door of a mesh that is never there, so that it is made and removed each time, and marks that it is inside. */
    static final class Passes {
        public static void main(String[] arguments) throws IOException {
            Path base = Path.of(arguments[0]);
            Path inside = Path.of(arguments[1]);
            System.out.println("ready");
            System.in.read();
            int others = 0;
            for (int round = 0; round < Integer.parseInt(arguments[2]); round++) {
                others += MeshDirectory.at("hello", base).withDoor(() -> alone(inside) ? 0 : 1);
            }
            System.out.println("met " + others);
        }

        private static boolean alone(Path inside) {
            try {
                Files.createDirectory(inside);
                Files.delete(inside);
                return true;
            } catch (IOException somebodyElseIsInside) {
                return false;
            }
        }
    }

    @Test
    void thereAreNeverTwoBehindADoorThatIsMadeAndRemovedAllTheTime() {
        List<ChildJvm> children = new ArrayList<>();
        try {
            for (int i = 0; i < PROCESSES; i++) {
                children.add(ChildJvm.start(
                        Passes.class, base().toString(), temp.resolve("inside").toString(), Integer.toString(ROUNDS)));
            }
            children.forEach(child -> assertThat(child.line()).isEqualTo("ready"));
            children.forEach(ChildJvm::closeInput);
            children.forEach(child -> assertThat(child.line()).isEqualTo("met 0"));
        } finally {
            children.forEach(ChildJvm::close);
        }
        assertThat(base()).isEmptyDirectory();
    }

    @Test
    void noThreadIsEverInsideWithAnotherWhileDoorsComeAndGo() throws InterruptedException, ExecutionException {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(PROCESSES);
        try {
            List<Future<?>> all = Stream.generate(() -> threads.submit(() -> {
                        for (int round = 0; round < ROUNDS; round++) {
                            mesh("hello").withDoor(() -> {
                                most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                                return inside.decrementAndGet();
                            });
                        }
                    }))
                    .limit(PROCESSES)
                    .<Future<?>>map(future -> future)
                    .toList();
            for (Future<?> each : all) {
                each.get();
            }
        } finally {
            threads.shutdown();
        }
        assertThat(most).hasValue(1);
    }
}
