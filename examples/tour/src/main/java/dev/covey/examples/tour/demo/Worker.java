package dev.covey.examples.tour.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.covey.examples.tour.measure.Figures;
import dev.covey.examples.tour.process.Workspace;
import dev.covey.mesh.Member;
import dev.covey.mesh.Mesh;
import dev.covey.mesh.MeshCode;
import dev.covey.mesh.MeshException;
import dev.covey.mesh.MeshOptions;
import dev.covey.mesh.ObjectOptions;
import dev.covey.mesh.Revision;
import dev.covey.mesh.SharedObject;
import dev.covey.mesh.TakeOver;
import dev.covey.patch.FrozenTree;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;

/**
 * A process of the demo: joins, patches the shared object as fast as it is answered, and notes each answer in a file of
 * its own before it counts it. It speaks in lines and is told what to do in lines.
 *
 * <pre>
 * hears                  says
 *                        joined MILLIS NUMBER         from the first line of main
 * go                     epoch EPOCH NANOS            for each epoch: when its first patch was answered here
 * tick                   tick EPOCH HOST_PID COUNT HISTOGRAM
 * stop                   stopped COUNT LAST_REVISION  everything sent has been answered
 * settle REVISION        final REVISION HASH          of the value, once this member has that revision
 * leave                  closing NANOS, left          it stops first if it was not told to
 * </pre>
 *
 * <p>If its input ends, whoever started it is gone, and so is it.
 */
public final class Worker {
    /** Unanswered patches of one worker. */
    private static final int WINDOW = 64;

    private static final long SETTLE_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int EXIT_FAILED = 3;

    private record Sent(long n, long atNanos, CompletableFuture<Revision> answer) {}

    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    private final CountDownLatch go = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final SingleWriterRecorder latencies = new SingleWriterRecorder(Figures.LONGEST_NANOS, Figures.DIGITS);
    private final String name;
    private final Path meshBase;
    private final Mesh mesh;
    private final SharedObject ledger;
    private final AckFile acks;
    private final ArrayDeque<Sent> window = new ArrayDeque<>(WINDOW);
    private volatile boolean stopping;
    private volatile long answered;
    private long lastRevision;
    private long lastEpoch;
    private long n;

    private Worker(String name, Path meshBase, Mesh mesh, SharedObject ledger, AckFile acks) {
        this.name = name;
        this.meshBase = meshBase;
        this.mesh = mesh;
        this.ledger = ledger;
        this.acks = acks;
    }

    /**
     * Joins and obeys.
     *
     * @param arguments its name, the directory for mesh directories, the store, the directory for acknowledgements
     */
    public static void main(String[] arguments) throws IOException {
        long begun = System.nanoTime();
        String name = arguments[0];
        Path meshBase = Path.of(arguments[1]);
        MeshOptions options =
                MeshOptions.DEFAULT.withMemberName(name).withDirectory(meshBase).withStore(Path.of(arguments[2]));
        Mesh mesh = Mesh.join(Ledger.MESH, options);
        long joined = System.nanoTime();
        SharedObject ledger = mesh.object(Ledger.OBJECT, ObjectOptions.DEFAULT.withInitial(Ledger.initial()));
        AckFile acks = AckFile.create(Path.of(arguments[3]).resolve(name));
        Worker worker = new Worker(name, meshBase, mesh, ledger, acks);
        worker.say("joined " + TimeUnit.NANOSECONDS.toMillis(joined - begun) + " "
                + mesh.self().number());
        Thread patching = new Thread(worker::patch, "patching");
        patching.setDaemon(true);
        patching.start();
        worker.obey();
    }

    private void say(String line) {
        out.println(line);
    }

    private void patch() {
        try {
            go.await();
            while (!stopping) {
                while (window.size() < WINDOW) {
                    send();
                }
                settleOldest();
            }
            while (!window.isEmpty()) {
                settleOldest();
            }
            stopped.countDown();
        } catch (InterruptedException | IOException | RuntimeException failed) {
            fail(failed);
        }
    }

    private void send() {
        n++;
        window.add(new Sent(n, System.nanoTime(), ledger.patch(Ledger.patch(name, n))));
    }

    private void settleOldest() throws IOException {
        Sent oldest = window.remove();
        Revision revision;
        try {
            revision = oldest.answer().join();
        } catch (CompletionException refused) {
            waitForRoom(refused);
            return;
        }
        acks.add(oldest.n(), revision.number());
        long now = System.nanoTime();
        latencies.recordValue(Figures.bounded(now - oldest.atNanos()));
        lastRevision = revision.number();
        answered = oldest.n();
        if (revision.epoch() != lastEpoch) {
            lastEpoch = revision.epoch();
            say("epoch " + lastEpoch + " " + now);
        }
    }

    /**
     * Revision files lag as far behind as they may, and nothing is taken until half of that is written: what was sent since
     * the refusal is refused too, and goes out again later.
     */
    private void waitForRoom(CompletionException refused) {
        requireOverloaded(refused);
        while (!window.isEmpty()) {
            Sent next = window.remove();
            try {
                Revision unexpected = next.answer().join();
                throw new IllegalStateException("accepted as " + unexpected + " after a refusal", refused);
            } catch (CompletionException again) {
                requireOverloaded(again);
            }
        }
        n = answered;
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }

    private static void requireOverloaded(CompletionException refused) {
        if (!(refused.getCause() instanceof MeshException why && why.code() == MeshCode.OVERLOADED)) {
            throw refused;
        }
    }

    private void obey() throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ", -1);
            switch (words[0]) {
                case "go" -> go.countDown();
                case "tick" -> tick();
                case "takeover" -> takeOver();
                case "stop" -> stop();
                case "settle" -> settle(Long.parseLong(words[1]));
                case "leave" -> {
                    leave();
                    return;
                }
                default -> throw new IllegalArgumentException("no such order: " + line);
            }
        }
        Workspace.leaveAsOrphan(meshBase);
    }

    private void tick() {
        Histogram interval = latencies.getIntervalHistogram();
        long host = mesh.host().map(Member::pid).orElse(0L);
        say("tick " + mesh.epoch() + " " + host + " " + answered + " " + Figures.toText(interval));
    }

    private void takeOver() {
        TakeOver how = mesh.takeOver();
        say("takeover " + how.epoch() + " " + how.noticedNanos() + " " + how.takenNanos() + " " + how.drainedNanos()
                + " " + how.begunNanos() + " " + how.reachableNanos() + " " + how.committedNanos());
    }

    private void stop() {
        awaitStopped();
        tick();
        say("stopped " + answered + " " + lastRevision);
    }

    private void awaitStopped() {
        stopping = true;
        go.countDown();
        try {
            stopped.await();
        } catch (InterruptedException interrupted) {
            fail(interrupted);
        }
    }

    private void settle(long revision) {
        long deadline = System.nanoTime() + SETTLE_LIMIT_NANOS;
        while (ledger.revision() < revision && System.nanoTime() < deadline) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
        JsonNode value = ledger.value();
        say("final " + ledger.revision() + " " + Long.toHexString(FrozenTree.hash(value)));
    }

    private void leave() throws IOException {
        awaitStopped();
        say("closing " + System.nanoTime());
        mesh.close();
        acks.close();
        say("left");
    }

    private void fail(Exception failed) {
        failed.printStackTrace();
        say("failed " + String.valueOf(failed.getMessage()).replace('\n', ' '));
        Runtime.getRuntime().halt(EXIT_FAILED);
    }
}
