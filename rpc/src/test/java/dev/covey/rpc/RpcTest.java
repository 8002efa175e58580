package dev.covey.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import dev.covey.mesh.Mesh;
import dev.covey.patch.Patch;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls by name, between members in this JVM. */
class RpcTest {
    @TempDir
    Path base;

    @SuppressWarnings("NullAway.Init") // by join
    private Meshes meshes;

    @SuppressWarnings("NullAway.Init") // by join
    private Mesh one;

    @SuppressWarnings("NullAway.Init") // by join
    private Mesh two;

    @BeforeEach
    void join() {
        meshes = new Meshes(base);
        one = meshes.join("one");
        two = meshes.join("two", "worker");
    }

    @AfterEach
    void close() {
        meshes.close();
    }

    /** Serves, and waits until the other member knows. */
    private void serve(Mesh mesh, String name, Handler handler) {
        Rpc.on(mesh).serve(name, handler);
        long owner = mesh.self().number();
        await().until(() -> Rpc.on(one).services().stream()
                .anyMatch(service ->
                        service.name().equals(name) && service.owner().number() == owner));
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

    @Test
    void aCallByNameIsAnswered() {
        serve(two, "price", arguments -> arguments.get(0, String.class).length() * arguments.get(1, int.class));
        assertThat(Rpc.on(one).call("price", "apple", 3).join().asInt()).isEqualTo(15);
        assertThat(Rpc.on(one).call(Integer.class, "price", "pear", 2).join()).isEqualTo(8);
    }

    @Test
    void aHandlerThatWasAlwaysQuickAndThenWaitsHoldsUpNobody() {
        CountDownLatch release = new CountDownLatch(1);
        AtomicBoolean waits = new AtomicBoolean();
        AtomicInteger waiting = new AtomicInteger();
        for (Mesh mesh : List.of(one, two)) {
            serve(mesh, "quick." + mesh.self().name(), arguments -> {
                if (waits.get()) {
                    waiting.incrementAndGet();
                    release.await();
                }
                return arguments.get(0);
            });
        }
        for (int i = 0; i < 2_000; i++) {
            assertThat(Rpc.on(one).call("quick.two", i).join().asInt()).isEqualTo(i);
            assertThat(Rpc.on(two).call("quick.one", i).join().asInt()).isEqualTo(i);
        }
        waits.set(true);
        CompletableFuture<JsonNode> atHost = Rpc.on(two).call("quick.one", 1);
        CompletableFuture<JsonNode> atMember = Rpc.on(one).call("quick.two", 2);
        await().until(() -> waiting.get() == 2);
        for (int i = 0; i < 20; i++) {
            one.object("o").patch(Patch.inc("/n", 1)).join();
            two.object("o").patch(Patch.inc("/n", 1)).join();
        }
        waits.set(false);
        assertThat(Rpc.on(one).call("quick.two", 3).join().asInt()).isEqualTo(3);
        assertThat(Rpc.on(two).call("quick.one", 4).join().asInt()).isEqualTo(4);
        release.countDown();
        assertThat(atHost.join().asInt()).isEqualTo(1);
        assertThat(atMember.join().asInt()).isEqualTo(2);
    }

    @Test
    void aHandlerIsNotQuickWhoseAnswerTakesLongToWrite() {
        Set<String> ranOn = ConcurrentHashMap.newKeySet();
        serve(two, "slow", arguments -> {
            ranOn.add(Thread.currentThread().getName());
            return new SlowToWrite();
        });
        for (int i = 0; i < 1_000; i++) {
            assertThat(Rpc.on(one).call("slow").join().asInt()).isEqualTo(1);
        }
        assertThat(ranOn).doesNotContain("covey-" + two.name());
    }

    private record SlowToWrite() {
        @JsonValue
        int number() {
            long begun = System.nanoTime();
            while (System.nanoTime() - begun < TimeUnit.MICROSECONDS.toNanos(100)) {
                Thread.onSpinWait();
            }
            return 1;
        }
    }

    @Test
    void aHandlerThatIsAlwaysQuickMayPatchAndCall() {
        serve(one, "double", arguments -> 2 * arguments.get(0, int.class));
        serve(two, "quick", arguments -> {
            int number = arguments.get(0, int.class);
            if (number >= 1_000) {
                two.object("o").patch(Patch.inc("/n", 1)).join();
                return Rpc.on(two).call("double", number).join();
            }
            return number;
        });
        for (int i = 0; i < 1_000; i++) {
            assertThat(Rpc.on(one).call("quick", i).join().asInt()).isEqualTo(i);
        }
        for (int i = 1_000; i < 1_100; i++) {
            assertThat(Rpc.on(one).call("quick", i).join().asInt()).isEqualTo(2 * i);
        }
        assertThat(two.object("o").value().path("n").asInt()).isEqualTo(100);
    }

    @Test
    void namesNestAndNullsAndStructuresTravel() {
        serve(two, "shop.fruit.describe", arguments -> Map.of("all", List.of(arguments.get(0), arguments.size())));
        JsonNode result = Rpc.on(one)
                .call("shop.fruit.describe", Map.of("a", List.of(1, 2)), null)
                .join();
        assertThat(result.toString()).isEqualTo("{\"all\":[{\"a\":[1,2]},2]}");
        serve(two, "nothing", arguments -> null);
        assertThat(Rpc.on(one).call("nothing").join().isNull()).isTrue();
    }

    @Test
    void aMemberCanCallItself() {
        serve(one, "self", arguments -> "me");
        assertThat(Rpc.on(one).call("self").join().asText()).isEqualTo("me");
    }

    @Test
    void aNameThatNobodyServesIsNamed() {
        assertThat(failure(Rpc.on(one).call("nobody.knows")))
                .hasMessageContaining("nobody.knows: no living member serves it")
                .hasMessageEndingWith("[NO_SUCH_SERVICE]");
    }

    @Test
    void aServiceThatIsClosedIsGoneForAll() {
        Service service = Rpc.on(two).serve("passing", arguments -> 1);
        await().until(() -> !Rpc.on(one).services().isEmpty());
        service.close();
        await().until(() -> Rpc.on(one).services().isEmpty());
        assertThat(failure(Rpc.on(one).call("passing")).code()).isEqualTo(RpcCode.NO_SUCH_SERVICE);
    }

    @Test
    void whatAMemberServedGoesWithIt() {
        serve(two, "mortal", arguments -> 1);
        two.close();
        await().until(() -> Rpc.on(one).services().isEmpty());
    }

    @Test
    void theCallsGoRound() {
        Mesh three = meshes.join("three");
        for (Mesh mesh : List.of(one, two, three)) {
            serve(mesh, "who", arguments -> mesh.self().number());
        }
        Set<Long> answered = new TreeSet<>();
        for (int i = 0; i < 3; i++) {
            answered.add(Rpc.on(one).call(Long.class, "who").join());
        }
        assertThat(answered)
                .containsExactly(
                        one.self().number(), two.self().number(), three.self().number());
    }

    @Test
    void aCallGoesToTheMemberTheHostOrTheRoleThatIsAskedFor() {
        for (Mesh mesh : List.of(one, two)) {
            serve(mesh, "who", arguments -> mesh.self().number());
        }
        Rpc rpc = Rpc.on(one);
        for (int i = 0; i < 3; i++) {
            assertThat(who(rpc, Target.member(two.self().number())))
                    .isEqualTo(two.self().number());
            assertThat(who(rpc, Target.host())).isEqualTo(one.self().number());
            assertThat(who(rpc, Target.role("worker"))).isEqualTo(two.self().number());
        }
        assertThat(failure(rpc.with(CallOptions.DEFAULT.withTarget(Target.role("cook")))
                        .call("who")))
                .hasMessageContaining("serve it, and OfRole[role=cook] is asked for");
        Map<Long, CompletableFuture<JsonNode>> all =
                rpc.with(CallOptions.DEFAULT).callAll("who");
        all.forEach((member, result) -> assertThat(result.join().asLong()).isEqualTo(member));
        assertThat(all).hasSize(2);
    }

    private static long who(Rpc rpc, Target target) {
        return rpc.with(CallOptions.DEFAULT.withTarget(target))
                .call(Long.class, "who")
                .join();
    }

    @Test
    void theLeastBusyMemberIsPreferred() {
        CountDownLatch open = new CountDownLatch(1);
        for (Mesh mesh : List.of(one, two)) {
            serve(mesh, "slow", arguments -> {
                open.await();
                return mesh.self().number();
            });
            serve(mesh, "who", arguments -> mesh.self().number());
        }
        Rpc rpc = Rpc.on(one);
        List<CompletableFuture<JsonNode>> slow = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            slow.add(rpc.with(CallOptions.DEFAULT.withTarget(
                            Target.member(two.self().number())))
                    .call("slow"));
        }
        for (int i = 0; i < 5; i++) {
            assertThat(who(rpc, Target.leastBusy())).isEqualTo(one.self().number());
        }
        open.countDown();
        slow.forEach(CompletableFuture::join);
    }

    @Test
    void aRemoteFailureComesAsTextWithItsTypeMessageCodeAndStack() {
        serve(two, "fails", arguments -> {
            throw new IllegalStateException("out of apples");
        });
        RpcException failure = failure(Rpc.on(one).call("fails"));
        assertThat(failure)
                .hasMessageContaining("fails failed in member " + two.self().number()
                        + " with java.lang.IllegalStateException: out of apples")
                .hasMessageEndingWith("[REMOTE_FAILURE]");
        RemoteFailure remote = failure.remote().orElseThrow();
        assertThat(remote.type()).isEqualTo("java.lang.IllegalStateException");
        assertThat(remote.message()).isEqualTo("out of apples");
        assertThat(remote.stack()).contains("RpcTest");

        serve(two, "patches", arguments -> two.channel("").name());
        assertThat(failure(Rpc.on(one).call("patches")).remote().orElseThrow().code())
                .isEqualTo("BAD_NAME");
    }

    @Test
    void argumentsThatDoNotFitAreRefusedByPlaceAndType() {
        serve(two, "sum", arguments -> arguments.get(0, int.class) + arguments.get(1, int.class));
        assertThat(failure(Rpc.on(one).call("sum", 1, "apple")))
                .hasMessageContaining("sum: argument 1 is no int")
                .hasMessageEndingWith("[BAD_ARGUMENTS]");
        assertThat(failure(Rpc.on(one).call("sum", 1)))
                .hasMessageContaining("sum was called with 1 arguments and needs at least 2");
    }

    @Test
    void theDeadlineEndsTheCallHereAndInterruptsTheHandlerThere() {
        AtomicBoolean interrupted = new AtomicBoolean();
        serve(two, "sleeps", arguments -> {
            try {
                new CountDownLatch(1).await();
                return 0;
            } catch (InterruptedException stopped) {
                interrupted.set(true);
                throw stopped;
            }
        });
        CallOptions quick = CallOptions.DEFAULT.withDeadline(Duration.ofMillis(50));
        assertThat(failure(Rpc.on(one).with(quick).call("sleeps")).code()).isEqualTo(RpcCode.DEADLINE_EXCEEDED);
        await().untilTrue(interrupted);
        await().until(() -> Rpc.on(two).statistics().handlers() == 0);
    }

    @Test
    void theDeadlineTravelsIntoWhatAHandlerCalls() {
        List<Duration> seen = new ArrayList<>();
        serve(one, "inner", arguments -> {
            seen.add(CallContext.current().orElseThrow().remaining());
            return 0;
        });
        serve(two, "outer", arguments -> Rpc.on(two).call("inner").join());
        CallOptions quick = CallOptions.DEFAULT.withDeadline(Duration.ofMillis(900));
        Rpc.on(one).with(quick).call("outer").join();
        assertThat(seen.get(0)).isLessThan(Duration.ofMillis(900));
    }

    @Test
    void cancellingACallReachesTheHandler() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        AtomicBoolean interrupted = new AtomicBoolean();
        serve(two, "long", arguments -> {
            begun.countDown();
            try {
                return new CountDownLatch(1).await(1, TimeUnit.MINUTES);
            } catch (InterruptedException stopped) {
                interrupted.set(CallContext.current().orElseThrow().isCancelled());
                throw stopped;
            }
        });
        CompletableFuture<JsonNode> call = Rpc.on(one).call("long");
        begun.await();
        assertThat(call.cancel(true)).isTrue();
        await().untilTrue(interrupted);
        assertThat(Rpc.on(one).statistics().calls()).isZero();
    }

    @Test
    void aThousandCallsThatRunAtOnceAreAllAnswered() {
        CountDownLatch all = new CountDownLatch(1_000);
        serve(two, "square", arguments -> {
            all.countDown();
            all.await();
            return arguments.get(0, int.class) * arguments.get(0, int.class);
        });
        List<CompletableFuture<Integer>> calls = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            calls.add(Rpc.on(one).call(Integer.class, "square", i));
        }
        for (int i = 0; i < 1_000; i++) {
            assertThat(calls.get(i).join()).isEqualTo(i * i);
        }
    }

    @Test
    void aHandlerThatNeverReturnsBlocksNobodyElse() {
        CountDownLatch never = new CountDownLatch(1);
        serve(two, "stuck", arguments -> {
            never.await();
            return 0;
        });
        serve(two, "quick", arguments -> 1);
        List<CompletableFuture<JsonNode>> stuck = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            stuck.add(Rpc.on(one).call("stuck"));
        }
        for (int i = 0; i < 50; i++) {
            assertThat(Rpc.on(one).call("quick").join().asInt()).isEqualTo(1);
        }
        never.countDown();
        stuck.forEach(CompletableFuture::join);
    }

    @Test
    void sixteenMegabytesTravelAndMoreIsRefusedByItsLimit() {
        serve(two, "echo", arguments -> arguments.get(0));
        String most = "x".repeat((16 << 20) - 4);
        assertThat(Rpc.on(one)
                        .with(CallOptions.DEFAULT.withDeadline(Duration.ofSeconds(30)))
                        .call("echo", most)
                        .join()
                        .asText())
                .hasSize(most.length());
        assertThat(failure(Rpc.on(one).call("echo", most + "xxx")))
                .hasMessageContaining("what is sent to echo as JSON is longer than the 16777216 bytes")
                .hasMessageEndingWith("[LIMIT_EXCEEDED]");
    }

    @Test
    void moreHandlersThanAllowedIsToldAsOverloaded() {
        CountDownLatch open = new CountDownLatch(1);
        Rpc small = Rpc.on(two, RpcOptions.DEFAULT.withMaxHandlers(2));
        small.serve("held", arguments -> {
            open.await();
            return 0;
        });
        await().until(() -> !Rpc.on(one).services().isEmpty());
        List<CompletableFuture<JsonNode>> held = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            held.add(Rpc.on(one).call("held"));
        }
        await().until(() -> small.statistics().handlers() == 2);
        assertThat(failure(Rpc.on(one).call("held")))
                .hasMessageContaining("2 handlers run in this member")
                .hasMessageEndingWith("[OVERLOADED]");
        open.countDown();
        held.forEach(CompletableFuture::join);
    }

    @Test
    void moreCallsThanAllowedIsToldAtOnce() {
        CountDownLatch open = new CountDownLatch(1);
        serve(two, "held", arguments -> {
            open.await();
            return 0;
        });
        Mesh three = meshes.join("three");
        Rpc small = Rpc.on(three, RpcOptions.DEFAULT.withMaxCalls(3));
        List<CompletableFuture<JsonNode>> held = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            held.add(small.call("held"));
        }
        assertThat(failure(small.call("held"))).hasMessageContaining("has 3 calls without an answer");
        open.countDown();
        held.forEach(CompletableFuture::join);
    }

    @Test
    void callsThatCallEachOtherInACircleAreStopped() {
        serve(one, "ping", arguments -> Rpc.on(one).call("pong").join());
        serve(two, "pong", arguments -> Rpc.on(two).call("ping").join());
        assertThat(failure(Rpc.on(one).call("ping")).remote().orElseThrow().message())
                .contains("allowed are 16 (RpcOptions.maxDepth)");
    }

    @Test
    void callsOfAMemberThatLeavesEndAsLostAndIdempotentOnesGoToAnother() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(2);
        AtomicInteger ran = new AtomicInteger();
        serve(two, "work", arguments -> {
            begun.countDown();
            return new CountDownLatch(1).await(1, TimeUnit.MINUTES);
        });
        CompletableFuture<JsonNode> once = Rpc.on(one).call("work");
        CompletableFuture<JsonNode> again =
                Rpc.on(one).with(CallOptions.DEFAULT.withIdempotent()).call("work");
        begun.await();
        serve(one, "work", arguments -> ran.incrementAndGet());
        two.close();
        assertThat(failure(once).code()).isEqualTo(RpcCode.PEER_LOST);
        assertThat(again.join().asInt()).isEqualTo(1);
        assertThat(ran).hasValue(1);
    }

    @Test
    void whatHangsOnAnAnswerRunsWithoutAnybodyWaiting() {
        Set<Integer> seen = ConcurrentHashMap.newKeySet();
        serve(two, "echo", arguments -> arguments.get(0));
        List<CompletableFuture<Void>> hanging = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            hanging.add(Rpc.on(one).call(Integer.class, "echo", i).thenAccept(seen::add));
        }
        await().until(() -> seen.size() == 20);
        hanging.forEach(CompletableFuture::join);
    }

    @Test
    void aNameIsServedOnceInAMemberAndMustBeAName() {
        serve(two, "taken", arguments -> 1);
        assertThatThrownBy(() -> Rpc.on(two).serve("taken", arguments -> 2))
                .hasMessageContaining("taken is served in this member already")
                .hasMessageEndingWith("[BAD_SERVICE]");
        assertThatThrownBy(() -> Rpc.on(two).serve("no name", arguments -> 2)).hasMessageContaining("is no name");
    }

    @Test
    void whenTheMeshClosesEveryCallEnds() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        serve(two, "long", arguments -> {
            begun.countDown();
            return new CountDownLatch(1).await(1, TimeUnit.MINUTES);
        });
        CompletableFuture<JsonNode> call = Rpc.on(one).call("long");
        begun.await();
        one.close();
        assertThat(failure(call).code()).isEqualTo(RpcCode.CLOSED);
    }
}
