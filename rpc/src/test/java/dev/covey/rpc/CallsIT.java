package dev.covey.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.covey.mesh.Mesh;
import dev.covey.mesh.MeshOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls between processes, some of which are killed. */
class CallsIT {
    private static final String MESH = "calls";
    private static final int AT_ONCE = 1_000;
    /** From the signal on, so the kernel's own time to end a process is in it. */
    private static final long LOST_MILLIS = 100;
    /** The machine may have been busy with something else when one was killed, hardly each time. */
    private static final int KILLS = 3;

    @TempDir
    Path base;

    private final List<Child> children = new ArrayList<>();

    /** A member that serves some names, or only is there. */
    static final class Server {
        public static void main(String[] arguments) throws IOException {
            Mesh mesh = Mesh.join(MESH, MeshOptions.DEFAULT.withDirectory(Path.of(arguments[0])));
            if (arguments[1].equals("serves")) {
                AtomicInteger runs = new AtomicInteger();
                Rpc rpc = Rpc.on(mesh);
                rpc.serve("echo", call -> call.get(0));
                rpc.serve("count", call -> {
                    runs.incrementAndGet();
                    return call.get(0);
                });
                rpc.serve("runs", call -> runs.get());
                rpc.serve(
                        "left",
                        call -> CallContext.current().orElseThrow().remaining().toMillis());
                rpc.serve("who", call -> mesh.self().number());
                rpc.serve("hang", call -> {
                    try {
                        new CountDownLatch(1).await();
                        return 0;
                    } catch (InterruptedException cancelled) {
                        System.out.println("cancelled");
                        throw cancelled;
                    }
                });
            }
            if (arguments[1].equals("calls")) {
                await().until(() -> !Rpc.on(mesh).services().isEmpty());
                CompletableFuture<JsonNode> unused = Rpc.on(mesh)
                        .with(CallOptions.DEFAULT.withDeadline(Duration.ofMinutes(5)))
                        .call("hang");
            }
            System.out.println(mesh.self().number());
            while (System.in.read() >= 0) {
                Thread.onSpinWait();
            }
        }
    }

    private Child child(String role) {
        Child child = Child.start(Server.class, base.resolve("m").toString(), role);
        children.add(child);
        return child;
    }

    private Mesh joined() {
        return Mesh.join(MESH, MeshOptions.DEFAULT.withDirectory(base.resolve("m")));
    }

    private static Caller caller(Mesh mesh, Target target) {
        return Rpc.on(mesh).with(CallOptions.DEFAULT.withTarget(target).withDeadline(Duration.ofSeconds(20)));
    }

    @AfterEach
    void endAll() {
        children.forEach(Child::close);
    }

    private static RpcException failure(CompletableFuture<?> call) {
        try {
            call.join();
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof RpcException why) {
                return why;
            }
            throw failed;
        }
        throw new AssertionError("the call succeeded");
    }

    private static int exit(List<String> command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException notInstalled) {
            return -1;
        }
    }

    @Test
    void theDeadlineMeansTheSameToAMemberWhoseClockIsAnHourAhead() throws InterruptedException {
        List<String> ahead = List.of("unshare", "--time", "--monotonic", "3600", "--boottime", "3600");
        List<String> trial = new ArrayList<>(ahead);
        trial.add("true");
        assumeTrue(exit(trial) == 0, "time namespaces are not allowed here, so this is not tested");
        Child server = Child.startIn(ahead, Server.class, base.resolve("m").toString(), "serves");
        children.add(server);
        long peer = Long.parseLong(server.line());
        try (Mesh mesh = joined()) {
            await().until(() -> Rpc.on(mesh).services().stream()
                    .anyMatch(service -> service.name().equals("left")));
            long left = caller(mesh, Target.member(peer)).call("left").join().asLong();
            assertThat(left).isBetween(1L, Duration.ofSeconds(20).toMillis());
        }
    }

    @Test
    void aThousandCallsAtOnceAndSixteenMegabytesCrossFromProcessToProcess() {
        Child server = child("serves");
        long peer = Long.parseLong(server.line());
        try (Mesh mesh = joined()) {
            Caller caller = caller(mesh, Target.member(peer));
            List<CompletableFuture<Integer>> calls = new ArrayList<>();
            for (int i = 0; i < AT_ONCE; i++) {
                calls.add(caller.call(Integer.class, "echo", i));
            }
            for (int i = 0; i < AT_ONCE; i++) {
                assertThat(calls.get(i).join()).isEqualTo(i);
            }
            String most = "x".repeat((16 << 20) - 4);
            assertThat(caller.call(String.class, "echo", most).join()).hasSameSizeAs(most);
        }
    }

    @Test
    void aCalleeThatIsKilledEndsItsCallsAndIdempotentOnesAreMadeAgain() {
        try (Mesh mesh = joined()) {
            Child first = child("serves");
            long peer = Long.parseLong(first.line());
            Caller caller = caller(mesh, Target.member(peer));
            CompletableFuture<JsonNode> hanging = caller.call("hang");
            caller.call("who").join();
            Child second = child("serves");
            long other = Long.parseLong(second.line());
            Caller again = Rpc.on(mesh).with(CallOptions.DEFAULT.withIdempotent());
            List<CompletableFuture<Long>> calls = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                calls.add(again.call(Long.class, "who"));
                if (i == 100) {
                    first.kill();
                }
            }
            assertThat(failure(hanging).code()).isEqualTo(RpcCode.PEER_LOST);
            calls.forEach(call -> assertThat(call.join()).isIn(peer, other));
            assertThat(again.call(Long.class, "who").join()).isEqualTo(other);
        }
    }

    /** How long after {@code kill -9} of a callee a call that it was busy with has ended, and its services are gone. */
    private static long lostAfterMillis(Mesh mesh, Child callee, long peer) {
        Caller caller = caller(mesh, Target.member(peer));
        await().until(() -> isServed(mesh, peer));
        CompletableFuture<JsonNode> hanging = caller.call("hang");
        caller.call("who").join();
        long killed = System.nanoTime();
        callee.kill();
        assertThat(failure(hanging).code()).isEqualTo(RpcCode.PEER_LOST);
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - killed);
        await().until(() -> !isServed(mesh, peer));
        return millis;
    }

    private static boolean isServed(Mesh mesh, long peer) {
        return Rpc.on(mesh).services().stream()
                .anyMatch(service -> service.owner().number() == peer);
    }

    @Test
    void theCallOfAKilledCalleeEndsAsLostWithinAHundredMilliseconds() {
        List<Long> took = new ArrayList<>();
        try (Mesh mesh = joined()) {
            while (took.size() < KILLS && took.stream().noneMatch(millis -> millis < LOST_MILLIS)) {
                Child callee = child("serves");
                took.add(lostAfterMillis(mesh, callee, Long.parseLong(callee.line())));
            }
        }
        System.out.println("PEER_LOST of a member after ms " + took);
        assertThat(took).anyMatch(millis -> millis < LOST_MILLIS);
    }

    @Test
    void theCallOfAKilledHostEndsAsLostWithinAHundredMilliseconds() {
        List<Long> took = new ArrayList<>();
        while (took.size() < KILLS && took.stream().noneMatch(millis -> millis < LOST_MILLIS)) {
            Child callee = child("serves");
            long peer = Long.parseLong(callee.line());
            try (Mesh mesh = joined()) {
                assertThat(mesh.host().orElseThrow().number()).isEqualTo(peer);
                took.add(lostAfterMillis(mesh, callee, peer));
            }
        }
        System.out.println("PEER_LOST of a host after ms " + took);
        assertThat(took).anyMatch(millis -> millis < LOST_MILLIS);
    }

    @Test
    void aCallerThatIsKilledIsWaitedForNoLonger() {
        Child server = child("serves");
        long peer = Long.parseLong(server.line());
        Child caller = child("calls");
        caller.line();
        try (Mesh mesh = joined()) {
            caller(mesh, Target.member(peer)).call("who").join();
            caller.kill();
            assertThat(server.line()).isEqualTo("cancelled");
        }
    }

    @Test
    void whenTheHostIsKilledDuringCallsEachIsAnsweredAndRunsOnce() {
        Child host = child("idle");
        assertThat(host.line()).isEqualTo("1");
        Child server = child("serves");
        long peer = Long.parseLong(server.line());
        try (Mesh mesh = joined()) {
            Caller caller = caller(mesh, Target.member(peer));
            List<CompletableFuture<Integer>> calls = new ArrayList<>();
            int made = 0;
            while (made < 500 || mesh.epoch() < 2) {
                if (Rpc.on(mesh).statistics().calls() < 100) {
                    calls.add(caller.call(Integer.class, "count", made++));
                }
                if (made == 250) {
                    host.kill();
                }
            }
            Set<Integer> answers = new HashSet<>();
            calls.forEach(call -> answers.add(call.join()));
            assertThat(answers).hasSize(made);
            assertThat(caller.call(Integer.class, "runs").join()).isEqualTo(made);
        }
    }

    @Test
    void whenTheHostItselfWasCalledAnotherAnswers() {
        Child host = child("serves");
        assertThat(host.line()).isEqualTo("1");
        Child server = child("serves");
        server.line();
        try (Mesh mesh = joined()) {
            Caller caller = caller(mesh, Target.host());
            assertThat(caller.call(Long.class, "who").join()).isEqualTo(1);
            CompletableFuture<JsonNode> hanging = caller.call("hang");
            caller.call("who").join();
            host.kill();
            assertThat(failure(hanging).code()).isEqualTo(RpcCode.PEER_LOST);
            await().ignoreExceptions()
                    .untilAsserted(() ->
                            assertThat(caller.call(Long.class, "who").join()).isEqualTo(2));
        }
    }
}
