package dev.covey.mesh.process;

import dev.covey.mesh.Mesh;
import dev.covey.mesh.MeshCode;
import dev.covey.mesh.MeshException;
import dev.covey.mesh.MeshStatus;
import dev.covey.mesh.PatchOptions;
import dev.covey.mesh.Revision;
import dev.covey.mesh.SharedObject;
import dev.covey.patch.Patch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a {@link Puppet} does for {@link EveryFileIT}. */
final class EveryFileWords {
    private EveryFileWords() {}

    /** Counts so many times at once: {@code tally ACKNOWLEDGED UNKNOWN REFUSED WHY}, of the first refusal, or "-". */
    static String tally(Mesh mesh, String object, String path, int times, int millis) {
        PatchOptions options = PatchOptions.DEFAULT.withTimeout(Duration.ofMillis(millis));
        List<CompletableFuture<Revision>> answers = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            answers.add(patched(mesh, object, Patch.inc(path, 1), options));
        }
        int acknowledged = 0;
        int unknown = 0;
        int refused = 0;
        String why = "-";
        for (CompletableFuture<Revision> answer : answers) {
            try {
                answer.join();
                acknowledged++;
            } catch (CompletionException failed) {
                boolean maybe =
                        failed.getCause() instanceof MeshException code && code.code() == MeshCode.UNKNOWN_OUTCOME;
                unknown += maybe ? 1 : 0;
                refused += maybe ? 0 : 1;
                why = why.equals("-") ? told(failed.getCause()) : why;
            }
        }
        return "tally " + acknowledged + " " + unknown + " " + refused + " " + why;
    }

    /** A mesh that has ended says so at once. */
    private static CompletableFuture<Revision> patched(Mesh mesh, String object, Patch patch, PatchOptions options) {
        try {
            return mesh.object(object).patch(patch, options);
        } catch (MeshException ended) {
            return CompletableFuture.failedFuture(ended);
        }
    }

    /** {@code standing NUMBER EPOCH STATUS}; no number and no epoch once it has ended. */
    static String standing(Mesh mesh) {
        try {
            MeshStatus status = mesh.status();
            return status == MeshStatus.CLOSED
                    ? "standing 0 0 CLOSED"
                    : "standing " + mesh.self().number() + " " + mesh.epoch() + " " + status;
        } catch (MeshException ended) {
            return "standing 0 0 CLOSED";
        }
    }

    private static String told(@Nullable Throwable failed) {
        StringBuilder all = new StringBuilder();
        for (Throwable each = failed; each != null; each = each.getCause()) {
            all.append(String.valueOf(each.getMessage()).replace('\n', ' ')).append(' ');
        }
        return all.toString().trim();
    }

    /** Reads every byte of a file, or of all files of a directory: all the locks of this process on them are gone then. */
    static String read(Path path) {
        int read = 0;
        try (Stream<Path> all = Files.walk(path)) {
            for (Path each : all.filter(Files::isRegularFile).toList()) {
                try {
                    Files.readAllBytes(each);
                    read++;
                } catch (IOException vanished) {
                    // It is not read then.
                }
            }
            return "read " + read;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** {@code history whole}, {@code history shorter} or what is wrong. */
    static String history(Mesh mesh, String id) {
        SharedObject object = mesh.object(id);
        long revision = object.revision();
        if (revision == 0) {
            return "history whole";
        }
        try {
            return object.history().list().count() >= revision ? "history whole" : "history shorter";
        } catch (RuntimeException failed) {
            return "history failed " + told(failed);
        }
    }
}
