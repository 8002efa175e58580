package dev.covey.examples.tour.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.covey.patch.FrozenTree;
import dev.covey.store.ObjectStore;
import dev.covey.store.StoredObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The judge: a JVM that was never a member. It knows what the workers noted and what is in the store, and nothing else.
 *
 * <p>Its last line is {@code verdict ACKNOWLEDGED FOUND LOST DOUBLED REVISION_FILES REVISION_MATCHES}; what it found wrong
 * stands before it in lines that begin with {@code complaint}.
 */
public final class Verifier {
    private static final Pattern REVISION_FILE = Pattern.compile("[0-9]+-[0-9a-f]{32}");

    private final History history;
    private long acknowledged;
    private long found;

    private Verifier(History history) {
        this.history = history;
    }

    /**
     * Compares and tells.
     *
     * @param arguments the store, the directory of acknowledgements, and the revision and hash that the workers had last
     */
    public static void main(String[] arguments) throws IOException {
        Verdict verdict = judge(
                Path.of(arguments[0]),
                Path.of(arguments[1]),
                new Crew.Final(Long.parseLong(arguments[2]), arguments[3]),
                sentence -> System.out.println("complaint " + sentence));
        System.out.println(verdict.toWords());
    }

    /** Compares what is noted in that directory with what is in that store, and the store's end with the workers'. */
    static Verdict judge(Path store, Path acks, Crew.Final last, Consumer<String> complaints) throws IOException {
        try (ObjectStore open = ObjectStore.open(store)) {
            Verifier verifier = new Verifier(History.read(open, complaints));
            verifier.compare(acks);
            return verifier.verdict(open, last, revisionFiles(store));
        }
    }

    private Verdict verdict(ObjectStore store, Crew.Final last, long files) {
        boolean adds = history.addsUp();
        boolean ends = endsAt(store.get(Ledger.OBJECT), last.revision(), last.hash());
        boolean matches = adds && ends && history.isClean();
        return new Verdict(acknowledged, found, acknowledged - found, history.doubled(), files, matches);
    }

    private void compare(Path acks) throws IOException {
        List<Path> files;
        try (Stream<Path> list = Files.list(acks)) {
            files = list.sorted().toList();
        }
        for (Path file : files) {
            String worker = String.valueOf(file.getFileName());
            AckFile.read(file, (n, revision) -> compare(worker, n, revision));
        }
    }

    private void compare(String worker, long n, long revision) {
        acknowledged++;
        if (history.holds(worker, n, revision)) {
            found++;
        } else {
            history.complain(worker + " was told that its patch " + n + " became revision " + revision
                    + ", which is not so in the store");
        }
    }

    /** The newest state in the store, the history worked out again, and what the workers had, are one and the same. */
    private boolean endsAt(Optional<StoredObject> newest, long revision, String hash) {
        JsonNode replayed = FrozenTree.freeze(history.value());
        String ours = Long.toHexString(FrozenTree.hash(replayed));
        boolean same = newest.isPresent()
                && newest.get().revision() == revision
                && newest.get().value().equals(replayed)
                && history.last() == revision
                && ours.equals(hash);
        if (!same) {
            history.complain("the workers had revision " + revision + " with hash " + hash + ", the history ends at "
                    + history.last() + " with hash " + ours + ", the newest state is "
                    + newest.map(StoredObject::rev).orElse("missing"));
        }
        return same;
    }

    private static long revisionFiles(Path store) throws IOException {
        try (Stream<Path> all = Files.walk(store)) {
            return all.filter(file -> REVISION_FILE
                            .matcher(String.valueOf(file.getFileName()))
                            .matches())
                    .count();
        }
    }
}
