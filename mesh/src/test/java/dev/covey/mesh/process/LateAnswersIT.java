package dev.covey.mesh.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is answered too late, because the host is frozen: nobody guesses, and later everybody knows. */
class LateAnswersIT {
    /** As many as a member may have unanswered on their way. */
    private static final int ON_THEIR_WAY = 1_024;

    @TempDir
    Path temporary;

    private final List<MemberProcess> started = new ArrayList<>();

    private MemberProcess joined(String name) {
        MemberProcess member = MemberProcess.start("late", name, temporary.resolve("meshes"), null);
        started.add(member);
        member.join();
        return member;
    }

    @AfterEach
    void endAll() {
        started.forEach(MemberProcess::close);
    }

    @Test
    void whatWasSentIsUnknownUntilItIsAskedForLaterAndWhatWasNotIsWithdrawnForCertain() {
        MemberProcess host = joined("host");
        MemberProcess next = joined("next");
        assertThat(next.ask("inc things /n 1")).isEqualTo("acknowledged 1");
        host.signal("STOP");
        String[] late =
                next.ask("late things /n " + (ON_THEIR_WAY + 100) + " 700").split(" ", -1);
        long accepted = Long.parseLong(late[1]);
        long withdrawn = Long.parseLong(late[2]);
        long unknown = Long.parseLong(late[3]);
        assertThat(unknown).isPositive();
        assertThat(accepted + withdrawn + unknown).isEqualTo(ON_THEIR_WAY + 100);
        next.awaitEvent("status ELECTING");
        assertThat(next.ask("outcomes")).isEqualTo("outcomes " + unknown);
        assertThat(next.ask("value things")).isEqualTo("value {\"n\":" + (1 + accepted + unknown) + "}");
        next.awaitEvent("status CONNECTED");
        host.signal("CONT");
        assertThat(host.ask("inc things /n 1")).isEqualTo("acknowledged 1");
        assertThat(host.ask("value things")).isEqualTo("value {\"n\":" + (2 + accepted + unknown) + "}");
    }
}
