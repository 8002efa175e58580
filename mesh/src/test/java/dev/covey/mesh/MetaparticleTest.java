package dev.covey.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.covey.patch.Patch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Metaparticle's storage documents of its scopes, one test for each; the crash is in {@code EditedProcessesIT}. */
class MetaparticleTest {
    @TempDir
    Path base;

    private final List<Mesh> members = new ArrayList<>();

    @BeforeEach
    void join() {
        for (String name : List.of("one", "two", "three")) {
            members.add(Mesh.join(
                    "scopes",
                    MeshOptions.DEFAULT.withDirectory(base.resolve("meshes")).withMemberName(name)));
        }
    }

    @AfterEach
    void leave() {
        members.forEach(Mesh::close);
    }

    private static int count(ObjectNode value) {
        int next = value.path("calls").asInt() + 1;
        value.put("calls", next);
        return next;
    }

    @Test
    void whatAFunctionPutsIntoItsScopeIsThereForTheNextCallAnywhere() {
        String put = members.get(0)
                .scoped("request", value -> {
                    value.putObject("user").put("name", "ann");
                    return "put";
                })
                .join();
        assertThat(put).isEqualTo("put");
        String found = members.get(2)
                .scoped("request", value -> value.at("/user/name").asText())
                .join();
        assertThat(found).isEqualTo("ann");
    }

    @Test
    void aCounterIsAtomicWhoeverCounts() {
        List<CompletableFuture<Integer>> results = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            results.add(members.get(i % 3).scoped("global", MetaparticleTest::count));
        }
        List<Integer> counts = results.stream().map(CompletableFuture::join).toList();
        assertThat(counts).doesNotHaveDuplicates().hasSize(150).contains(1, 150);
    }

    @Test
    void scopesByKeyArePartitionsThatDoNotWaitForEachOther() {
        for (Mesh member : members) {
            member.scoped("calls-" + member.self().name(), MetaparticleTest::count)
                    .join();
            member.scoped("calls-" + member.self().name(), MetaparticleTest::count)
                    .join();
        }
        for (Mesh member : members) {
            assertThat(member.object("calls-" + member.self().name()).value().toString())
                    .isEqualTo("{\"calls\":2}");
            assertThat(member.statistics().retries()).isZero();
        }
    }

    @Test
    void aFunctionThatLostTheRaceIsRetriedOnTheNewData() {
        Mesh mine = members.get(0);
        Mesh other = members.get(1);
        AtomicInteger runs = new AtomicInteger();
        int result = mine.scoped("global", value -> {
                    if (runs.incrementAndGet() == 1) {
                        other.object("global").patch(Patch.set("/calls", 9)).join();
                    }
                    return count(value);
                })
                .join();
        assertThat(runs).hasValue(2);
        assertThat(result).isEqualTo(10);
    }
}
