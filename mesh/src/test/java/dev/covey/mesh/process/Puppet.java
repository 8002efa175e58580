package dev.covey.mesh.process;

import dev.covey.mesh.HostChange;
import dev.covey.mesh.Member;
import dev.covey.mesh.Mesh;
import dev.covey.mesh.MeshListener;
import dev.covey.mesh.MeshOptions;
import dev.covey.mesh.Revision;
import dev.covey.patch.Patch;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A member in a process of its own that does what the test says: one command a line on standard input, one answer a line
 * on standard output. See {@link MemberProcess}.
 */
final class Puppet {
    private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    private final MeshOptions options;
    private final String name;
    private @Nullable Mesh mesh;

    private Puppet(String name, MeshOptions options) {
        this.name = name;
        this.options = options;
    }

    /** Arguments: mesh, member, directory, store or "-". */
    public static void main(String[] arguments) throws IOException {
        MeshOptions options = MeshOptions.DEFAULT.withMemberName(arguments[1]).withDirectory(Path.of(arguments[2]));
        if (!arguments[3].equals("-")) {
            options = options.withStore(Path.of(arguments[3]));
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

    private String obey(String[] words) {
        switch (words[0]) {
            case "join" -> {
                long start = System.nanoTime();
                Mesh joined = Mesh.join(name, options);
                mesh = joined;
                joined.listen(new Reporter());
                return "joined " + joined.self().number() + " " + (System.nanoTime() - start) / 1_000_000;
            }
            case "inc" -> {
                return "acknowledged " + increment(words[1], words[2], Integer.parseInt(words[3]));
            }
            case "flood" -> {
                Thread flood = new Thread(() -> flood(words[1], words[2]), "flood");
                flood.setDaemon(true);
                flood.start();
                return "flooding";
            }
            case "value" -> {
                return "value " + mesh().object(words[1]).value();
            }
            case "host" -> {
                return "host " + mesh().epoch() + " "
                        + mesh().host().map(Member::name).orElse("-");
            }
            case "members" -> {
                return "members " + mesh().members().stream().map(Member::name).collect(Collectors.joining(","));
            }
            case "close" -> {
                mesh().close();
                return "closed";
            }
            default -> throw new IllegalArgumentException(words[0]);
        }
    }

    private Mesh mesh() {
        Mesh joined = mesh;
        if (joined == null) {
            throw new IllegalStateException("not joined");
        }
        return joined;
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
