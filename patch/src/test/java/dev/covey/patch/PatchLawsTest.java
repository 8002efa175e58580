package dev.covey.patch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What holds of every patch and every value, tried on {@code -Dcovey.laws.rounds} random ones (10,000 unless told otherwise). */
final class PatchLawsTest {
    private static final long ROUNDS = Long.getLong("covey.laws.rounds", 10_000);
    private static final Limits LIMITS = Limits.DEFAULT;

    /** One round: a patch that was accepted. */
    private interface Law {
        void holds(JsonNode before, Patch patch, Resolution resolution);
    }

    private static void always(Law law) {
        List<String> kinds = RandomUpdate.kinds();
        Map<String, Integer> accepted = new TreeMap<>();
        Map<String, Integer> refused = new TreeMap<>();
        for (long seed = 0; seed < ROUNDS; seed++) {
            RandomJson json = new RandomJson(seed);
            JsonNode tree = json.value(4);
            JsonNode before = FrozenTree.freeze(tree);
            String kind = kinds.get((int) (seed % kinds.size()));
            RandomUpdate updates = new RandomUpdate(json);
            Patch patch = updates.patch(kind, before);
            if (json.random.nextInt(4) == 0) {
                patch = patch.and(updates.patch(json.oneOf(kinds), before));
            }
            Resolution resolution;
            try {
                resolution = patch.resolve(before, 1234, LIMITS);
                accepted.merge(kind, 1, Integer::sum);
            } catch (PatchException refusal) {
                refused.merge(kind, 1, Integer::sum);
                assertThat(before).isEqualTo(tree);
                continue;
            }
            try {
                law.holds(before, patch, resolution);
                assertThat(before).isEqualTo(tree);
            } catch (AssertionError | RuntimeException broken) {
                throw new AssertionError(
                        "seed " + seed + ": " + kind + " " + resolution.operations() + " of " + tree, broken);
            }
        }
        // Each operator was accepted and, if it can be, refused often enough to mean something.
        assertThat(accepted.keySet()).containsAll(RandomUpdate.OPERATORS);
        assertThat(refused.keySet()).hasSizeGreaterThan(10);
    }

    @Test
    void applyingTheOperationsToACopyGivesWhatWasResolved() {
        always((before, patch, resolution) -> {
            JsonNode copy = FrozenTree.freeze(before.deepCopy());
            JsonNode after = resolution.operations().applyTo(copy);
            assertThat(Sharing.identical(after, resolution.after())).isTrue();
            assertThat(FrozenTree.hash(after)).isEqualTo(FrozenTree.hash(resolution.after()));
            assertThat(Weight.of(FrozenTree.freeze(after.deepCopy()))).isEqualTo(Weight.of(after));
        });
    }

    @Test
    void nothingChangedMeansTheSameReferenceAndNoOperations() {
        always((before, patch, resolution) -> {
            boolean identical = Sharing.identical(before, resolution.after());
            assertThat(resolution.changed()).isEqualTo(!identical);
            assertThat(resolution.operations().isEmpty()).isEqualTo(identical);
        });
    }

    @Test
    void whatNoOperationTouchedKeepsItsReference() {
        always((before, patch, resolution) ->
                sameWhereUntouched(Path.ROOT, before, resolution.after(), resolution.operations()));
    }

    private static void sameWhereUntouched(Path path, JsonNode before, JsonNode after, Operations operations) {
        boolean touched = false;
        for (Operation operation : operations.list()) {
            if (operation.path().contains(path)) {
                return;
            }
            touched |= operation.path().overlaps(path);
        }
        if (!touched) {
            assertThat(after).isSameAs(before);
        } else if (before instanceof FrozenObject object) {
            object.properties().forEach(member -> {
                JsonNode now = after.get(member.getKey());
                if (now != null) {
                    sameWhereUntouched(path.child(member.getKey()), member.getValue(), now, operations);
                }
            });
        } else if (before instanceof FrozenArray array && after instanceof FrozenArray now) {
            for (int i = 0; i < Math.min(array.size(), now.size()); i++) {
                sameWhereUntouched(path.child(i), array.get(i), now.get(i), operations);
            }
        }
    }

    @Test
    void aPatchAndItsOperationsSurviveTheirBinaryForm() {
        always((before, patch, resolution) -> {
            Patch read = Patch.fromBytes(ByteBuffer.wrap(patch.toBytes()), LIMITS);
            assertThat(read.toBytes()).isEqualTo(patch.toBytes());
            assertThat(read.resolve(before, 1234, LIMITS)).isEqualTo(resolution);
            byte[] bytes = resolution.operations().toBytes();
            Operations operations = Operations.fromBytes(ByteBuffer.wrap(bytes), LIMITS);
            assertThat(operations).isEqualTo(resolution.operations());
            JsonNode value = ValueCodec.fromBytes(ByteBuffer.wrap(ValueCodec.toBytes(resolution.after())), LIMITS);
            assertThat(Sharing.identical(value, resolution.after())).isTrue();
        });
    }

    @Test
    void theOperationsSaidAsJsonPatchDoTheSame() {
        always((before, patch, resolution) -> {
            JsonNode jsonPatch = resolution.operations().toJsonPatch();
            JsonNode after =
                    Patch.jsonPatch(jsonPatch).resolve(before, 0, LIMITS).after();
            assertThat(Sharing.identical(after, resolution.after())).isTrue();
        });
    }

    @Test
    void theDifferenceOfBeforeAndAfterLeadsFromOneToTheOther() {
        always((before, patch, resolution) -> {
            Operations difference = Diff.between(before, resolution.after().deepCopy());
            JsonNode after = difference.applyTo(before);
            assertThat(Sharing.identical(after, resolution.after())).isTrue();
            Operations back = Diff.between(resolution.after(), before);
            assertThat(Sharing.identical(back.applyTo(resolution.after()), before))
                    .isTrue();
        });
    }

    @Test
    void aMergePatchOfTheDifferenceLeadsThereIfItCanBeSaid() {
        always((before, patch, resolution) -> {
            JsonNode merge;
            try {
                merge = Diff.mergePatch(before, resolution.after());
            } catch (PatchException unsayable) {
                assertThat(unsayable.found()).isEqualTo("null");
                return;
            }
            assertThat(Patch.mergePatch(merge).resolve(before, 0, LIMITS).after())
                    .isEqualTo(resolution.after());
        });
    }

    @Test
    void theChangeSetNamesThePlacesThatTheDifferenceNames() {
        always((before, patch, resolution) -> {
            List<ChangeSet> leaves = resolution.changes().leaves();
            List<Operation> difference =
                    Diff.between(before, resolution.after()).list();
            for (Operation operation : difference) {
                assertThat(leaves).anyMatch(leaf -> leaf.path().contains(operation.path()));
                assertThat(resolution.changes().touches(operation.path())).isTrue();
            }
            for (ChangeSet leaf : leaves) {
                assertThat(difference).anyMatch(operation -> leaf.path().overlaps(operation.path()));
            }
        });
    }

    @Test
    void everyOverwriteLiesAtOrBelowAPathThatAnIntentTouches() {
        always((before, patch, resolution) -> {
            for (Operation operation : resolution.operations().list()) {
                Path lost = operation.overwritten();
                assertThat(resolution.touches())
                        .anyMatch(touch -> lost == null
                                ? touch.path().overlaps(operation.path())
                                : touch.overwrites() && touch.path().overlaps(lost));
            }
        });
    }
}
