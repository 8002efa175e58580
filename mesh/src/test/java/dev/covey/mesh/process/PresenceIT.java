package dev.covey.mesh.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.covey.mesh.Member;
import dev.covey.mesh.Mesh;
import dev.covey.mesh.MeshOptions;
import dev.covey.mesh.ObjectOptions;
import dev.covey.mesh.SharedObject;
import dev.covey.patch.Patch;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is seen of a member in another process, which is frozen and goes on. */
class PresenceIT {
    private static final int REVISIONS = 700;

    @TempDir
    Path base;

    @Test
    void theLagOfAFrozenMemberIsTheRevisionsThatItMissedAndNothingElse() {
        try (Mesh mesh = Mesh.join("lag", MeshOptions.DEFAULT.withDirectory(base));
                MemberProcess sleeper = MemberProcess.start("lag", "sleeper", base, null)) {
            sleeper.join();
            assertThat(sleeper.ask("inc things /n 3")).isEqualTo("acknowledged 3");
            Member seen = mesh.members().get(1);
            assertThat(seen.name()).isEqualTo("sleeper");
            assertThat(seen.pid()).isEqualTo(sleeper.pid());
            await().until(() -> mesh.lag(seen).equals(OptionalLong.of(0)));

            sleeper.signal("STOP");
            SharedObject things = mesh.object("things");
            for (int i = 0; i < REVISIONS; i++) {
                (i % 2 == 0 ? things : mesh.object("others"))
                        .patch(Patch.inc("/n", 1))
                        .join();
            }
            thingsThatMakeNoRevision(mesh, things);
            assertThat(mesh.lag(seen)).hasValue(REVISIONS);
            assertThat(mesh.lag(mesh.self())).hasValue(0);

            sleeper.signal("CONT");
            await().until(() -> mesh.lag(seen).equals(OptionalLong.of(0)));
            assertThat(sleeper.ask("value others")).isEqualTo("value {\"n\":" + REVISIONS / 2 + "}");
        }
    }

    /** Records all the same: nothing to change, refused, a permit, a member that comes and goes. */
    private void thingsThatMakeNoRevision(Mesh mesh, SharedObject things) {
        assertThat(things.patch(Patch.unset("/nothing")).join().changed()).isFalse();
        assertThatThrownBy(things.patch(Patch.push("/n", 1))::join).hasMessageContaining("[INVALID_PATCH]");
        mesh.object("ledger", ObjectOptions.DEFAULT.withMaxWriters(1)).writer().close();
        Mesh.join("lag", MeshOptions.DEFAULT.withDirectory(base)).close();
    }
}
