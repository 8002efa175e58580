package dev.covey.mesh.process;

import dev.covey.mesh.Mesh;
import dev.covey.mesh.MeshCode;
import dev.covey.mesh.MeshException;
import dev.covey.mesh.PatchOptions;
import dev.covey.mesh.Revision;
import dev.covey.patch.Patch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Patches that are given little time, and what became of them. */
final class LatePatches {
    private final List<String> unknown = new ArrayList<>();

    /** Sends so many at once; {@code late ACCEPTED WITHDRAWN UNKNOWN}. */
    String send(Mesh mesh, String object, String path, int patches, int millis) {
        PatchOptions options = PatchOptions.DEFAULT.withTimeout(Duration.ofMillis(millis));
        List<CompletableFuture<Revision>> answers = new ArrayList<>();
        for (int i = 0; i < patches; i++) {
            answers.add(mesh.object(object).patch(Patch.inc(path, 1), options));
        }
        int accepted = 0;
        int withdrawn = 0;
        for (CompletableFuture<Revision> answer : answers) {
            try {
                answer.join();
                accepted++;
            } catch (CompletionException failed) {
                MeshException why = (MeshException) java.util.Objects.requireNonNull(failed.getCause());
                if (why.code() == MeshCode.UNKNOWN_OUTCOME) {
                    unknown.add(why.outcome().orElseThrow());
                } else if (why.code() == MeshCode.TIMED_OUT) {
                    withdrawn++;
                } else {
                    throw failed;
                }
            }
        }
        return "late " + accepted + " " + withdrawn + " " + unknown.size();
    }

    /** By which another process can ask; {@code ids ID ID …}. */
    String ids() {
        return "ids " + String.join(" ", unknown);
    }

    /** Asks for a command of whatever process: {@code revision N} or {@code refused CODE}. */
    static String outcome(Mesh mesh, String id) {
        try {
            return "revision " + mesh.outcome(id).join().number();
        } catch (CompletionException failed) {
            return failed.getCause() instanceof MeshException why ? "refused " + why.code() : "failed " + failed;
        }
    }

    /** Asks later; {@code outcomes ACCEPTED}. */
    String outcomes(Mesh mesh) {
        int accepted = 0;
        for (String id : unknown) {
            mesh.outcome(id).join();
            accepted++;
        }
        return "outcomes " + accepted;
    }
}
