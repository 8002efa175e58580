package dev.covey.mesh.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.covey.mesh.Mesh;
import dev.covey.mesh.MeshOptions;
import dev.covey.mesh.SharedObject;
import dev.covey.patch.Patch;
import dev.covey.store.ObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What MemSync and Metaparticle's storage document of processes, each in processes; what they document of one is in
 * {@code MemSyncTest} and {@code MetaparticleTest}, the observer in {@link ObservedProcessesIT}, the mutex in {@link WritersIT}.
 */
class DocumentedProcessesIT {
    private static final int DRAWS = 60;

    @TempDir
    Path base;

    private final List<MemberProcess> started = new ArrayList<>();

    private MemberProcess joined(String name, @Nullable Path store) {
        MemberProcess member = MemberProcess.start("documented", name, base.resolve("meshes"), store);
        started.add(member);
        member.join();
        return member;
    }

    private Mesh join(MeshOptions options) {
        return Mesh.join(
                "documented", options.withDirectory(base.resolve("meshes")).withMemberName("test"));
    }

    @AfterEach
    void endAll() {
        started.forEach(MemberProcess::close);
    }

    @Test
    void memSyncInitialisationTheFirstProcessBringsTheDefaultsAndStopAsTheHostHandsOver() {
        MemberProcess server = joined("server", null);
        assertThat(server.ask("first shared")).isEqualTo("value {\"foo\":1}");
        assertThat(server.ask("inc shared /foo 6")).isEqualTo("acknowledged 6");
        try (Mesh client = join(MeshOptions.DEFAULT)) {
            assertThat(Drawing.first(client, "shared").toString()).isEqualTo("{\"foo\":7}");
            assertThat(server.ask("close")).isEqualTo("closed");
            assertThat(client.object("shared")
                            .patch(Patch.inc("/foo", 1))
                            .join()
                            .epoch())
                    .isEqualTo(2);
            assertThat(client.object("shared").value().toString()).isEqualTo("{\"foo\":8}");
            assertThat(client.members()).hasSize(1);
        }
    }

    @Test
    void memSyncStopAsAClientJustLeavesWithAllItsPatchesDecided() {
        try (Mesh server = join(MeshOptions.DEFAULT)) {
            MemberProcess client = joined("client", null);
            assertThat(client.ask("first shared")).isEqualTo("value {\"foo\":1}");
            assertThat(client.ask("inc shared /foo 20")).isEqualTo("acknowledged 20");
            assertThat(client.ask("close")).isEqualTo("closed");
            await().until(() -> server.members().size() == 1);
            SharedObject shared = server.object("shared");
            assertThat(shared.patch(Patch.inc("/foo", 1)).join().number()).isEqualTo(22);
            assertThat(shared.value().toString()).isEqualTo("{\"foo\":22}");
            assertThat(server.epoch()).isEqualTo(1);
        }
    }

    @Test
    void memSyncStorageTheFileIsLoadedByTheProcessThatStartsAndHasEveryChangeWhenItIsStopped() throws IOException {
        Path file = base.resolve("settings.json");
        Files.writeString(file, "{\"data\":{\"foo\":41},\"version\":3,\"timestamp\":1600000000000}");
        Path directory = base.resolve("store");
        try (ObjectStore store = ObjectStore.open(directory)) {
            assertThat(store.importFrom(file)).isEqualTo(1);
            store.create("second", JsonNodeFactory.instance.objectNode().put("n", 1));
        }
        MemberProcess server = joined("server", directory);
        assertThat(server.ask("first settings")).isEqualTo("value {\"foo\":41}");
        assertThat(server.ask("inc settings /foo 3")).isEqualTo("acknowledged 3");
        assertThat(server.ask("close")).isEqualTo("closed");
        try (ObjectStore store = ObjectStore.open(directory)) {
            assertThat(store.get("settings").orElseThrow().value().toString()).isEqualTo("{\"foo\":44}");
        }
        MemberProcess next = joined("next", directory);
        assertThat(next.ask("value settings")).isEqualTo("value {\"foo\":44}");
        assertThat(next.ask("value second")).isEqualTo("value {\"n\":1}");
    }

    @Test
    void metaparticleACounterIsAtomicAndSurvivesTheCrashOfAProcessThatCounts() {
        MemberProcess host = joined("host", null);
        MemberProcess other = joined("other", null);
        try (Mesh mesh = join(MeshOptions.DEFAULT)) {
            other.tell("draw global " + DRAWS);
            List<Integer> numbers = new ArrayList<>(drawn(Drawing.draw(mesh, "global", DRAWS)));
            numbers.addAll(drawn(other.answer()));
            assertThat(numbers)
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.rangeClosed(1, 2 * DRAWS).boxed().toList());

            host.tell("draw global 1000000");
            await().until(() -> mesh.object("global").value().get("calls").asInt() > 3 * DRAWS);
            other.tell("draw global " + DRAWS);
            host.kill();
            List<Integer> after = new ArrayList<>(drawn(Drawing.draw(mesh, "global", DRAWS)));
            after.addAll(drawn(other.answer()));
            assertThat(after).doesNotHaveDuplicates().hasSize(2 * DRAWS).allMatch(number -> number > 3 * DRAWS);
            assertThat(Drawing.draw(mesh, "global", 1)).startsWith("drew " + (max(after) + 1) + ",");
        }
    }

    private static int max(List<Integer> numbers) {
        return numbers.stream().mapToInt(Integer::intValue).max().orElseThrow();
    }

    private static List<Integer> drawn(String answer) {
        assertThat(answer).startsWith("drew ");
        String numbers = answer.substring("drew ".length(), answer.indexOf(','));
        return Arrays.stream(numbers.split(" ", -1)).map(Integer::valueOf).toList();
    }

    @Test
    void metaparticleScopesByKeyArePartitionsOfProcessesThatDoNotWaitForEachOther() {
        List<MemberProcess> members = List.of(joined("ann", null), joined("bob", null));
        members.forEach(member -> member.tell("draw calls-" + member.name() + " " + DRAWS));
        List<Integer> all = IntStream.rangeClosed(1, DRAWS).boxed().toList();
        for (MemberProcess member : members) {
            String answer = member.answer();
            assertThat(drawn(answer)).isEqualTo(all);
            assertThat(answer).endsWith(", 0 in vain");
        }
        members.get(0).awaitAnswer("value calls-bob", "value {\"calls\":" + DRAWS + "}");
    }
}
