package dev.covey.mesh.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real members on file systems that are small, full, or broken. Skipped where nothing can be mounted. */
class SmallMachineIT {
    private static final int CONTAINER_MEGABYTES = 64;
    private static final int PROCESSES = 4;
    private static final int MEMBERS_EACH = 4;
    /** Sixteen of them take half a minute on two cores; the README has the command. */
    private static final int SPEAKERS = Integer.getInteger("covey.small.speakers", 5);

    @TempDir
    Path temporary;

    private final List<MemberProcess> started = new ArrayList<>();

    private MemberProcess joined(String name, Path base, @Nullable Path store, String... options) {
        MemberProcess member = MemberProcess.start("small", name, base.resolve("meshes"), store, options);
        started.add(member);
        member.join();
        return member;
    }

    @AfterEach
    void endAll() {
        started.forEach(MemberProcess::kill);
    }

    @Test
    void sixteenMembersShareTheMemoryOfAContainerAndSurviveTheirHost() {
        try (SmallDisk shm = SmallDisk.mount(temporary.resolve("shm"), CONTAINER_MEGABYTES)) {
            List<MemberProcess> members = new ArrayList<>();
            for (int i = 0; i < PROCESSES; i++) {
                members.add(MemberProcess.start("small", "m" + i, shm.root().resolve("meshes"), null));
            }
            started.addAll(members);
            members.forEach(member -> member.tell("join"));
            members.forEach(member -> assertThat(member.answer()).startsWith("joined"));
            members.forEach(member -> member.tell("joinMore " + (MEMBERS_EACH - 1)));
            members.forEach(member -> assertThat(member.answer()).isEqualTo("joined"));
            members.get(0).awaitAnswer("count", "count " + PROCESSES * MEMBERS_EACH);
            members.forEach(member -> member.tell("inc things /n 2000"));
            members.forEach(member -> assertThat(member.answer()).isEqualTo("acknowledged 2000"));
            String host = word(members.get(0).ask("host"), 2);
            members.stream().filter(member -> member.name().equals(host)).forEach(MemberProcess::kill);
            members.removeIf(member -> member.name().equals(host));
            members.forEach(member -> member.tell("inc things /n 2000"));
            members.forEach(member -> assertThat(member.answer()).isEqualTo("acknowledged 2000"));
            members.get(0).awaitAnswer("value things", "value {\"n\":" + (PROCESSES + PROCESSES - 1) * 2000 + "}");
            started.forEach(MemberProcess::kill);
        }
    }

    /**
     * Each way has three terms of 64 KiB and a page; 16 × 15 of them would be 48 MB, beside the driver, its successor's and
     * the journal. There is room for two of each member's, which its peers take turns in.
     */
    @Test
    void membersOfAContainerAllSpeakWithEachOtherAlsoWhenTheirHostDies() {
        try (SmallDisk shm = SmallDisk.mount(temporary.resolve("shm"), CONTAINER_MEGABYTES)) {
            List<MemberProcess> members = new ArrayList<>();
            for (int i = 0; i < SPEAKERS; i++) {
                members.add(MemberProcess.start("small", "m" + i, shm.root().resolve("meshes"), null));
            }
            started.addAll(members);
            members.forEach(member -> member.tell("join"));
            members.forEach(member -> assertThat(member.answer()).startsWith("joined"));
            members.forEach(member -> assertThat(member.ask("listen")).isEqualTo("listening"));
            members.forEach(member -> awaitMembers(member, SPEAKERS));
            members.forEach(member -> member.tell("talk 50"));
            members.forEach(member -> assertThat(member.answer()).isEqualTo("said 50"));
            members.forEach(member -> member.awaitAnswer("heard", "heard " + (SPEAKERS - 1) * 50 + " 0"));
            String host = word(members.get(0).ask("host"), 2);
            members.stream().filter(member -> member.name().equals(host)).forEach(MemberProcess::kill);
            members.removeIf(member -> member.name().equals(host));
            members.forEach(member -> awaitMembers(member, SPEAKERS - 1));
            members.forEach(member -> member.tell("talk 50"));
            members.forEach(member -> assertThat(member.answer()).isEqualTo("said 100"));
            int all = (SPEAKERS - 1) * 50 + (SPEAKERS - 2) * 50;
            members.forEach(member -> member.awaitAnswer("heard", "heard " + all + " 0"));
            assertThat(members.get(0).ask("inc things /n 10")).isEqualTo("acknowledged 10");
            started.forEach(MemberProcess::kill);
        }
    }

    private static void awaitMembers(MemberProcess member, int count) {
        await().atMost(20, TimeUnit.SECONDS).until(() -> member.ask("members").split(",", -1).length == count);
    }

    @Test
    void aMachineTooSmallForAHostIsRefusedWithWhatIsNeeded() {
        try (SmallDisk shm = SmallDisk.mount(temporary.resolve("shm"), 8)) {
            Path meshes = shm.root().resolve("meshes");
            MemberProcess member = MemberProcess.start("small", "m", meshes, null);
            started.add(member);
            assertThat(member.ask("join"))
                    .contains("a host with room for")
                    .contains("docker run --shm-size")
                    .contains("[LIMIT_EXCEEDED]");
            assertThat(meshes.resolve("small")).doesNotExist();
            member.kill();
        }
    }

    @Test
    void onAFullDiskPatchesAreRefusedTheHostMayChangeAndItGoesOnWhenThereIsRoom() {
        try (SmallDisk disk = SmallDisk.mount(temporary.resolve("disk"), 96)) {
            MemberProcess host = joined("host", disk.root(), null);
            MemberProcess next = joined("next", disk.root(), null);
            MemberProcess third = joined("third", disk.root(), null);
            await().atMost(30, TimeUnit.SECONDS).until(() -> spares(disk.root().resolve("meshes/small/journal")) >= 4);
            disk.fill();
            String pending = third.ask("fill things /n");
            assertThat(pending).contains("TimeoutException");
            long before = Long.parseLong(word(pending, 1));
            assertThat(third.ask("fill things /n"))
                    .startsWith("acknowledged 0 ")
                    .contains("there is no room left in")
                    .contains("[STORE_FULL]");
            assertThat(third.ask("value things")).startsWith("value {\"n\":" + before + ",");
            host.kill();
            next.awaitEvent("host 2 next");
            disk.empty();
            await().atMost(20, TimeUnit.SECONDS)
                    .until(() -> third.ask("inc things /n 1").equals("acknowledged 1"));
            assertThat(next.ask("inc things /n 10")).isEqualTo("acknowledged 10");
            assertThat(third.ask("inc things /n 1")).isEqualTo("acknowledged 1");
            assertThat(third.ask("value things")).startsWith("value {\"n\":" + (before + 13) + ",");
            started.forEach(MemberProcess::kill);
        }
    }

    @Test
    void onAFullDiskAMemberThatWasNotNextInLineCanStillBecomeHost() {
        try (SmallDisk disk = SmallDisk.mount(temporary.resolve("disk"), 96)) {
            Path store = disk.root().resolve("store");
            MemberProcess host = joined("host", temporary, store);
            MemberProcess next = joined("next", temporary, null);
            MemberProcess third = joined("third", temporary, null);
            await().atMost(30, TimeUnit.SECONDS).until(() -> spares(store.resolve("journal")) >= 4);
            disk.fill();
            String pending = third.ask("fill things /n");
            long before = Long.parseLong(word(pending, 1));
            host.kill();
            next.kill();
            third.awaitEvent("left next died");
            assertThat(third.ask("host")).endsWith(" third");
            disk.empty();
            await().atMost(20, TimeUnit.SECONDS)
                    .until(() -> third.ask("inc things /n 1").equals("acknowledged 1"));
            assertThat(third.ask("value things")).startsWith("value {\"n\":" + (before + 2) + ",");
            started.forEach(MemberProcess::kill);
        }
    }

    @Test
    void aJournalThatCannotBeForcedMakesTheMeshReadOnly() throws IOException {
        try (SmallDisk below = SmallDisk.mount(temporary.resolve("below"), 200);
                BrokenDisk disk = BrokenDisk.mount(below, temporary.resolve("disk"))) {
            Path store = disk.root().resolve("store");
            MemberProcess host = joined("host", temporary, store, "fsync");
            MemberProcess next = joined("next", temporary, null);
            assertThat(next.ask("inc things /n 100")).isEqualTo("acknowledged 100");
            disk.breakDown();
            next.tell("inc things /n 1");
            await().atMost(20, TimeUnit.SECONDS)
                    .until(() -> host.ask("inc things /n 1").contains("[STORE_FAILED]"));
            host.awaitAnswer("value things", "value {\"n\":100}");
            MemberProcess late = MemberProcess.start("small", "late", temporary.resolve("meshes"), null);
            started.add(late);
            assertThat(late.ask("join"))
                    .contains("is read-only since its journal failed")
                    .contains("[STORE_FAILED]");
            host.kill();
            next.kill();
        }
    }

    private static String word(String answer, int index) {
        return List.of(answer.split(" ", -1)).get(index);
    }

    private static long spares(Path journal) {
        try (var files = Files.list(journal)) {
            return files.filter(file -> file.getFileName().toString().contains("spare"))
                    .count();
        } catch (IOException notYet) {
            return 0;
        }
    }
}
