package dev.covey.mesh.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class JvmAccessTest {
    /** Uses Agrona as the first thing after asking for access. */
    static final class UsesAgrona {
        public static void main(String[] arguments) {
            try {
                JvmAccess.ensure();
                UnsafeBuffer buffer = new UnsafeBuffer(new byte[16]);
                buffer.putLongOrdered(0, 17);
                System.out.println("agrona says " + buffer.getLongVolatile(0));
            } catch (RuntimeException refused) {
                System.out.println(refused.getMessage());
            }
        }
    }

    @Test
    void aProgramWithoutAnyFlagWorks() {
        try (ChildJvm child = ChildJvm.start(List.of(), UsesAgrona.class)) {
            assertThat(child.rest()).contains("agrona says 17");
        }
    }

    @Test
    void aProgramWithTheFlagWorksAndSeesNoWarning() {
        try (ChildJvm child = ChildJvm.start(UsesAgrona.class)) {
            assertThat(child.rest()).isEqualTo("agrona says 17\n");
        }
    }

    @Test
    void whoForbidsOpeningIsToldTheExactFlag() {
        try (ChildJvm child = ChildJvm.start(List.of("-Dcovey.jvm.access=flag"), UsesAgrona.class)) {
            assertThat(child.rest())
                    .endsWith("start java with --add-exports java.base/jdk.internal.misc=ALL-UNNAMED [JVM_ACCESS]\n");
        }
    }

    @Test
    void whoForbidsOpeningAndGivesTheFlagWorks() {
        List<String> flags =
                List.of("-Dcovey.jvm.access=flag", "--add-exports", "java.base/jdk.internal.misc=ALL-UNNAMED");
        try (ChildJvm child = ChildJvm.start(flags, UsesAgrona.class)) {
            assertThat(child.rest()).isEqualTo("agrona says 17\n");
        }
    }
}
