package dev.covey.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.covey.patch.FrozenTree;
import dev.covey.patch.Limits;
import dev.covey.patch.Patch;
import dev.covey.patch.PatchException;
import dev.covey.patch.Resolution;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

/** Which observers a patch concerns, and what it costs to find them. */
class WatchersTest {
    private static final int CROWD = 100_000;
    private static final Executor NEVER = work -> {};

    private static Watcher watcher(String pattern) {
        return new Watcher("o", PathPattern.parse(pattern), ObserveOptions.DEFAULT, NEVER, change -> {});
    }

    private static Resolution resolve(JsonNode before, Patch patch) {
        return patch.resolve(before, 0, Limits.DEFAULT);
    }

    private static Set<String> concerned(Watchers watchers, Resolution change) {
        Set<String> found = new TreeSet<>();
        watchers.concerned(
                change.before(),
                change.after(),
                change.operations(),
                watcher -> found.add(watcher.pattern().text()));
        return found;
    }

    /** The work for one patch with so many observers on paths of their own, counted in nodes looked at. */
    private static long work(int observers, JsonNode before, Patch patch) {
        Watchers watchers = new Watchers();
        for (int i = 0; i < observers; i++) {
            watchers.add(watcher("/things/t" + i + "/n"));
            watchers.add(watcher("/list/" + i));
        }
        concerned(watchers, resolve(before, patch));
        return watchers.visited();
    }

    @Test
    void aHundredThousandObserversElsewhereCostAPatchNothing() {
        ObjectNode value = JsonNodeFactory.instance.objectNode();
        ObjectNode things = value.putObject("things");
        for (int i = 0; i < CROWD; i++) {
            things.putObject("t" + i).put("n", i);
            value.withArray("list").add(i);
        }
        JsonNode before = FrozenTree.freeze(value);
        for (Patch patch : List.of(
                Patch.inc("/things/t7/n", 1),
                Patch.set("/things/t7", null),
                Patch.set("/elsewhere", 1),
                Patch.set("/list/3", "three"),
                Patch.push("/list", "last"),
                Patch.unset("/things/t9"))) {
            long few = work(10, before, patch);
            assertThat(work(CROWD, before, patch))
                    .as("patch %s", resolve(before, patch).operations())
                    .isLessThanOrEqualTo(few + 1);
            assertThat(few).isLessThan(20);
        }
    }

    @Test
    void whoeverIsAboveAtOrBelowTheChangedPlaceIsConcernedAndNobodyElse() {
        Watchers watchers = new Watchers();
        for (String pattern : List.of("", "/a", "/a/b", "/a/b/c", "/a/b/d", "/a/x", "/e", "/*/b", "/**", "/**/c")) {
            watchers.add(watcher(pattern));
        }
        JsonNode before = FrozenTree.freeze(
                resolve(FrozenTree.EMPTY_OBJECT, Patch.set("/a/b/c", 1).and(Patch.set("/a/b/d", 2)))
                        .after());
        assertThat(concerned(watchers, resolve(before, Patch.set("/a/b/c", 2))))
                .containsExactlyInAnyOrder("", "/a", "/a/b", "/a/b/c", "/*/b", "/**", "/**/c");
        assertThat(concerned(watchers, resolve(before, Patch.unset("/a/b"))))
                .containsExactlyInAnyOrder("", "/a", "/a/b", "/a/b/c", "/a/b/d", "/*/b", "/**", "/**/c");
    }

    @Test
    void whoStoppedIsNotTold() {
        Watchers watchers = new Watchers();
        Watcher stopped = watcher("/a/*/c");
        watchers.add(stopped);
        watchers.add(watcher("/a/*/c/d"));
        watchers.remove(stopped);
        assertThat(concerned(watchers, resolve(FrozenTree.EMPTY_OBJECT, Patch.set("/a/b/c/d", 1))))
                .containsExactly("/a/*/c/d");
    }

    /** Nobody is passed over and nothing is told twice: compared with looking at every place of both values. */
    @Test
    void whatAnObserverIsToldIsWhatComparingTheTwoValuesTells() {
        for (long seed = 1; seed <= 400; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            JsonNode value = FrozenTree.EMPTY_OBJECT;
            List<Watcher> all = new ArrayList<>();
            Watchers watchers = new Watchers();
            for (int i = 0; i < 12; i++) {
                Watcher watcher = watcher(RandomPatches.pattern(random));
                all.add(watcher);
                watchers.add(watcher);
            }
            for (int i = 0; i < 12; i++) {
                Resolution change = someChange(random, value);
                Set<String> told = concerned(watchers, change);
                for (Watcher watcher : all) {
                    String label = "seed " + seed + ", step " + i + ", " + watcher.pattern();
                    List<String> places = RandomPatches.places(watcher.pattern(), change, true);
                    assertThat(places).as(label).doesNotHaveDuplicates();
                    assertThat(new TreeSet<>(places))
                            .as(label + " by the values alone")
                            .isEqualTo(new TreeSet<>(RandomPatches.places(watcher.pattern(), change, false)));
                    if (!watcher.pattern().endsDeep()) {
                        assertThat(new TreeSet<>(places))
                                .as(label + ": " + change.before() + " -> " + change.after())
                                .isEqualTo(DumbPatterns.differing(watcher.pattern(), change.before(), change.after()));
                    }
                    if (!places.isEmpty()) {
                        assertThat(told).as(label).contains(watcher.pattern().text());
                    }
                }
                value = change.after();
            }
        }
    }

    private static Resolution someChange(SplittableRandom random, JsonNode value) {
        while (true) {
            try {
                return resolve(value, RandomPatches.patch(random));
            } catch (PatchException doesNotFit) {
                // Another one will.
            }
        }
    }
}
