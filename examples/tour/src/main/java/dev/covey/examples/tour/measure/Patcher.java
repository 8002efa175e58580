package dev.covey.examples.tour.measure;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.covey.examples.tour.process.Workspace;
import dev.covey.mesh.Mesh;
import dev.covey.mesh.MeshOptions;
import dev.covey.mesh.ObjectOptions;
import dev.covey.mesh.Revision;
import dev.covey.mesh.SharedObject;
import dev.covey.patch.Patch;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongFunction;
import org.HdrHistogram.Histogram;

/**
 * A member that measures its own patches: one in flight, the next one when the last was answered.
 *
 * <pre>
 * hears                           says
 *                                 joined MICROS          from the first line of main to being a member
 * count WARM COUNT                measured HISTOGRAM     patches that add 1 to a counter
 * replace BYTES WARM COUNT        measured HISTOGRAM     patches that replace one of the texts in an object of that size
 * pace COUNT MILLIS               measured HISTOGRAM     patches that add 1 to a counter, one in so many milliseconds
 * stream SECONDS RATE             streamed PATCHES       patches of a small text, so many in a second, 512 in flight
 * leave                           left
 * </pre>
 */
public final class Patcher {
    private static final int TEXT_CHARS = 90;
    private static final int IN_FLIGHT = 512;
    private static final int STREAMED_KEYS = 100;

    private final Path meshBase;
    private final Mesh mesh;

    private Patcher(Path meshBase, Mesh mesh) {
        this.meshBase = meshBase;
        this.mesh = mesh;
    }

    /**
     * Joins and obeys.
     *
     * @param arguments the directory for mesh directories, and the store if there shall be one
     */
    public static void main(String[] arguments) throws IOException {
        long begun = System.nanoTime();
        Path meshBase = Path.of(arguments[0]);
        MeshOptions options = MeshOptions.DEFAULT.withDirectory(meshBase);
        Mesh mesh = Mesh.join("measure", arguments.length > 1 ? options.withStore(Path.of(arguments[1])) : options);
        System.out.println("joined " + TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - begun));
        new Patcher(meshBase, mesh).obey();
    }

    private void obey() throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ", -1);
            switch (words[0]) {
                case "count" -> count(Integer.parseInt(words[1]), Integer.parseInt(words[2]));
                case "pace" -> pace(Integer.parseInt(words[1]), Integer.parseInt(words[2]));
                case "stream" -> stream(Integer.parseInt(words[1]), Integer.parseInt(words[2]));
                case "replace" ->
                    replace(Integer.parseInt(words[1]), Integer.parseInt(words[2]), Integer.parseInt(words[3]));
                case "leave" -> {
                    mesh.close();
                    System.out.println("left");
                    return;
                }
                default -> throw new IllegalArgumentException("no such order: " + line);
            }
        }
        Workspace.leaveAsOrphan(meshBase);
    }

    private void count(int warm, int count) {
        SharedObject object = mesh.object("counter");
        measure(object, warm, count, n -> Patch.inc("/count", 1));
    }

    private void pace(int count, int millis) {
        SharedObject object = mesh.object("counter");
        Histogram histogram = Figures.histogram();
        long due = System.nanoTime();
        for (int n = 0; n < count; n++) {
            due += TimeUnit.MILLISECONDS.toNanos(millis);
            awaitTime(due);
            Patch patch = Patch.inc("/count", 1);
            long asked = System.nanoTime();
            object.patch(patch).join();
            histogram.recordValue(Figures.bounded(System.nanoTime() - asked));
        }
        System.out.println("measured " + Figures.toText(histogram));
    }

    private static void awaitTime(long due) {
        for (long now = System.nanoTime(); now - due < 0; now = System.nanoTime()) {
            LockSupport.parkNanos(due - now);
        }
    }

    private void stream(int seconds, int rate) {
        SharedObject object = mesh.object("stream");
        ArrayDeque<CompletableFuture<Revision>> window = new ArrayDeque<>();
        long begun = System.nanoTime();
        long end = begun + TimeUnit.SECONDS.toNanos(seconds);
        long sent = 0;
        long answered = 0;
        for (long now = begun; now - end < 0; now = System.nanoTime()) {
            long due = (now - begun) * rate / TimeUnit.SECONDS.toNanos(1);
            while (sent < due && window.size() < IN_FLIGHT) {
                window.add(object.patch(Patch.set("/" + key((int) (sent % STREAMED_KEYS)), sent)));
                sent++;
            }
            while (!window.isEmpty() && (window.element().isDone() || window.size() == IN_FLIGHT)) {
                window.remove().join();
                answered++;
            }
        }
        answered += window.size();
        window.forEach(CompletableFuture::join);
        System.out.println("streamed " + answered);
    }

    private void replace(int bytes, int warm, int count) {
        String id = "texts-" + bytes;
        ObjectNode texts = texts(bytes);
        int members = texts.size();
        SharedObject object = mesh.object(id, ObjectOptions.DEFAULT.withInitial(texts));
        measure(object, warm, count, n -> Patch.set("/" + key((int) (n % members)), text(n)));
    }

    private static void measure(SharedObject object, int warm, int count, LongFunction<Patch> patches) {
        for (long n = 0; n < warm; n++) {
            object.patch(patches.apply(n)).join();
        }
        Histogram histogram = Figures.histogram();
        for (long n = warm; n < (long) warm + count; n++) {
            Patch patch = patches.apply(n);
            long asked = System.nanoTime();
            object.patch(patch).join();
            histogram.recordValue(Figures.bounded(System.nanoTime() - asked));
        }
        System.out.println("measured " + Figures.toText(histogram));
    }

    /** An object of texts whose JSON is not much longer than that. */
    private static ObjectNode texts(int bytes) {
        ObjectNode texts = JsonNodeFactory.instance.objectNode();
        int length = 2;
        for (int i = 0; length < bytes; i++) {
            String key = key(i);
            texts.put(key, text(i));
            length += key.length() + TEXT_CHARS + "\"\":\"\",".length();
        }
        return texts;
    }

    private static String key(int i) {
        return "text" + i;
    }

    private static String text(long n) {
        String digits = Long.toString(n);
        return "x".repeat(TEXT_CHARS - digits.length()) + digits;
    }
}
