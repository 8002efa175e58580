package dev.covey.mesh.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.covey.mesh.process.FileTable.Case;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What becomes of a mesh when somebody meddles with its files; what is expected stands in README.md.
 *
 * <p>{@code -Dcovey.files.all=true} runs every combination, {@code -Dcovey.files.only=TEXT} those whose names have that text in
 * them, {@code -Dcovey.files.durability=fsync} a mesh that forces its journal. With {@code -Dcovey.files.results=FILE} the outcomes are appended there, and what is there already is not run again.
 */
class EveryFileIT {
    private static final boolean ALL = Boolean.getBoolean("covey.files.all");
    private static final String ONLY = System.getProperty("covey.files.only", "");
    private static final long SEED = Long.getLong("covey.files.seed", 20_261_128);
    private static final int CASES = Integer.getInteger("covey.files.cases", 24);

    @TempDir
    Path temporary;

    private final FileTable table = FileTable.read();

    @Test
    void everyFileAndDirectoryOfALivingMeshIsInTheTable() throws IOException {
        List<String> strangers = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (boolean store : new boolean[] {true, false}) {
            try (HarmedMesh mesh = mesh(store, temporary)) {
                mesh.begin();
                long epoch = mesh.epoch();
                for (String path : mesh.paths()) {
                    table.kindOf(path, store, epoch)
                            .ifPresentOrElse(kind -> seen.add(kind.name()), () -> strangers.add(path));
                }
            }
        }
        assertThat(strangers)
                .as("files and directories that are not in README.md")
                .isEmpty();
        assertThat(seen).as("kinds that a small mesh has").hasSizeGreaterThan(30);
    }

    private HarmedMesh mesh(boolean store, Path foreign) throws IOException {
        Path home = Files.createDirectories(temporary.resolve(store ? "with-store" : "in-memory"));
        return new HarmedMesh(home, table, store, foreign, new SplittableRandom(SEED));
    }

    @Test
    void whoeverHarmsAFileTheMeshDoesWhatTheTableSays() throws IOException {
        Path results = Path.of(System.getProperty(
                "covey.files.results", temporary.resolve("results").toString()));
        Map<String, String> known = read(results);
        List<String> wrong = new ArrayList<>();
        System.out.println("covey.files.seed=" + SEED);
        try (HarmedMesh stored = mesh(true, foreign(true));
                HarmedMesh light = mesh(false, foreign(false))) {
            for (Case next : chosen()) {
                String outcome = known.get(next.toString());
                if (outcome == null) {
                    outcome = run(next, next.store() ? stored : light);
                    Files.writeString(
                            results,
                            next + " = " + outcome + "\n",
                            StandardOpenOption.CREATE,
                            StandardOpenOption.APPEND);
                }
                Set<String> expected = next.kind().expected(next.harm(), next.alive());
                if (!outcome.equals(HarmedMesh.ABSENT) && !expected.contains(outcome)) {
                    wrong.add(next + ": expected " + expected + ", found " + outcome);
                }
            }
        }
        assertThat(wrong).as("seed " + SEED).isEmpty();
    }

    /** What another mesh of the same name left. */
    private Path foreign(boolean store) throws IOException {
        Path copy = temporary.resolve(store ? "other-with-store" : "other-in-memory");
        try (HarmedMesh other = mesh(store, temporary)) {
            other.begin();
            other.leaveTo(copy);
        }
        return copy;
    }

    private static String run(Case next, HarmedMesh mesh) throws IOException {
        long began = System.nanoTime();
        String outcome;
        try {
            outcome = mesh.harm(next);
        } catch (RuntimeException | AssertionError failed) {
            outcome = "failed: " + String.valueOf(failed).replace('\n', ' ');
        }
        if (!outcome.equals("on") && !outcome.equals(HarmedMesh.ABSENT)) {
            mesh.end();
        }
        System.out.printf("%s: %s (%d ms)%n", next, outcome, (System.nanoTime() - began) / 1_000_000);
        return outcome;
    }

    private static Map<String, String> read(Path file) throws IOException {
        Map<String, String> known = new TreeMap<>();
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file)) {
                int at = line.indexOf(" = ");
                known.put(line.substring(0, at), line.substring(at + 3));
            }
        }
        return known;
    }

    /** All, or as many as bring most pairs together: a kind and a harm, a harm and whether somebody lives, and so on. */
    private List<Case> chosen() {
        List<Case> all = new ArrayList<>(table.cases());
        all.removeIf(each -> !each.toString().contains(ONLY));
        if (ALL || !ONLY.isEmpty()) {
            return all;
        }
        Collections.shuffle(all, new Random(SEED));
        all.removeIf(each -> table.isWaiting(each) || each.kind().isRare());
        Set<String> met = new HashSet<>();
        List<Case> chosen = new ArrayList<>();
        while (chosen.size() < CASES && !all.isEmpty()) {
            Case best = all.get(0);
            for (Case each : all) {
                best = news(each, met) > news(best, met) ? each : best;
            }
            all.remove(best);
            met.addAll(pairs(best));
            chosen.add(best);
        }
        return chosen;
    }

    private static long news(Case each, Set<String> met) {
        return pairs(each).stream().filter(pair -> !met.contains(pair)).count();
    }

    private static List<String> pairs(Case each) {
        String kind = each.kind().name();
        String alive = each.alive() ? "alive" : "dead";
        String store = each.store() ? "store" : "memory";
        return List.of(
                kind,
                kind + each.harm(),
                kind + alive,
                kind + store,
                each.harm() + alive,
                each.harm() + store,
                alive + store);
    }
}
