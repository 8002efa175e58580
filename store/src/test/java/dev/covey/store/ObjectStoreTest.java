package dev.covey.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ObjectStoreTest {
    @TempDir
    Path temporary;

    private ObjectStore store;

    @BeforeEach
    void open() {
        store = ObjectStore.open(temporary.resolve("store"));
    }

    @Test
    void whatIsCreatedIsReadByEverybodyWithItsIdAndRevision() {
        StoredObject made = store.create("visits", json("count", 1));
        ObjectStore other = ObjectStore.open(temporary.resolve("store"));
        StoredObject found = other.get("visits").orElseThrow();
        assertThat(found).isEqualTo(made);
        assertThat(found.revision()).isEqualTo(1);
        assertThat(found.document().fieldNames()).toIterable().containsExactly("_id", "_rev", "count");
        assertThat(found.document().get("_rev").asText()).isEqualTo(made.rev());
        assertThat(other.all()).containsExactly(made);
        refused(StoreCode.ALREADY_EXISTS, () -> store.create("visits", json("count", 2)));
    }

    @Test
    void anUpdateNeedsTheNewestRevision() {
        StoredObject first = store.create("visits", json("count", 1));
        StoredObject second = store.update(first, json("count", 2));
        assertThat(second.revision()).isEqualTo(2);
        refused(StoreCode.CONFLICT, () -> store.update(first, json("count", 3)));
        assertThat(store.get("visits").orElseThrow().value()).isEqualTo(json("count", 2));
        assertThat(store.at("visits", 1).orElseThrow().value()).isEqualTo(json("count", 1));
        refused(StoreCode.NOT_FOUND, () -> store.update("nobody", json("count", 1), first.rev()));
    }

    @Test
    void upsertCreatesAndThenMergesTheMembersOnTop() {
        store.upsert("settings", json("colour", 1));
        store.upsert("settings", json("size", 2));
        StoredObject merged = store.upsert("settings", json("colour", 3));
        assertThat(merged.revision()).isEqualTo(3);
        assertThat(merged.value()).isEqualTo(json("colour", 3).put("size", 2));
    }

    @Test
    void bothRevisionsOfAConflictStayAndEverybodySeesTheSameWinner() {
        StoredObject first = store.create("visits", json("count", 1));
        StoredObject left = store.updateKeepingConflict("visits", json("left", 1), first.rev());
        StoredObject right = store.updateKeepingConflict("visits", json("right", 1), first.rev());
        StoredObject winner = left.rev().compareTo(right.rev()) > 0 ? left : right;
        StoredObject loser = winner.equals(left) ? right : left;
        assertThat(store.get("visits").orElseThrow()).isEqualTo(winner);
        assertThat(store.conflicts("visits")).containsExactly(new Conflict(loser, false));
        assertThat(store.revisions("visits").map(StoredRevision::rev))
                .containsExactly(first.rev(), loser.rev(), winner.rev());
    }

    @Test
    void anOldConflictIsListedUntilARevisionClosesIt() {
        StoredObject first = store.create("visits", json("count", 1));
        StoredObject lost = store.updateKeepingConflict("visits", json("lost", 1), first.rev());
        StoredObject other = store.updateKeepingConflict("visits", json("count", 2), first.rev());
        StoredObject next = store.updateKeepingConflict("visits", json("count", 3), other.rev());
        for (int i = 0; i < 150; i++) {
            next = store.update(next, json("count", i));
        }
        assertThat(store.conflicts("visits")).containsExactly(new Conflict(lost, false));
        StoredObject merged = store.resolve("visits", json("count", 200).put("lost", 1));
        assertThat(store.conflicts("visits")).isEmpty();
        assertThat(store.revisions("visits").reduce((a, b) -> b).orElseThrow().closes())
                .containsExactly(lost.rev());
        assertThat(store.get("visits").orElseThrow()).isEqualTo(merged);
    }

    @Test
    void aConflictWhoseDataTheNewestHasCapturedIsToldAndClosedAlone() {
        StoredObject first = store.create("visits", json("count", 1));
        store.updateKeepingConflict("visits", json("a", 1), first.rev());
        store.updateKeepingConflict("visits", json("b", 1), first.rev());
        StoredObject newest = store.get("visits").orElseThrow();
        StoredObject lost = store.conflicts("visits").get(0).object();
        ObjectNode both = JsonNodeFactory.instance.objectNode();
        both.setAll((ObjectNode) lost.value());
        both.setAll((ObjectNode) newest.value());
        StoredObject unrelated = store.updateKeepingConflict("visits", json("c", 9), first.rev());
        store.update("visits", both, store.get("visits").orElseThrow().rev());
        List<Conflict> conflicts = store.conflicts("visits");
        assertThat(conflicts).hasSize(2);
        long captured = conflicts.stream().filter(Conflict::autoResolvable).count();
        assertThat(captured).isBetween(1L, 2L);
        assertThat(store.closeCaptured("visits")).isEqualTo((int) captured);
        assertThat(store.conflicts("visits")).hasSize(2 - (int) captured);
        assertThat(unrelated.value()).isEqualTo(json("c", 9));
    }

    @Test
    void aDeleteLeavesATombstoneThatMeetsAConcurrentUpdateAsAConflict() {
        StoredObject first = store.create("visits", json("count", 1));
        StoredObject tombstone = store.delete("visits", first.rev());
        assertThat(tombstone.deleted()).isTrue();
        assertThat(store.get("visits")).isEmpty();
        StoredObject update = store.updateKeepingConflict("visits", json("count", 2), first.rev());
        List<Conflict> conflicts = store.conflicts("visits");
        assertThat(conflicts).hasSize(1);
        boolean updateWins = update.rev().compareTo(tombstone.rev()) > 0;
        assertThat(store.get("visits").isPresent()).isEqualTo(updateWins);
        assertThat(conflicts.get(0).object().deleted()).isEqualTo(updateWins);
        assertThat(conflicts.get(0).autoResolvable()).isFalse();
        refused(StoreCode.CONFLICT, () -> store.delete("visits", first.rev()));
    }

    @Test
    void whatWasDeletedCanBeCreatedAgainAndItsHistoryStays() {
        StoredObject first = store.create("visits", json("count", 1));
        store.delete("visits", first.rev());
        StoredObject again = store.create("visits", json("count", 7));
        assertThat(again.revision()).isEqualTo(3);
        assertThat(store.revisions("visits").map(StoredRevision::deleted)).containsExactly(false, true, false);
    }

    @Test
    void idsOfAnySortAreStoredUnderSafeNamesOrRefusedByOneSentence() throws IOException {
        List<String> ids = List.of(
                "../../etc/passwd",
                "\0",
                "\uD83D\uDC26",
                "CON",
                "con",
                "Alice",
                "alice",
                ".",
                "..",
                "a/b",
                "_x",
                "-",
                " ",
                "a\nb",
                "objects",
                "é".repeat(256),
                "x".repeat(512),
                "~",
                "a".repeat(64),
                "a".repeat(65),
                "a.b");
        for (String id : ids) {
            store.create(id, json("id", id.length()));
        }
        assertThat(store.ids()).containsExactlyInAnyOrderElementsOf(ids);
        for (String id : ids) {
            assertThat(store.get(id).orElseThrow().id()).isEqualTo(id);
        }
        Set<String> folded = new TreeSet<>();
        try (Stream<Path> files = Files.list(temporary.resolve("store/objects"))) {
            files.map(file -> String.valueOf(file.getFileName())).forEach(name -> {
                assertThat(name).matches("[a-z0-9_-]{1,100}");
                folded.add(name);
            });
        }
        assertThat(folded).hasSize(ids.size());
        refused(StoreCode.BAD_NAME, () -> store.get(""));
        refused(StoreCode.BAD_NAME, () -> store.create("x".repeat(10_000), json("a", 1)));
        refused(StoreCode.BAD_NAME, () -> store.create("\uD83D", json("a", 1)));
    }

    @Test
    void aFileThatBelongsToAnotherObjectIsRefused() throws IOException {
        StoredObject made = store.create("visits", json("count", 1));
        Path moved = temporary.resolve("store/objects/others");
        Files.createDirectory(moved);
        Files.copy(temporary.resolve("store/objects/visits").resolve(made.rev()), moved.resolve(made.rev()));
        assertThatThrownBy(() -> store.revisions("others").count())
                .hasMessageContaining("belongs to object \"visits\"")
                .hasMessageContaining("CORRUPT");
        assertThat(store.get("others")).isEmpty();
    }

    @Test
    void threadsThatReadModifyAndWriteLoseNoCount() {
        store.create("visits", json("count", 0));
        int threads = 4;
        int each = 200;
        Set<String> acknowledged = new ConcurrentSkipListSet<>();
        IntStream.range(0, threads).parallel().forEach(thread -> {
            ObjectStore mine = ObjectStore.open(temporary.resolve("store"));
            for (int i = 0; i < each; i++) {
                acknowledged.add(countOneMore(mine).rev());
            }
        });
        StoredObject newest = store.get("visits").orElseThrow();
        assertThat(newest.value().get("count").asInt()).isEqualTo(threads * each);
        assertThat(acknowledged).hasSize(threads * each);
        assertThat(store.conflicts("visits")).isEmpty();
    }

    static StoredObject countOneMore(ObjectStore store) {
        while (true) {
            StoredObject read = store.get("visits").orElseThrow();
            try {
                return store.update(
                        read, json("count", read.value().get("count").asInt() + 1));
            } catch (StoreException conflict) {
                assertThat(conflict.code()).isEqualTo(StoreCode.CONFLICT);
            }
        }
    }

    @Test
    void syncCopiesWhatIsMissingBothWaysAndASecondOneNothing() {
        ObjectStore other = ObjectStore.open(temporary.resolve("other"));
        StoredObject here = store.create("visits", json("here", 1));
        store.update(here, json("here", 2));
        StoredObject there = other.create("visits", json("there", 1));
        other.create("Ünique", json("there", 1));
        assertThat(store.sync(other)).isEqualTo(new SyncReport(2, 2, 0));
        assertThat(store.sync(other)).isEqualTo(new SyncReport(0, 0, 0));
        assertThat(other.get("visits")).isEqualTo(store.get("visits"));
        assertThat(store.get("Ünique")).isPresent();
        assertThat(store.conflicts("visits").get(0).object()).isEqualTo(there);
        other.update(other.get("visits").orElseThrow(), json("there", 3));
        assertThat(store.sync(other)).isEqualTo(new SyncReport(1, 0, 0));
    }

    @Test
    void aDamagedFileIsNeitherReadNorSpread() throws IOException {
        ObjectStore other = ObjectStore.open(temporary.resolve("other"));
        StoredObject first = store.create("visits", json("count", 1));
        StoredObject second = store.update(first, json("count", 2));
        Path file = temporary.resolve("store/objects/visits").resolve(second.rev());
        byte[] bytes = Files.readAllBytes(file);
        bytes[20] ^= 1;
        Files.write(file, bytes);
        assertThat(store.get("visits").orElseThrow()).isEqualTo(first);
        assertThat(store.sync(other)).isEqualTo(new SyncReport(0, 1, 1));
        assertThat(other.get("visits").orElseThrow()).isEqualTo(first);
    }

    static ObjectNode json(String name, int value) {
        return JsonNodeFactory.instance.objectNode().put(name, value);
    }

    private static void refused(StoreCode code, ThrowingCallable action) {
        assertThatThrownBy(action)
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
