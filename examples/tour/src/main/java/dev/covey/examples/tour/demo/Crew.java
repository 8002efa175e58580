package dev.covey.examples.tour.demo;

import dev.covey.examples.tour.measure.Figures;
import dev.covey.examples.tour.process.ChildFailedException;
import dev.covey.examples.tour.process.ChildJvm;
import dev.covey.examples.tour.process.UnconfirmedException;
import dev.covey.examples.tour.process.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** The workers of one run, as the process sees them that started them and is no member itself. One thread. */
final class Crew {
    /** For whatever is done at once by a healthy worker, on a machine that may be busy. */
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(30);
    /** The last one out writes a full state of the object. */
    private static final Duration LEAVE_LIMIT = Duration.ofSeconds(60);

    private static final double NANOS_PER_MILLI = 1e6;

    /**
     * A worker that has joined.
     *
     * @param joinMillis from the first line of its main method to being a member
     */
    record Worker(ChildJvm jvm, long joinMillis) {}

    /** What all workers did in one interval. */
    record Tick(long epoch, long hostPid, Histogram latencies) {
        long answered() {
            return latencies.getTotalCount();
        }
    }

    /** Who is host. */
    private record Sight(long epoch, long hostPid) {}

    /** What a worker had when all was quiet. */
    record Final(long revision, String hash) {}

    private final Workspace workspace;
    private final Path store;
    private final Path acks;
    private final List<String> flags;
    private final List<Worker> workers = new ArrayList<>();
    private final List<Long> joinMillis = new ArrayList<>();
    private final Histogram all = Figures.histogram();
    private Histogram interval = Figures.histogram();
    private int started;
    private long killedAtNanos;

    Crew(Workspace workspace, List<String> flags) throws IOException {
        this.workspace = workspace;
        this.flags = flags;
        this.store = workspace.files().resolve("store");
        this.acks = Files.createDirectory(workspace.files().resolve("acks"));
    }

    Path store() {
        return store;
    }

    Path acks() {
        return acks;
    }

    List<Long> joinMillis() {
        return joinMillis;
    }

    int size() {
        return workers.size();
    }

    /** Latencies of every answer reported so far. */
    Histogram latencies() {
        return all;
    }

    /** Starts a worker without waiting for it; {@link #admit} does. */
    ChildJvm start() {
        started++;
        String name = "w" + started;
        List<String> arguments = List.of(name, workspace.meshBase().toString(), store.toString(), acks.toString());
        return ChildJvm.start(workspace, name, dev.covey.examples.tour.demo.Worker.class, flags, arguments);
    }

    /** Waits until it has joined. */
    void admit(ChildJvm jvm) {
        long millis = Long.parseLong(jvm.await("joined", ANSWER_LIMIT).get(1));
        joinMillis.add(millis);
        workers.add(new Worker(jvm, millis));
    }

    void go() {
        workers.forEach(worker -> worker.jvm().send("go"));
    }

    /** What all workers did since this was last asked for. */
    Tick tick() {
        Sight now = look();
        Tick tick = new Tick(now.epoch(), now.hostPid(), interval);
        interval = Figures.histogram();
        return tick;
    }

    /** Asks every worker what it did, and who is host. */
    private Sight look() {
        workers.forEach(worker -> worker.jvm().send("tick"));
        Sight newest = new Sight(0, 0);
        for (Worker worker : workers) {
            List<String> words = worker.jvm().await("tick", ANSWER_LIMIT);
            requireHealthy(worker);
            Sight sight = new Sight(Long.parseLong(words.get(1)), Long.parseLong(words.get(2)));
            newest = sight.epoch() > newest.epoch() ? sight : newest;
            add(words.get(4));
        }
        return newest;
    }

    private void add(String latencies) {
        Histogram reported = Figures.fromText(latencies);
        interval.add(reported);
        all.add(reported);
    }

    private static void requireHealthy(Worker worker) {
        List<String> failed = worker.jvm().take("failed");
        if (failed != null) {
            throw new ChildFailedException(worker.jvm().name() + " failed: " + String.join(" ", failed));
        }
    }

    /** The worker that decides now; the name of a process that is none of ours is no answer. */
    private Worker host(Sight now) {
        Optional<Worker> host = workers.stream()
                .filter(worker ->
                        worker.jvm().pid() == now.hostPid() && worker.jvm().isAlive())
                .findFirst();
        return host.orElseThrow(() -> new UnconfirmedException(
                "the workers say that process " + now.hostPid() + " is host, which is none of them"));
    }

    String nameOf(long pid) {
        return workers.stream()
                .map(Worker::jvm)
                .filter(jvm -> jvm.pid() == pid)
                .findFirst()
                .map(ChildJvm::name)
                .orElse("-");
    }

    /** Kills the host for certain; milliseconds until a survivor's patch is answered in a later epoch. */
    double killHost() {
        Sight before = look();
        Worker host = host(before);
        workers.remove(host);
        killedAtNanos = host.jvm().kill();
        return firstAnswerAfter(before.epoch(), killedAtNanos);
    }

    /** What the new host says about its taking over: milliseconds since the kill for each step of {@link Failover#STEPS}. */
    List<Double> stepsOfTakeOver() {
        Worker host = host(look());
        host.jvm().send("takeover");
        List<String> words = host.jvm().await("takeover", ANSWER_LIMIT);
        return words.subList(2, words.size()).stream()
                .map(nanos -> (Long.parseLong(nanos) - killedAtNanos) / NANOS_PER_MILLI)
                .toList();
    }

    /**
     * What a host that hangs costs.
     *
     * @param failoverMillis from its freezing until another's patch is answered in a later epoch
     * @param rejoinMillis from its thawing until one of its own patches is
     */
    record Hung(double failoverMillis, double rejoinMillis) {}

    /** Freezes the host for that long, and has it go on. */
    Hung freezeHost(Duration how) throws InterruptedException {
        Sight before = look();
        Worker host = host(before);
        workers.remove(host);
        long frozenAt = host.jvm().freeze();
        double failover = firstAnswerAfter(before.epoch(), frozenAt);
        TimeUnit.NANOSECONDS.sleep(Math.max(0, frozenAt + how.toNanos() - System.nanoTime()));
        long thawedAt = host.jvm().thaw();
        double rejoin = (answerInLaterEpoch(host, before.epoch()) - thawedAt) / NANOS_PER_MILLI;
        workers.add(host);
        return new Hung(failover, rejoin);
    }

    /** Has the host leave; milliseconds from its {@code close()} until another's patch is answered in a later epoch. */
    double hostLeaves() {
        Sight before = look();
        Worker host = host(before);
        workers.remove(host);
        host.jvm().send("leave");
        long closing = Long.parseLong(host.jvm().await("closing", ANSWER_LIMIT).get(1));
        host.jvm().await("left", LEAVE_LIMIT);
        host.jvm().awaitGoodEnd(LEAVE_LIMIT);
        return firstAnswerAfter(before.epoch(), closing);
    }

    private double firstAnswerAfter(long epoch, long sinceNanos) {
        OptionalDouble first = workers.stream()
                .mapToDouble(worker -> (answerInLaterEpoch(worker, epoch) - sinceNanos) / NANOS_PER_MILLI)
                .min();
        return first.orElseThrow(() -> new UnconfirmedException("no worker is left that could survive the host"));
    }

    private static long answerInLaterEpoch(Worker worker, long epoch) {
        while (true) {
            List<String> words = worker.jvm().await("epoch", ANSWER_LIMIT);
            if (Long.parseLong(words.get(1)) > epoch) {
                return Long.parseLong(words.get(2));
            }
        }
    }

    /** Kills every worker, one right after the other. */
    void killAll() {
        look();
        workers.forEach(worker -> worker.jvm().kill());
        workers.clear();
    }

    /** Has every worker send no more, and wait for its answers; then each says what it has of the object. */
    List<Final> stop() {
        workers.forEach(worker -> worker.jvm().send("stop"));
        long last = 0;
        for (Worker worker : workers) {
            List<String> stopped = worker.jvm().await("stopped", ANSWER_LIMIT);
            requireHealthy(worker);
            add(worker.jvm().await("tick", ANSWER_LIMIT).get(4));
            last = Math.max(last, Long.parseLong(stopped.get(2)));
        }
        long settled = last;
        workers.forEach(worker -> worker.jvm().send("settle " + settled));
        return workers.stream()
                .map(worker -> worker.jvm().await("final", ANSWER_LIMIT))
                .map(words -> new Final(Long.parseLong(words.get(1)), words.get(2)))
                .toList();
    }

    void leave() {
        workers.forEach(worker -> worker.jvm().send("leave"));
        for (Worker worker : workers) {
            worker.jvm().await("left", LEAVE_LIMIT);
            worker.jvm().awaitGoodEnd(LEAVE_LIMIT);
        }
        workers.clear();
    }

    /** Has a fresh JVM that never joined compare what the workers noted with what is in the store. */
    Verdict judge(Final last) {
        ChildJvm judge = ChildJvm.start(
                workspace,
                "verifier",
                Verifier.class,
                List.of("-Xmx1g"),
                List.of(store.toString(), acks.toString(), Long.toString(last.revision()), last.hash()));
        List<String> said = judge.await("verdict", Duration.ofMinutes(3));
        judge.awaitGoodEnd(ANSWER_LIMIT);
        List<String> complaint = judge.take("complaint");
        while (complaint != null) {
            System.err.println(String.join(" ", complaint));
            complaint = judge.take("complaint");
        }
        return Verdict.fromWords(said);
    }
}
