package dev.covey.mesh.process;

import dev.covey.mesh.Mesh;
import dev.covey.mesh.MeshException;
import dev.covey.mesh.ObjectOptions;
import dev.covey.mesh.Writer;
import dev.covey.patch.Patch;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;

/** The permits of a {@link Puppet}. */
final class PuppetWriters {
    private final Map<String, Writer> writers = new ConcurrentHashMap<>();

    /** "writer object maxWriters expiryMillis": returns the token. */
    long take(Mesh mesh, String[] words) {
        String object = words[1];
        ObjectOptions options = ObjectOptions.DEFAULT
                .withMaxWriters(Integer.parseInt(words[2]))
                .withWriterExpiry(Duration.ofMillis(Long.parseLong(words[3])));
        Writer writer = mesh.object(object, options).writer(Duration.ofSeconds(30));
        writer.onLost(() -> System.out.println("! lost " + object));
        writers.put(object, writer);
        return writer.token();
    }

    /** "write object path": a revision, or the code of the refusal. */
    String write(String object, String path) {
        Writer writer = writers.get(object);
        if (writer == null) {
            throw new IllegalStateException("no permit was asked for");
        }
        try {
            return "revision " + writer.patch(Patch.inc(path, 1)).join().number();
        } catch (CompletionException refused) {
            return refused.getCause() instanceof MeshException why ? "refused " + why.code() : "failed " + refused;
        }
    }
}
