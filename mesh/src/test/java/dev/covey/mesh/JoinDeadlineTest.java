package dev.covey.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.covey.mesh.local.ChildJvm;
import dev.covey.mesh.local.MeshDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Joining has one end, whatever it waits for, and so has closing; who stands still holds up its own mesh alone. */
class JoinDeadlineTest {
    private static final Duration JOIN = Duration.ofSeconds(1);
    /** The second that is waited for what was begun, and what a busy machine takes. */
    private static final Duration LATE = Duration.ofSeconds(8);

    @TempDir
    Path temp;

    private MeshOptions options() {
        return MeshOptions.DEFAULT.withDirectory(temp.resolve("meshes"));
    }

    /** Goes behind the door of a mesh and stays there until its input ends. */
    static final class Stays {
        public static void main(String[] arguments) {
            MeshDirectory.open(arguments[1], Path.of(arguments[0])).withDoor(() -> {
                System.out.println("behind");
                try {
                    return System.in.read();
                } catch (IOException ended) {
                    return -1;
                }
            });
        }
    }

    private ChildJvm stopsBehindTheDoorOf(String mesh) throws IOException, InterruptedException {
        ChildJvm child = ChildJvm.start(Stays.class, temp.resolve("meshes").toString(), mesh);
        assertThat(child.line()).isEqualTo("behind");
        assertThat(new ProcessBuilder("sh", "-c", "kill -STOP " + child.pid())
                        .start()
                        .waitFor())
                .isZero();
        return child;
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    @Test
    void aJoinerThatIsStoppedHoldsUpNoOtherMeshAndItsOwnNoLongerThanTheJoinTimeout() throws Exception {
        try (ChildJvm child = stopsBehindTheDoorOf("a")) {
            assertThat(child.pid()).isPositive();
            Mesh.join("b", options()).close();
            long start = System.nanoTime();
            assertThatThrownBy(() -> Mesh.join("a", options().withJoinTimeout(JOIN)))
                    .isInstanceOfSatisfying(
                            MeshException.class, late -> assertThat(late.code()).isEqualTo(MeshCode.TIMED_OUT))
                    .hasMessageContaining("of 1000 ms went: waiting at its door 1.0 s");
            assertThat(since(start)).isBetween(JOIN, JOIN.plus(LATE));
        }
    }

    @Test
    void theLastOneOutWaitsForADoorThatSomebodyKeepsForAWhileOnly() throws Exception {
        Mesh mesh = Mesh.join("a", options());
        try (ChildJvm child = stopsBehindTheDoorOf("a")) {
            assertThat(child.pid()).isPositive();
            long start = System.nanoTime();
            mesh.close();
            assertThat(since(start)).isLessThan(LATE);
        }
        Mesh.join("a", options()).close();
        assertThat(temp.resolve("meshes")).isEmptyDirectory();
    }

    @Test
    void joiningMayTakeThirtySecondsUnlessToldOtherwise() {
        assertThat(MeshOptions.DEFAULT.joinTimeout()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void aTimeLongerThanAnyClockCanCountIsNoTimeOut() {
        Mesh.join("long", options().withJoinTimeout(Duration.ofSeconds(Long.MAX_VALUE)))
                .close();
    }
}
