package dev.covey.examples.tour.byexample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.covey.mesh.Mesh;
import dev.covey.mesh.MeshOptions;
import dev.covey.patch.Patch;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs of the README do what it says. */
class ByExampleTest {
    @TempDir
    Path base;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
    private Mesh ann;
    private Mesh bob;

    @BeforeEach
    void join() {
        MeshOptions options = MeshOptions.DEFAULT.withDirectory(base.resolve("meshes"));
        ann = Mesh.join("tour", options.withMemberName("ann"));
        bob = Mesh.join("tour", options.withMemberName("bob"));
    }

    @AfterEach
    void leave() {
        bob.close();
        ann.close();
    }

    private void awaitPrinted(String... texts) {
        await().untilAsserted(() ->
                assertThat(printed.toString(StandardCharsets.UTF_8)).contains(texts));
    }

    @Test
    void visitsAreCountedAndSeen() {
        Visits.visit(ann, out);
        Visits.visit(bob, out);
        awaitPrinted("visit 1 is revision 1", "visit 2 is revision 2", "/by/bob was here 1 times");
        await().untilAsserted(() ->
                assertThat(ann.object("visits").value().at("/count").asInt()).isEqualTo(2));
    }

    @Test
    void noNumberIsDrawnTwice() {
        List<CompletableFuture<Integer>> drawn = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Mesh mesh = i % 2 == 0 ? ann : bob;
            drawn.add(CompletableFuture.supplyAsync(() -> Counter.draw(mesh, out)));
        }
        List<Integer> numbers =
                drawn.stream().map(CompletableFuture::join).sorted().toList();
        assertThat(numbers).doesNotHaveDuplicates().hasSize(20).startsWith(100).endsWith(119);
    }

    @Test
    void whoLeavesIsGoneFromThePresence() {
        Presence.watch(ann, out);
        Presence.appear(ann, "watching");
        Presence.appear(bob, "working");
        long number = bob.self().number();
        awaitPrinted("/here/" + number + " is working");
        bob.close();
        awaitPrinted("/here/" + number + " is gone");
        assertThat(ann.object("presence").value().at("/here")).hasSize(1);
    }

    @Test
    void oneAtATimeWritesTheLedger() {
        Ledger.book(ann, 10, out);
        Ledger.book(bob, 5, out);
        await().untilAsserted(() ->
                assertThat(ann.object("ledger").value().toString()).isEqualTo("{\"balance\":15,\"entries\":[10,5]}"));
        awaitPrinted("the balance is 10", "the balance is 15");
        assertThatThrownBy(bob.object("ledger").patch(Patch.set("/balance", 0))::join)
                .hasMessageContaining("[NOT_A_WRITER]");
    }
}
