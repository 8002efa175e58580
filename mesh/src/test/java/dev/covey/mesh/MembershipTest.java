package dev.covey.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.covey.mesh.local.ControlFile;
import dev.covey.mesh.local.LifeId;
import dev.covey.mesh.local.MeshDirectory;
import dev.covey.mesh.protocol.Cell;
import dev.covey.mesh.protocol.Wire;
import dev.covey.patch.Patch;
import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may be host, what stays when all have left, and several members in one JVM. */
class MembershipTest {
    @TempDir
    Path base;

    private MeshOptions options(String member) {
        return MeshOptions.DEFAULT.withDirectory(base.resolve("meshes")).withMemberName(member);
    }

    @Test
    void aMemberThatNeverHostsIsPassedOverInTheLine() {
        Mesh host = Mesh.join("line", options("host"));
        try (Mesh tool = Mesh.join("line", options("tool").neverHost());
                Mesh next = Mesh.join("line", options("next"))) {
            host.object("o").patch(Patch.inc("/n", 1)).join();
            host.close();
            tool.object("o").patch(Patch.inc("/n", 1)).join();
            assertThat(tool.host().map(Member::name)).contains("next");
            await().untilAsserted(() ->
                    assertThat(next.object("o").value().get("n").asInt()).isEqualTo(2));
        }
    }

    @Test
    void aMemberThatNeverHostsWaitsForSomebodyToStartTheMesh() {
        CompletableFuture<Mesh> waiting = CompletableFuture.supplyAsync(
                () -> Mesh.join("later", options("tool").neverHost()));
        assertThat(waiting).isNotDone();
        try (Mesh host = Mesh.join("later", options("host"));
                Mesh tool = waiting.join()) {
            assertThat(tool.host().map(Member::name)).contains(host.self().name());
        }
    }

    @Test
    void aMemberThatNeverHostsSaysSoWhenNobodyComes() {
        assertThatThrownBy(
                        () -> Mesh.join("nobody", options("tool").neverHost().withJoinTimeout(Duration.ofMillis(50))))
                .isInstanceOf(MeshException.class)
                .hasMessageContaining("a member that never hosts cannot start it")
                .hasMessageContaining("[TIMED_OUT]");
        assertThat(base.resolve("meshes/nobody")).doesNotExist();
    }

    @Test
    void whenOnlyMembersAreLeftThatNeverHostTheNextToJoinDecides() {
        Mesh host = Mesh.join("orphans", options("host"));
        try (Mesh tool = Mesh.join("orphans", options("tool").neverHost())) {
            tool.object("o").patch(Patch.inc("/n", 1)).join();
            host.close();
            CompletableFuture<Revision> patient = tool.object("o").patch(Patch.inc("/n", 1));
            try (Mesh next = Mesh.join("orphans", options("next"))) {
                assertThat(patient.join().number()).isEqualTo(2);
                assertThat(tool.host().map(Member::name)).contains(next.self().name());
            }
        }
    }

    @Test
    void aMeshThatIsKeptWhenEmptyGoesOnWhereItWas() {
        try (Mesh first = Mesh.join("kept", options("first").withKeepWhenEmpty(true))) {
            first.object("o").patch(Patch.inc("/n", 1)).join();
        }
        try (Mesh second = Mesh.join("kept", options("second"))) {
            assertThat(second.object("o").value().get("n").asInt()).isEqualTo(1);
            assertThat(second.object("o").patch(Patch.inc("/n", 1)).join().number())
                    .isEqualTo(2);
            assertThatThrownBy(() -> Mesh.join("kept", options("third").withKeepWhenEmpty(false)))
                    .hasMessageContaining("[OPTIONS_MISMATCH]");
        }
        assertThat(base.resolve("meshes/kept")).exists();
    }

    @Test
    void eightMembersOfOneJvmAreOneMesh() {
        Mesh[] members = new Mesh[8];
        for (int i = 0; i < members.length; i++) {
            members[i] = Mesh.join("crowd", options("m" + i));
        }
        for (Mesh member : members) {
            member.object("o").patch(Patch.inc("/n", 1)).join();
        }
        await().atMost(10, TimeUnit.SECONDS)
                .until(() -> members[0].object("o").value().get("n").asInt() == members.length);
        for (int i = 0; i < members.length - 1; i++) {
            members[i].close();
            members[members.length - 1].object("o").patch(Patch.inc("/n", 1)).join();
        }
        assertThat(members[members.length - 1].object("o").value().get("n").asInt())
                .isEqualTo(15);
        members[members.length - 1].close();
    }

    /** A lock belongs to the process, so a second copy of the class that keeps it must not drop it by looking at it. */
    @Test
    void membersOfTwoClassLoadersInOneJvmDoNotDropEachOthersLocks() throws Exception {
        try (URLClassLoader one = isolated();
                URLClassLoader two = isolated()) {
            Function<String, String> first = member(one, "first");
            Function<String, String> second = member(two, "second");
            Function<String, String> third = member(one, "third");
            assertThat(first.apply("inc")).isEqualTo("1");
            assertThat(second.apply("inc")).isEqualTo("2");
            await().during(1, TimeUnit.SECONDS)
                    .atMost(10, TimeUnit.SECONDS)
                    .until(() -> second.apply("members").equals("[first, second, third]"));
            assertThat(first.apply("close")).isEqualTo("closed");
            assertThat(second.apply("inc")).isEqualTo("3");
            assertThat(third.apply("inc")).isEqualTo("4");
            assertThat(third.apply("close")).isEqualTo("closed");
            assertThat(second.apply("inc")).isEqualTo("5");
            assertThat(second.apply("close")).isEqualTo("closed");
        }
        assertThat(System.getProperties().stringPropertyNames()).noneMatch(name -> name.startsWith("covey.open."));
    }

    private static URLClassLoader isolated() throws MalformedURLException {
        List<URL> urls = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            urls.add(Path.of(entry).toUri().toURL());
        }
        return new URLClassLoader(urls.toArray(new URL[0]), ClassLoader.getPlatformClassLoader());
    }

    @SuppressWarnings("unchecked") // the interface is the JDK's, so it is the same in every loader
    private Function<String, String> member(ClassLoader loader, String name) throws ReflectiveOperationException {
        List<String> arguments = List.of(
                name, base.resolve("meshes").toString(), base.resolve("store").toString());
        return (Function<String, String>) loader.loadClass(IsolatedMember.class.getName())
                .getConstructor(List.class)
                .newInstance(arguments);
    }

    /** What a last member leaves that died between closing the cell and removing the directory (rule C3). */
    @Test
    void aDirectoryWhoseCellIsClosedIsStartedOver() {
        MeshDirectory directory = MeshDirectory.open("remains", base.resolve("meshes"));
        try (Mesh mesh = Mesh.join("remains", options("first").withKeepWhenEmpty(true))) {
            mesh.object("o").patch(Patch.inc("/n", 1)).join();
        }
        ControlFile control = ControlFile.open(directory, Wire.VERSION).orElseThrow();
        assertThat(control.compareAndSetCell(control.cell(), Cell.CLOSED)).isTrue();
        try (Mesh mesh = Mesh.join("remains", options("second"))) {
            assertThat(mesh.object("o").value()).isEmpty();
            assertThat(mesh.object("o").patch(Patch.inc("/n", 1)).join().number())
                    .isEqualTo(1);
        }
        assertThat(directory.path()).doesNotExist();
    }

    @Test
    void membersOfAnOlderAndANewerVersionRefuseEachOtherAndNameBoth() {
        MeshDirectory directory = MeshDirectory.open("versions", base.resolve("meshes"));
        try (Mesh mesh = Mesh.join("versions", options("today"))) {
            assertThatThrownBy(() -> ControlFile.open(directory, Wire.VERSION - 1))
                    .hasMessageContaining("the mesh speaks protocol version " + Wire.VERSION)
                    .hasMessageContaining("this member speaks version " + (Wire.VERSION - 1))
                    .hasMessageContaining("[VERSION_MISMATCH]");
            assertThat(mesh.members()).hasSize(1);
        }
        MeshDirectory older = MeshDirectory.open("older", base.resolve("meshes"));
        older.make();
        ControlFile.create(
                older, new ControlFile.Birth(LifeId.random(), Wire.VERSION - 1, new byte[] {1, 2, 3}, 7, 70));
        assertThatThrownBy(() -> Mesh.join("older", options("today")))
                .hasMessageContaining("the mesh speaks protocol version " + (Wire.VERSION - 1))
                .hasMessageContaining("this member speaks version " + Wire.VERSION)
                .hasMessageContaining("[VERSION_MISMATCH]");
        assertThat(ControlFile.open(older, Wire.VERSION - 1)).isPresent();
    }

    /** Rule C2: the boot stands in the control file's name, so what was before a restart is not even looked at. */
    @Test
    void aJournalInMemoryOfAnotherBootIsNeverRead() throws IOException {
        MeshDirectory directory = MeshDirectory.open("boots", base.resolve("meshes"));
        try (Mesh mesh = Mesh.join("boots", options("first").withKeepWhenEmpty(true))) {
            mesh.object("o").patch(Patch.inc("/n", 1)).join();
        }
        Path control = directory.controlFile();
        Files.move(control, control.resolveSibling("control-" + UUID.randomUUID()));
        try (Mesh mesh = Mesh.join("boots", options("second"))) {
            assertThat(mesh.object("o").value()).isEmpty();
            assertThat(mesh.object("o").patch(Patch.inc("/n", 1)).join().number())
                    .isEqualTo(1);
        }
    }

    @Test
    void aJournalInTheStoreIsReadAfterAnotherBoot() throws IOException {
        MeshDirectory directory = MeshDirectory.open("boots", base.resolve("meshes"));
        MeshOptions stored = options("first").withStore(base.resolve("store")).withKeepWhenEmpty(true);
        try (Mesh mesh = Mesh.join("boots", stored)) {
            mesh.object("o").patch(Patch.inc("/n", 1)).join();
        }
        Path control = directory.controlFile();
        Files.move(control, control.resolveSibling("control-" + UUID.randomUUID()));
        try (Mesh mesh = Mesh.join("boots", stored)) {
            assertThat(mesh.object("o").value().get("n").asInt()).isEqualTo(1);
            assertThat(mesh.object("o").patch(Patch.inc("/n", 1)).join().number())
                    .isEqualTo(2);
        }
    }

    /** The second becomes host and leaves while its driver is being launched, which the third must not remove under it. */
    @Test
    void membersThatLeaveOneRightAfterTheOtherHoldUpNobody() {
        for (int round = 0; round < 4; round++) {
            List<Mesh> members = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                members.add(Mesh.join("leaving", options("m" + i)));
            }
            for (Mesh member : members) {
                long begun = System.nanoTime();
                member.close();
                assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
            }
        }
        assertThat(base.resolve("meshes/leaving")).doesNotExist();
    }
}
