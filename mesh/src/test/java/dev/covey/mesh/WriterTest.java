package dev.covey.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.covey.patch.Patch;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Permits to patch an object, and members that are the writers of a mesh. */
class WriterTest {
    private static final ObjectOptions ONE_WRITER = ObjectOptions.DEFAULT.withMaxWriters(1);

    @TempDir
    Path base;

    private Mesh join(String mesh, String member) {
        return Mesh.join(mesh, options(member));
    }

    private MeshOptions options(String member) {
        return MeshOptions.DEFAULT.withDirectory(base.resolve("meshes")).withMemberName(member);
    }

    @Test
    void onlyTheHolderOfThePermitPatchesAndOnlyThroughItsWriter() {
        try (Mesh mesh = join("only", "one")) {
            SharedObject ledger = mesh.object("ledger", ONE_WRITER.withInitial(java.util.Map.of("balance", 100)));
            try (Writer writer = ledger.writer()) {
                writer.patch(Patch.inc("/balance", -30)).join();
                assertThat(writer.isHeld()).isTrue();
                assertThat(writer.token()).isPositive();
                assertThat(writer.object()).isSameAs(ledger);
                assertThatThrownBy(() -> ledger.patch(Patch.inc("/balance", -1)).join())
                        .hasMessageContaining("ledger: only holders of a permit may patch it")
                        .hasMessageContaining("[NOT_A_WRITER]");
                assertThatThrownBy(() -> ledger.delete().join()).hasMessageContaining("[NOT_A_WRITER]");
                assertThatThrownBy(() -> ledger.ephemeral("/here", 1).join()).hasMessageContaining("[NOT_A_WRITER]");
            }
            assertThat(ledger.value().get("balance").asInt()).isEqualTo(70);
        }
    }

    @Test
    void withoutWaitingItIsMaxWritersAtOnceAndSaysWhoHasIt() {
        try (Mesh one = join("atonce", "one");
                Mesh two = join("atonce", "two");
                Writer held = one.object("ledger", ONE_WRITER).writer()) {
            assertThat(held.isHeld()).isTrue();
            assertThatThrownBy(() -> two.object("ledger", ONE_WRITER).writer())
                    .hasMessageContaining("ledger: the only permit is held by member 1 (one)")
                    .hasMessageContaining("[MAX_WRITERS]");
            assertThatThrownBy(() -> two.object("ledger").writer(Duration.ofMillis(20)))
                    .hasMessageContaining("no permit became free within 20 ms; held by one (member 1)")
                    .hasMessageContaining("[MAX_WRITERS]");
        }
    }

    @Test
    void permitsAreGivenInTheOrderOfAskingAndTheTokensRise() {
        try (Mesh mesh = join("order", "one")) {
            SharedObject ledger = mesh.object("ledger", ONE_WRITER);
            Writer first = ledger.writer();
            List<String> order = new CopyOnWriteArrayList<>();
            List<Long> tokens = new CopyOnWriteArrayList<>(List.of(first.token()));
            List<CompletableFuture<Void>> waiting = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                String name = "waiter-" + i;
                waiting.add(CompletableFuture.runAsync(() -> {
                    try (Writer writer = ledger.writer(Duration.ofSeconds(30))) {
                        order.add(name);
                        tokens.add(writer.token());
                        writer.patch(Patch.push("/names", name)).join();
                    }
                }));
                int expected = i + 1;
                await().until(() -> waiters(mesh) == expected);
            }
            first.close();
            waiting.forEach(CompletableFuture::join);
            assertThat(order).containsExactly("waiter-0", "waiter-1", "waiter-2", "waiter-3", "waiter-4");
            assertThat(tokens).isSorted().doesNotHaveDuplicates();
            assertThat(ledger.value().get("names")).hasSize(5);
        }
    }

    private static int waiters(Mesh mesh) {
        return java.util.Objects.requireNonNull(mesh.holdings().writers("ledger"))
                .waiting()
                .size();
    }

    @Test
    void aWriterReadsModifiesAndWritesWithItsPermitAsLongAsItHasIt() {
        try (Mesh one = join("edits", "one");
                Mesh two = join("edits", "two")) {
            ObjectOptions both = ObjectOptions.DEFAULT.withMaxWriters(2);
            Writer writer = one.object("ledger", both).writer();
            Writer rival = two.object("ledger", both).writer();
            AtomicInteger runs = new AtomicInteger();
            int made = writer.edit("/totals", totals -> {
                        if (runs.incrementAndGet() == 1) {
                            rival.patch(Patch.set("/totals/n", 41)).join();
                        }
                        totals.put("n", totals.path("n").asInt() + 1);
                        return totals.get("n").asInt();
                    })
                    .join();
            assertThat(made).isEqualTo(42);
            assertThat(runs).hasValue(2);
            assertThat(writer.scoped(whole -> whole.at("/totals/n").asInt()).join())
                    .isEqualTo(42);
            assertThat(writer.update("/totals/n", n -> IntNode.valueOf(n.asInt() + 1))
                            .join()
                            .number())
                    .isEqualTo(3);
            assertThatThrownBy(one.object("ledger").edit("/totals", totals -> totals.put("n", 0))::join)
                    .hasMessageContaining("[NOT_A_WRITER]");
            CompletableFuture<ObjectNode> tooLate = writer.edit("/totals", totals -> {
                writer.close();
                return totals.put("n", 0);
            });
            assertThatThrownBy(tooLate::join).hasMessageContaining("[NOT_A_WRITER]");
            assertThat(rival.scoped(whole -> whole.at("/totals/n").asInt()).join())
                    .isEqualTo(43);
            rival.close();
        }
    }

    @Test
    void whoGivesUpWaitingLeavesTheLine() {
        try (Mesh mesh = join("giveup", "one")) {
            SharedObject ledger = mesh.object("ledger", ONE_WRITER);
            Writer first = ledger.writer();
            assertThatThrownBy(() -> ledger.writer(Duration.ofMillis(50))).hasMessageContaining("[MAX_WRITERS]");
            first.close();
            try (Writer next = ledger.writer(Duration.ofSeconds(10))) {
                assertThat(next.token()).isGreaterThan(first.token());
                assertThat(waiters(mesh)).isZero();
            }
        }
    }

    @Test
    void aClosedWriterPatchesNoMore() {
        try (Mesh mesh = join("closed", "one")) {
            Writer writer = mesh.object("ledger", ONE_WRITER).writer();
            CompletableFuture<Revision> before = writer.patch(Patch.inc("/n", 1));
            writer.close();
            writer.close();
            assertThat(before.join().number()).isEqualTo(1);
            assertThat(writer.isHeld()).isFalse();
            assertThatThrownBy(() -> writer.patch(Patch.inc("/n", 1)).join())
                    .hasMessageContaining("ledger: the permit was given back, or lost")
                    .hasMessageContaining("[NOT_A_WRITER]");
        }
    }

    @Test
    void aPermitEndsWithItsMemberAndTheNextInLineHasIt() {
        Mesh one = join("ends", "one");
        try (Mesh two = join("ends", "two")) {
            Writer lost = one.object("ledger", ONE_WRITER).writer();
            AtomicInteger told = new AtomicInteger();
            assertThat(lost.onLost(told::incrementAndGet)).isSameAs(lost);
            CompletableFuture<Writer> waiting =
                    CompletableFuture.supplyAsync(() -> two.object("ledger").writer(Duration.ofSeconds(30)));
            await().until(() -> two.holdings().writers("ledger") != null && waiters(two) == 1);
            one.close();
            try (Writer next = waiting.join()) {
                assertThat(next.patch(Patch.inc("/n", 1)).join().number()).isEqualTo(1);
            }
            assertThat(lost.isHeld()).isFalse();
        }
    }

    @Test
    void thePermitsOfAnObjectAreFixedByWhoStatesThemFirst() {
        try (Mesh one = join("fixed", "one");
                Mesh two = join("fixed", "two")) {
            assertThatThrownBy(() -> one.object("ledger").writer())
                    .hasMessageContaining("it has no maxWriters")
                    .hasMessageContaining("[OPTIONS_MISMATCH]");
            one.object("ledger", ObjectOptions.DEFAULT.withMaxWriters(2));
            two.object("ledger", ObjectOptions.DEFAULT.withMaxWriters(2));
            assertThatThrownBy(() -> two.object("ledger", ONE_WRITER))
                    .hasMessageContaining("ledger: it was opened with maxWriters 2, this member asks for 1")
                    .hasMessageContaining("[OPTIONS_MISMATCH]");
            try (Writer first = one.object("ledger").writer();
                    Writer second = two.object("ledger").writer()) {
                first.patch(Patch.inc("/n", 1)).join();
                second.patch(Patch.inc("/n", 1)).join();
                assertThatThrownBy(() -> two.object("ledger").writer())
                        .hasMessageContaining("all 2 permits are held by member 1 (one), member 2 (two)");
            }
        }
    }

    @Test
    void aMeshTakesSoManyWritersAndTheOthersMayOnlyRead() {
        try (Mesh writer = Mesh.join("role", options("writer").withMaxWriters(1).withRole(MeshOptions.WRITER));
                Mesh reader = join("role", "reader")) {
            writer.object("o").patch(Patch.inc("/n", 1)).join();
            assertThatThrownBy(() -> Mesh.join("role", options("second").withRole(MeshOptions.WRITER)))
                    .hasMessageContaining("the mesh has 1 members with the role writer, which is its limit")
                    .hasMessageContaining("[MAX_WRITERS]");
            assertThatThrownBy(
                            () -> reader.object("o").patch(Patch.inc("/n", 1)).join())
                    .hasMessageContaining("[NOT_A_WRITER]");
            assertThatThrownBy(() -> Mesh.join("role", options("third").withMaxWriters(2)))
                    .hasMessageContaining("[OPTIONS_MISMATCH]");
            assertThat(reader.object("presence").ephemeral("/reader", 1).join().isHeld())
                    .isTrue();
        }
    }

    @Test
    void limitsOfTheOptionsAreStated() {
        assertThatThrownBy(() -> ObjectOptions.DEFAULT.withMaxWriters(-1)).hasMessageContaining("[LIMIT_EXCEEDED]");
        assertThatThrownBy(() -> ObjectOptions.DEFAULT.withWriterExpiry(Duration.ofMillis(100)))
                .hasMessageContaining("at least 500 ms");
        assertThatThrownBy(() -> MeshOptions.DEFAULT.withMaxWriters(5_000)).hasMessageContaining("[LIMIT_EXCEEDED]");
        assertThatThrownBy(() -> MeshOptions.DEFAULT.withMetadata(java.util.Map.of("k", "x".repeat(300))))
                .hasMessageContaining("[LIMIT_EXCEEDED]");
    }
}
