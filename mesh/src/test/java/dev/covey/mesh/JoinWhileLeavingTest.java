package dev.covey.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.covey.mesh.local.ChildJvm;
import dev.covey.mesh.local.MeshDirectory;
import dev.covey.patch.Patch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Some start while others leave, and the last one out removes what those enter: nobody is told that anything is wrong. */
class JoinWhileLeavingTest {
    private static final int ROUNDS = Integer.getInteger("covey.leaving.rounds", 2);
    private static final int MEMBERS = Integer.getInteger("covey.leaving.members", 4);
    private static final int OPENINGS = 100;
    private static final int PROCESSES = 2;
    private static final String THREADS = "2";
    private static final int COMINGS = 2;

    @TempDir
    Path temp;

    @Test
    void whoOpensADirectoryThatOthersRemoveGetsOne() throws Exception {
        List<Callable<Boolean>> all = new ArrayList<>();
        for (int i = 0; i < MEMBERS; i++) {
            all.add(() -> opens(OPENINGS));
            all.add(() -> removes(OPENINGS));
        }
        assertThat(atOnce(all)).hasSize(2 * MEMBERS);
    }

    private boolean opens(int times) {
        for (int i = 0; i < times; i++) {
            MeshDirectory.open("leaving", temp.resolve("base"));
        }
        return true;
    }

    private boolean removes(int times) {
        MeshDirectory directory = MeshDirectory.open("leaving", temp.resolve("base"));
        for (int i = 0; i < times; i++) {
            directory.withDoor(() -> {
                directory.remove();
                return true;
            });
        }
        return true;
    }

    @Test
    void asManyStartAsLeaveAndEachGetsIn() throws Exception {
        MeshOptions options = MeshOptions.DEFAULT.withDirectory(temp.resolve("meshes"));
        List<Mesh> members = joined(options);
        for (int round = 0; round < ROUNDS; round++) {
            List<Callable<Boolean>> all = new ArrayList<>();
            for (Mesh member : members) {
                all.add(() -> {
                    member.close();
                    return true;
                });
            }
            List<Mesh> next = new ArrayList<>();
            for (int i = 0; i < MEMBERS; i++) {
                all.add(() -> {
                    Mesh mesh = Mesh.join("leaving", options);
                    mesh.object("o").patch(Patch.inc("/n", 1)).join();
                    synchronized (next) {
                        return next.add(mesh);
                    }
                });
            }
            assertThat(atOnce(all)).as("round " + round).doesNotContain(false);
            members = next;
        }
        members.forEach(Mesh::close);
        assertThat(temp.resolve("meshes")).isEmptyDirectory();
    }

    private static List<Mesh> joined(MeshOptions options) {
        List<Mesh> members = new ArrayList<>();
        for (int i = 0; i < MEMBERS; i++) {
            members.add(Mesh.join("leaving", options));
        }
        return members;
    }

    /** Joins and leaves as often as it is told, in so many threads at once, and says how often it did. */
    static final class Comes {
        public static void main(String[] arguments) throws Exception {
            MeshOptions options = MeshOptions.DEFAULT.withDirectory(Path.of(arguments[0]));
            System.out.println("ready");
            System.in.read();
            List<Callable<Boolean>> all = new ArrayList<>();
            for (int thread = 0; thread < Integer.parseInt(arguments[1]); thread++) {
                all.add(() -> comesAndGoes(options, Integer.parseInt(arguments[2])));
            }
            System.out.println("came " + atOnce(all).size());
        }

        private static boolean comesAndGoes(MeshOptions options, int times) {
            for (int i = 0; i < times; i++) {
                try (Mesh mesh = Mesh.join("leaving", options)) {
                    mesh.object("o").patch(Patch.inc("/n", 1)).join();
                }
            }
            return true;
        }
    }

    @Test
    void processesThatComeAndGoAllGetIn() {
        Path meshes = temp.resolve("meshes");
        List<ChildJvm> children = new ArrayList<>();
        try {
            for (int i = 0; i < PROCESSES; i++) {
                children.add(
                        ChildJvm.start(Comes.class, meshes.toString(), THREADS, Integer.toString(ROUNDS * COMINGS)));
            }
            children.forEach(child -> assertThat(child.line()).isEqualTo("ready"));
            children.forEach(ChildJvm::closeInput);
            children.forEach(child -> assertThat(child.rest()).contains("came " + THREADS));
        } finally {
            children.forEach(ChildJvm::close);
        }
        assertThat(meshes).isEmptyDirectory();
    }

    private static List<Boolean> atOnce(List<Callable<Boolean>> work) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(work.size());
        CyclicBarrier start = new CyclicBarrier(work.size());
        try {
            List<Future<Boolean>> running = new ArrayList<>();
            for (Callable<Boolean> each : work) {
                running.add(threads.submit(() -> {
                    start.await();
                    return each.call();
                }));
            }
            List<Boolean> results = new ArrayList<>();
            for (Future<Boolean> each : running) {
                results.add(each.get());
            }
            return results;
        } finally {
            threads.shutdown();
        }
    }
}
