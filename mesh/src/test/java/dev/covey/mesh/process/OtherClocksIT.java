package dev.covey.mesh.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Members of one mesh whose clocks do not agree, as in containers with time namespaces: an hour or more apart. */
class OtherClocksIT {
    @TempDir
    Path temporary;

    private final List<MemberProcess> started = new ArrayList<>();

    @BeforeEach
    void needTimeNamespaces() {
        assumeTrue(
                TimeNamespace.isAllowed(),
                "time namespaces: needs Linux 5.6, unshare of util-linux 2.36 and root, or this is not tested");
    }

    @AfterEach
    void endAll() {
        started.forEach(MemberProcess::close);
    }

    private MemberProcess joined(String name, long aheadSeconds) {
        MemberProcess member =
                MemberProcess.startIn(TimeNamespace.ahead(aheadSeconds), "clocks", name, temporary.resolve("meshes"));
        started.add(member);
        assertThat(member.ask("join")).startsWith("joined");
        return member;
    }

    @Test
    void membersHoursApartKeepTheirHostAndOneThatFreezesIsStillDeposed() {
        MemberProcess host = joined("host", 0);
        MemberProcess ahead = joined("ahead", 3_600);
        MemberProcess behind = joined("behind", -600);
        for (MemberProcess member : started) {
            assertThat(member.ask("slowest things /n 300")).startsWith("slowest ");
        }
        assertThat(started)
                .allSatisfy(member -> assertThat(member.ask("host")).isEqualTo("host 1 host"))
                .allSatisfy(member -> assertThat(member.events()).noneMatch(event -> event.startsWith("status")));
        host.signal("STOP");
        assertThat(behind.ask("inc things /m 1")).isEqualTo("acknowledged 1");
        ahead.awaitEvent("host 2 ahead");
        host.signal("CONT");
        host.awaitEvent("host 2 ahead");
        assertThat(host.ask("inc things /m 1")).isEqualTo("acknowledged 1");
        host.awaitAnswer("host", "host 2 ahead");
    }
}
