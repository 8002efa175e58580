package dev.covey.mesh;

import static org.assertj.core.api.Assertions.assertThat;

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
