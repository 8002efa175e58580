package dev.covey.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PatchTest {
    private static final JsonNode LEDGER =
            json("{\"balance\":5,\"lines\":[{\"n\":1},{\"n\":2}],\"owner\":{\"name\":\"ann\"}}");

    private static JsonNode json(String text) {
        return Json.parse(text.replace('\'', '"'), Limits.DEFAULT);
    }

    private static Resolution resolve(Patch patch) {
        Resolution direct = patch.resolve(LEDGER, 0, Limits.DEFAULT);
        Patch travelled = Patch.fromBytes(ByteBuffer.wrap(patch.toBytes()), Limits.DEFAULT);
        assertThat(travelled.resolve(LEDGER, 0, Limits.DEFAULT)).isEqualTo(direct);
        Operations sent =
                Operations.fromBytes(ByteBuffer.wrap(direct.operations().toBytes()), Limits.DEFAULT);
        assertThat(sent).isEqualTo(direct.operations());
        assertThat(sent.applyTo(LEDGER)).isEqualTo(direct.after());
        Patch asJsonPatch = Patch.jsonPatch(direct.operations().toJsonPatch());
        assertThat(asJsonPatch.resolve(LEDGER, 0, Limits.DEFAULT).after()).isEqualTo(direct.after());
        assertThat(direct.changed()).isEqualTo(!direct.operations().isEmpty());
        return direct;
    }

    @Test
    void severalIntentsTakeEffectOneAfterAnother() {
        Resolution resolution = resolve(Patch.inc("/balance", 2)
                .and(Patch.push("/lines", 7, 8))
                .and(Patch.set("/new/deep", true))
                .and(Patch.unset("/owner/name")));
        assertThat(resolution.after())
                .isEqualTo(json("{'balance':7,'lines':[{'n':1},{'n':2},7,8],'owner':{},'new':{'deep':true}}"));
        assertThat(resolution.touches())
                .containsExactly(
                        new Touch(Path.parse("/balance"), false),
                        new Touch(Path.parse("/lines"), false),
                        new Touch(Path.parse("/new/deep"), true),
                        new Touch(Path.parse("/owner/name"), true));
        assertThat(resolution.after().get("lines").get(0))
                .isSameAs(LEDGER.get("lines").get(0));
    }

    @Test
    void aPatchThatChangesNothingGivesTheSameReference() {
        Resolution resolution =
                resolve(Patch.set("/owner", json("{'name':'ann'}")).and(Patch.inc("/balance", 0)));
        assertThat(resolution.after()).isSameAs(LEDGER);
        assertThat(resolution.touches()).hasSize(2);
        assertThat(resolve(Patch.inc("/balance", 1).and(Patch.inc("/balance", -1)))
                        .after())
                .isSameAs(LEDGER);
    }

    @Test
    void aJsonPatchIsAllOrNothing() {
        Patch patch = Patch.jsonPatch(
                "[{\"op\":\"replace\",\"path\":\"/balance\",\"value\":9},{\"op\":\"test\",\"path\":\"/balance\",\"value\":5}]");
        assertThatThrownBy(() -> patch.resolve(LEDGER, 0, Limits.DEFAULT))
                .isInstanceOfSatisfying(PatchException.class, refused -> {
                    assertThat(refused.code()).isEqualTo(PatchCode.TEST_FAILED);
                    assertThat(refused.index()).isEqualTo(1);
                });
        assertThat(LEDGER.get("balance").intValue()).isEqualTo(5);
    }

    @Test
    void anErrorNamesThePlaceWhatWasExpectedAndWhatWasFound() {
        assertThatThrownBy(() -> Patch.inc("/owner/name", 1).resolve(LEDGER, 0, Limits.DEFAULT))
                .hasMessage("/owner/name is text \"ann\", $inc needs a number [INVALID_PATCH] (operation 0)");
    }

    @Test
    void removingInTheMiddleOverwritesTheArrayAndAtTheEndOnlyTheElement() {
        assertThat(resolve(Patch.jsonPatch("[{\"op\":\"remove\",\"path\":\"/lines/0\"}]"))
                        .operations()
                        .list()
                        .get(0)
                        .overwritten())
                .isEqualTo(Path.parse("/lines"));
        assertThat(resolve(Patch.jsonPatch("[{\"op\":\"remove\",\"path\":\"/lines/1\"}]"))
                        .operations()
                        .list()
                        .get(0)
                        .overwritten())
                .isEqualTo(Path.parse("/lines/1"));
        assertThat(resolve(Patch.push("/lines", 1)).operations().list().get(0).overwrites())
                .isFalse();
    }

    @Test
    void aFrozenTreeRefusesEveryChangeAndItsCopyAllowsIt() {
        assertThat(FrozenTree.isFrozen(LEDGER)).isTrue();
        assertThat(FrozenTree.freeze(LEDGER)).isSameAs(LEDGER);
        assertThatThrownBy(() -> ((ObjectNode) LEDGER).put("balance", 1))
                .isInstanceOf(UnsupportedOperationException.class);
        ObjectNode copy = LEDGER.deepCopy();
        copy.put("balance", 6);
        assertThat(LEDGER.get("balance").intValue()).isEqualTo(5);
        assertThat(FrozenTree.hash(json("{'b':[1,2.5],'a':null}")))
                .isEqualTo(FrozenTree.hash(json("{'a':null,'b':[1,2.5]}")))
                .isNotEqualTo(FrozenTree.hash(json("{'a':null,'b':[2.5,1]}")));
    }

    @Test
    void aNewerOverwriteOfAnOverlappingPathMakesAPatchStale() {
        Stamp old = new Stamp(10, 1);
        Stamp recent = new Stamp(20, 2);
        Overwrites overwrites = Overwrites.NONE.with(
                recent, resolve(Patch.set("/owner/name", "bob")).operations());
        assertThat(overwrites.newerThan(old, List.of(new Touch(Path.parse("/owner"), true))))
                .isEqualTo(new Overwrite(Path.parse("/owner/name"), recent));
        assertThat(overwrites.newerThan(old, List.of(new Touch(Path.parse("/owner/name/x"), false))))
                .isEqualTo(new Overwrite(Path.parse("/owner/name"), recent));
        assertThat(overwrites.newerThan(old, List.of(new Touch(Path.parse("/balance"), true))))
                .isNull();
        assertThat(overwrites.newerThan(new Stamp(20, 3), List.of(new Touch(Path.parse("/owner"), true))))
                .isNull();
        assertThat(Overwrites.fromBytes(ByteBuffer.wrap(overwrites.toBytes()), Limits.DEFAULT))
                .isEqualTo(overwrites);
        Overwrites pruned = overwrites.prune(0);
        assertThat(pruned.size()).isZero();
        assertThat(pruned.newerThan(old, List.of(new Touch(Path.parse("/balance"), true))))
                .isEqualTo(new Overwrite(Path.ROOT, recent));
    }

    @Test
    void whatShiftsIndexesTouchesTheWholeArray() {
        Touch whole = new Touch(Path.parse("/lines"), true);
        String insert = "[{\"op\":\"add\",\"path\":\"/lines/0\",\"value\":1}]";
        String append = "[{\"op\":\"add\",\"path\":\"/lines/-\",\"value\":1}]";
        assertThat(resolve(Patch.jsonPatch(insert)).touches()).containsExactly(whole);
        assertThat(resolve(Patch.jsonPatch(append)).touches()).containsExactly(new Touch(Path.parse("/lines/2"), true));
        assertThat(resolve(Patch.popFirst("/lines")).touches()).containsExactly(whole);
        assertThat(resolve(Patch.popLast("/lines")).touches()).containsExactly(new Touch(Path.parse("/lines"), false));
        assertThat(resolve(Patch.push("/lines", List.of(1), PushOptions.NONE.withPosition(0)))
                        .touches())
                .containsExactly(whole);
    }

    @Test
    void aValueSurvivesItsBinaryForm() {
        JsonNode value = json("{'a':[1,-1,9223372036854775807,1.5,null,true,'é😀'],'':{'a':[]}}");
        assertThat(ValueCodec.fromBytes(ByteBuffer.wrap(ValueCodec.toBytes(value)), Limits.DEFAULT))
                .isEqualTo(value);
    }
}
