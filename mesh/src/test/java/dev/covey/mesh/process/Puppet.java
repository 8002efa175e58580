package dev.covey.mesh.process;

import dev.covey.mesh.HostChange;
import dev.covey.mesh.Member;
import dev.covey.mesh.Mesh;
import dev.covey.mesh.MeshListener;
import dev.covey.mesh.MeshOptions;
import dev.covey.mesh.MeshStatus;
import dev.covey.mesh.Revision;
import dev.covey.mesh.TakeOver;
import dev.covey.patch.Patch;
import dev.covey.store.Durability;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A member in a process of its own that does what the test says: one command a line on standard input, one answer a line
 * on standard output. See {@link MemberProcess}.
 */
final class Puppet {
    private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    private MeshOptions options;
    private final PuppetWriters writers = new PuppetWriters();
    private final String name;
    private final Witness witness = new Witness();
    private final Causes causes = new Causes();
    private final LatePatches late = new LatePatches();
    private final List<Mesh> more = new ArrayList<>();
    private final Talk talk = new Talk();
    private @Nullable Mesh mesh;

    private Puppet(String name, MeshOptions options) {
        this.name = name;
        this.options = options;
    }

    /** Arguments: mesh, member, directory, store or "-", and words that each change an option. */
    public static void main(String[] arguments) throws IOException {
        MeshOptions options = MeshOptions.DEFAULT.withMemberName(arguments[1]).withDirectory(Path.of(arguments[2]));
        if (!arguments[3].equals("-")) {
            options = options.withStore(Path.of(arguments[3]));
        }
        for (int i = 4; i < arguments.length; i++) {
            options = changed(options, arguments[i]);
        }
        Puppet puppet = new Puppet(arguments[0], options);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        OUT.println("up");
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String answer;
            try {
                answer = puppet.obey(line.split(" "));
            } catch (RuntimeException failed) {
                answer = "failed " + failed;
            }
            OUT.println(answer);
        }
        Runtime.getRuntime().halt(0);
    }

    private static MeshOptions changed(MeshOptions options, String word) {
        return switch (word) {
            case "neverHost" -> options.neverHost();
            case "memory" -> options.withDurability(Durability.MEMORY);
            case "fsync" -> options.withDurability(Durability.FSYNC);
            default -> throw new IllegalArgumentException(word);
        };
    }

    private String obey(String[] words) {
        switch (words[0]) {
            case "join" -> {
                long start = System.nanoTime();
                Mesh joined = Mesh.join(name, options);
                mesh = joined;
                joined.listen(new Reporter());
                return "joined " + joined.self().number() + " " + (System.nanoTime() - start) / 1_000_000;
            }
            case "joinMore" -> {
                for (int i = 1; i <= Integer.parseInt(words[1]); i++) {
                    more.add(
                            Mesh.join(name, options.withMemberName(mesh().self().name() + "-" + i)));
                }
                return "joined";
            }
            case "count" -> {
                return "count " + mesh().members().size();
            }
            case "inc" -> {
                return "acknowledged " + increment(words[1], words[2], Integer.parseInt(words[3]));
            }
            case "tally" -> {
                return EveryFileWords.tally(
                        mesh(), words[1], words[2], Integer.parseInt(words[3]), Integer.parseInt(words[4]));
            }
            case "standing" -> {
                return EveryFileWords.standing(mesh());
            }
            case "again" -> {
                return again();
            }
            case "read" -> {
                return EveryFileWords.read(Path.of(words[1]));
            }
            case "history" -> {
                return EveryFileWords.history(mesh(), words[1]);
            }
            case "fill" -> {
                return fill(words[1], words[2]);
            }
            case "slowest" -> {
                return "slowest " + slowest(words[1], words[2], Long.parseLong(words[3]));
            }
            case "pour" -> {
                return "acknowledged " + pour(words[1], Integer.parseInt(words[2]));
            }
            case "flood" -> {
                Thread flood = new Thread(() -> flood(words[1], words[2]), "flood");
                flood.setDaemon(true);
                flood.start();
                return "flooding";
            }
            case "observe" -> {
                mesh().object(words[1]).observe(words[2], witness);
                mesh().object(words[1]).observe(words[2], causes.of(words[1]));
                return "observing";
            }
            case "seen" -> {
                return witness.report();
            }
            case "causes" -> {
                return causes.report(words[1]);
            }
            case "first" -> {
                return "value " + Drawing.first(mesh(), words[1]);
            }
            case "draw" -> {
                return Drawing.draw(mesh(), words[1], Integer.parseInt(words[2]));
            }
            case "limit" -> {
                options = options.withMaxWriters(Integer.parseInt(words[1])).withRole(MeshOptions.WRITER);
                return "limited";
            }
            case "writer" -> {
                return "token " + writers.take(mesh(), words);
            }
            case "write" -> {
                return writers.write(words[1], words[2]);
            }
            case "place" -> {
                return "placed "
                        + mesh().object(words[1])
                                .ephemeral(words[2], words[3])
                                .join()
                                .isHeld();
            }
            case "late" -> {
                return late.send(mesh(), words[1], words[2], Integer.parseInt(words[3]), Integer.parseInt(words[4]));
            }
            case "outcomes" -> {
                return late.outcomes(mesh());
            }
            case "turn" -> {
                return new StuckEdit().take(mesh(), words[1], words[2]);
            }
            case "ids" -> {
                return late.ids();
            }
            case "outcome" -> {
                return LatePatches.outcome(mesh(), words[1]);
            }
            case "edit" -> {
                return edit(words[1], words[2], Integer.parseInt(words[3]));
            }
            case "value" -> {
                return "value " + mesh().object(words[1]).value();
            }
            case "snapshots" -> {
                return "snapshots " + mesh().statistics().snapshots();
            }
            case "host" -> {
                return "host " + mesh().epoch() + " "
                        + mesh().host().map(Member::name).orElse("-");
            }
            case "takeOver" -> {
                TakeOver how = mesh().takeOver();
                return "takeOver " + how.noticedNanos() + " " + how.committedNanos();
            }
            case "members" -> {
                return "members " + mesh().members().stream().map(Member::name).collect(Collectors.joining(","));
            }
            case "walk" -> {
                Walker.start(Path.of(words[1]), Path.of(words[2]));
                return "walking";
            }
            case "listen" -> {
                return talk.listen(mesh());
            }
            case "talk" -> {
                return talk.sendToAll(mesh(), Integer.parseInt(words[1]));
            }
            case "heard" -> {
                return "heard " + talk.heard();
            }
            case "close" -> {
                mesh().close();
                return "closed";
            }
            default -> throw new IllegalArgumentException(words[0]);
        }
    }

    /** Joins again if the membership has ended, as an application does. */
    private String again() {
        if (!EveryFileWords.standing(mesh()).endsWith("CLOSED")) {
            return "joined still";
        }
        mesh().close();
        mesh = Mesh.join(name, options);
        return "joined again";
    }

    private Mesh mesh() {
        Mesh joined = mesh;
        if (joined == null) {
            throw new IllegalStateException("not joined");
        }
        return joined;
    }

    /** One after the other for so many milliseconds; the longest time one took, in milliseconds. */
    private long slowest(String object, String path, long millis) {
        long start = System.nanoTime();
        long slowest = 0;
        long last = start;
        while (last - start < TimeUnit.MILLISECONDS.toNanos(millis)) {
            mesh().object(object).patch(Patch.inc(path, 1)).join();
            long now = System.nanoTime();
            slowest = Math.max(slowest, now - last);
            last = now;
        }
        return TimeUnit.NANOSECONDS.toMillis(slowest);
    }

    /** That many kilobytes through the journal, a patch each. */
    private long pour(String object, int kilobytes) {
        String kilobyte = "x".repeat(1024);
        ArrayDeque<CompletableFuture<Revision>> unanswered = new ArrayDeque<>();
        for (int i = 0; i < kilobytes; i++) {
            unanswered.add(mesh().object(object).patch(Patch.set("/poured", kilobyte + i)));
            if (unanswered.size() >= 64) {
                unanswered.remove().join();
            }
        }
        unanswered.forEach(CompletableFuture::join);
        return kilobytes;
    }

    private long increment(String object, String path, int times) {
        ArrayDeque<CompletableFuture<Revision>> unanswered = new ArrayDeque<>();
        long acknowledged = 0;
        for (int i = 0; i < times; i++) {
            unanswered.add(mesh().object(object).patch(Patch.inc(path, 1)));
            if (unanswered.size() >= 64) {
                unanswered.remove().join();
                acknowledged++;
            }
        }
        while (!unanswered.isEmpty()) {
            unanswered.remove().join();
            acknowledged++;
        }
        return acknowledged;
    }

    /** Counts and writes a kilobyte with each count, one after the other, until one is refused or waits; says how many and why. */
    private String fill(String object, String path) {
        String kilobyte = "x".repeat(1024);
        for (int acknowledged = 0; ; acknowledged++) {
            try {
                Patch patch = Patch.inc(path, 1).and(Patch.set("/fill", kilobyte + acknowledged));
                mesh().object(object)
                        .patch(patch)
                        .orTimeout(2, TimeUnit.SECONDS)
                        .join();
            } catch (CompletionException ended) {
                return "acknowledged " + acknowledged + " " + ended.getCause();
            }
        }
    }

    /** Read-modify-writes for so many milliseconds: how many there were, and how many runs were in vain. */
    private String edit(String object, String scope, int millis) {
        long until = System.nanoTime() + millis * 1_000_000L;
        long edits = 0;
        while (System.nanoTime() - until < 0) {
            mesh().object(object)
                    .edit(scope, value -> value.put("n", value.path("n").asLong() + 1))
                    .join();
            edits++;
        }
        return "edited " + edits + " " + mesh().statistics().retries();
    }

    /** One after the other for ever; says each tenth acknowledgement, so that the test knows a floor when this is killed. */
    private void flood(String object, String path) {
        for (long done = 1; ; done++) {
            try {
                mesh().object(object).patch(Patch.inc(path, 1)).join();
            } catch (RuntimeException closed) {
                OUT.println("! flood ended after " + (done - 1) + " " + closed.getCause());
                return;
            }
            if (done % 10 == 0) {
                OUT.println("! flood " + done);
            }
        }
    }

    private static final class Reporter implements MeshListener {
        @Override
        public void statusChanged(MeshStatus now) {
            OUT.println("! status " + now);
        }

        @Override
        public void joined(Member member) {
            OUT.println("! joined " + member.name());
        }

        @Override
        public void left(Member member, boolean died) {
            OUT.println("! left " + member.name() + " " + (died ? "died" : "closed"));
        }

        @Override
        public void hostChanged(HostChange change) {
            OUT.println("! host " + change.epoch() + " "
                    + change.host().map(Member::name).orElse("-") + " "
                    + change.gap().toMillis());
        }
    }
}
