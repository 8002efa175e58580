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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MeshDirectoryTest {
    @TempDir
    Path temp;

    private Path base() {
        return temp.resolve("base");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a/b", "../x", "Hello", ".door", "-a", "_a", "a b", "ä", "a\n", "a\0b"})
    void aNameThatIsNoneIsRefusedBeforeAnyFileIsTouched(String name) {
        assertCode(MeshCode.BAD_NAME, () -> MeshDirectory.open(name, base()));
        assertThat(base()).doesNotExist();
    }

    @Test
    void aNameOfSixtyFourIsTakenAndOneMoreIsNot() {
        assertThat(MeshDirectory.open("a".repeat(64), base()).path()).isDirectory();
        assertCode(MeshCode.BAD_NAME, () -> MeshDirectory.open("a".repeat(65), base()));
    }

    @Test
    void whatItMakesIsForThisUserAlone() throws IOException {
        MeshDirectory directory = MeshDirectory.open("hello", base());
        for (Path made : new Path[] {
            directory.base(), directory.path(), directory.journal(), directory.members(), directory.claims()
        }) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made, LinkOption.NOFOLLOW_LINKS)))
                    .as("%s", made)
                    .isEqualTo("rwx------");
        }
    }

    @Test
    void aSymbolicLinkIsRefusedAndNothingIsMadeBehindIt() throws IOException {
        Path elsewhere = Files.createDirectory(temp.resolve("elsewhere"));
        MeshDirectory.open("first", base());
        Files.createSymbolicLink(base().resolve("hello"), elsewhere);
        assertThatThrownBy(() -> MeshDirectory.open("hello", base()))
                .hasMessageContaining("a symbolic link was found; remove it [INSECURE_DIRECTORY]");
        assertThat(elsewhere).isEmptyDirectory();
    }

    @Test
    void aBaseThatOthersMayReachIsRefusedWithTheCommandThatHelps() throws IOException {
        Files.createDirectory(base());
        Files.setPosixFilePermissions(base(), PosixFilePermissions.fromString("rwxr-x---"));
        assertThatThrownBy(() -> MeshDirectory.open("hello", base()))
                .hasMessageContaining("its mode is 750")
                .hasMessageContaining("run chmod 700 " + base() + " [INSECURE_DIRECTORY]");
    }

    @Test
    void aFileInTheWayIsRefused() throws IOException {
        Files.createFile(base());
        assertThatThrownBy(() -> MeshDirectory.open("hello", base()))
                .hasMessageContaining("a directory was expected, something else was found");
    }

    @Test
    void somebodyElsesDirectoryIsRefused() throws IOException {
        Assumptions.assumeTrue(Modes.ownUserId() == 0, "only root can give a directory away");
        Files.createDirectory(base(), Modes.PRIVATE_DIRECTORY);
        Files.setAttribute(base(), "unix:uid", 12345);
        assertThatThrownBy(() -> MeshDirectory.open("hello", base()))
                .hasMessageContaining("it belongs to user 12345, this process runs as user 0");
    }

    @Test
    void removingTakesTheTreeButNotWhatLinksLeadTo() throws IOException {
        Path precious = Files.createFile(
                Files.createDirectory(temp.resolve("elsewhere")).resolve("precious"));
        MeshDirectory directory = MeshDirectory.open("hello", base());
        Path driver = Files.createDirectory(directory.driver(7, "abc"));
        Files.createSymbolicLink(driver.resolve("link"), precious.getParent());
        Files.createSymbolicLink(driver.resolve("link2"), precious);
        directory.remove();
        assertThat(directory.path()).doesNotExist();
        assertThat(precious).exists();
        assertThatThrownBy(() -> directory.remove(precious)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void driversOfLowerEpochsAreFoundAndOthersAreNot() throws IOException {
        MeshDirectory directory = MeshDirectory.open("hello", base());
        Files.createDirectory(directory.driver(3, "x"));
        Files.createDirectory(directory.driver(10, "x"));
        Files.createDirectory(directory.driver(11, "x"));
        Files.createDirectory(directory.path().resolve("driver-odd-x"));
        assertThat(directory.driversBelow(11))
                .containsExactlyInAnyOrder(directory.driver(3, "x"), directory.driver(10, "x"));
    }

    @Test
    void onlyOneThreadIsBehindTheDoor() throws InterruptedException {
        MeshDirectory directory = MeshDirectory.open("hello", base());
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(8);
        for (int i = 0; i < 8; i++) {
            Thread thread = new Thread(() -> {
                Thread.currentThread().interrupt();
                for (int round = 0; round < 5; round++) {
                    directory.withDoor(() -> {
                        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                        return inside.decrementAndGet();
                    });
                }
                if (Thread.interrupted()) {
                    done.countDown();
                }
            });
            thread.start();
        }
        done.await();
        assertThat(most).hasValue(1);
    }

    /** Goes behind the door, says so, and stays until its input ends. */
    static final class StaysBehindTheDoor {
        public static void main(String[] arguments) {
            MeshDirectory.open("hello", Path.of(arguments[0])).withDoor(() -> {
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
    void theDoorKeepsOtherProcessesOutUntilItsOwnerIsKilled() throws InterruptedException {
        MeshDirectory directory = MeshDirectory.open("hello", base());
        try (ChildJvm child = ChildJvm.start(StaysBehindTheDoor.class, base().toString())) {
            assertThat(child.line()).isEqualTo("behind");
            CountDownLatch passed = new CountDownLatch(1);
            new Thread(() -> directory.withDoor(() -> {
                        passed.countDown();
                        return true;
                    }))
                    .start();
            assertThat(passed.await(200, TimeUnit.MILLISECONDS)).isFalse();
            child.kill();
            assertThat(passed.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void thePropertyGoesBeforeTheEnvironmentAndBothBeforeSharedMemory() {
        assertThat(MeshDirectory.defaultBase("/a", "/b", temp)).isEqualTo(Path.of("/a"));
        assertThat(MeshDirectory.defaultBase(null, "/b", temp)).isEqualTo(Path.of("/b"));
        assertThat(MeshDirectory.defaultBase("", " ", temp).getParent()).isEqualTo(temp);
        assertThat(MeshDirectory.defaultBase("a", null, temp))
                .isEqualTo(Path.of("a").toAbsolutePath());
    }

    @Test
    void withoutSharedMemoryNobodyIsSentSomewhereElse() {
        Path none = temp.resolve("none");
        assertThatThrownBy(() -> MeshDirectory.defaultBase(null, null, none))
                .isInstanceOf(MeshException.class)
                .hasMessageStartingWith(none + ": a directory in memory that this user may write to was expected")
                .hasMessageContaining("withDirectory(path), -Dcovey.directory=PATH or COVEY_DIRECTORY=PATH");
        assertCode(MeshCode.BAD_NAME, () -> MeshDirectory.defaultBase("a\0b", null, temp));
    }

    private static void assertCode(MeshCode code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        MeshException.class,
                        refused -> assertThat(refused.code()).isEqualTo(code));
    }
}
