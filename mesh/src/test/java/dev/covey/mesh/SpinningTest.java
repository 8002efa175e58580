package dev.covey.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.covey.patch.Patch;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a member's own thread costs when there is nothing to do. */
class SpinningTest {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final long SPUN_MILLIS = 200;

    @TempDir
    Path base;

    private Mesh joined(String mesh, boolean spinning) {
        return Mesh.join(
                mesh, MeshOptions.DEFAULT.withDirectory(base.resolve("meshes")).withSpinning(spinning));
    }

    private static long cpuMillis(String thread) {
        for (long id : THREADS.getAllThreadIds()) {
            var info = THREADS.getThreadInfo(id);
            if (info != null && info.getThreadName().equals(thread)) {
                return TimeUnit.NANOSECONDS.toMillis(THREADS.getThreadCpuTime(id));
            }
        }
        throw new IllegalStateException("no thread is called " + thread);
    }

    @Test
    void aSpinningMemberNeverSleepsAndAnotherDoes() {
        try (Mesh spinning = joined("spinning", true);
                Mesh sleeping = joined("sleeping", false)) {
            spinning.object("o").patch(Patch.inc("/n", 1)).join();
            sleeping.object("o").patch(Patch.inc("/n", 1)).join();
            long spun = cpuMillis("covey-spinning");
            long slept = cpuMillis("covey-sleeping");
            await().until(() -> cpuMillis("covey-spinning") - spun >= SPUN_MILLIS);
            assertThat(cpuMillis("covey-sleeping") - slept).isLessThan(SPUN_MILLIS / 2);
        }
    }
}
