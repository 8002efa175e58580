package dev.covey.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.covey.mesh.Mesh;
import dev.covey.mesh.MeshOptions;
import dev.covey.mesh.Observation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The event bus with three members that live in this JVM. */
class EventBusTest {
    record Price(String name, double value) {}

    @TempDir
    Path base;

    private final List<Mesh> meshes = new ArrayList<>();
    private EventBus one;
    private EventBus two;
    private EventBus three;

    @BeforeEach
    void join() {
        one = bus("one");
        two = bus("two");
        three = bus("three");
    }

    private EventBus bus(String member) {
        Mesh mesh = Mesh.join(
                "events",
                MeshOptions.DEFAULT.withDirectory(base.resolve("meshes")).withMemberName(member));
        meshes.add(mesh);
        await().until(() -> meshes.stream().allMatch(each -> each.members().size() == meshes.size()));
        return EventBus.on(mesh);
    }

    @AfterEach
    void leave() {
        meshes.forEach(Mesh::close);
    }

    private static List<String> heard(EventBus bus, String pattern) {
        List<String> heard = new CopyOnWriteArrayList<>();
        bus.subscribe(pattern, event -> heard.add(event.topic() + "=" + event.value()));
        return heard;
    }

    private static void awaitHeard(List<String> heard, String... events) {
        await().atMost(10, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(heard).containsExactly(events));
    }

    /** To the member that publishes. */
    private void awaitWorkersKnown(int count) {
        await().until(() ->
                meshes.get(0).object(GroupTable.OBJECT).value().path("workers").size() == count);
    }

    @Test
    void everySubscriptionThatMatchesHearsAnEventOnceAlsoInTheMemberThatPublished() {
        List<String> atOne = heard(one, "orders.*");
        List<String> atTwo = heard(two, "orders.created");
        List<String> everything = heard(three, "**");
        List<String> nothing = heard(three, "orders");

        Delivery delivery = one.publish("orders.created", 17);

        assertThat(delivery.members()).isEqualTo(2);
        assertThat(delivery.overloaded()).isEmpty();
        awaitHeard(atOne, "orders.created=17");
        awaitHeard(atTwo, "orders.created=17");
        awaitHeard(everything, "orders.created=17");
        assertThat(nothing).isEmpty();
    }

    @Test
    void aMemberThatDoesNotWantItsOwnEventsHearsTheOthers() {
        List<String> heard = new CopyOnWriteArrayList<>();
        one.subscribe(
                "t",
                SubscribeOptions.DEFAULT.withOwn(false),
                event -> heard.add(event.value().asText()));
        one.publish("t", "own");
        two.publish("t", "other's");
        awaitHeard(heard, "other's");
    }

    @Test
    void theEventsOfOnePublisherComeInItsOrderToAll() {
        List<Integer> heard = new CopyOnWriteArrayList<>();
        AtomicLong late = new AtomicLong();
        two.subscribe("n", event -> heard.add(event.value().asInt()));
        three.subscribe("n", event -> late.incrementAndGet());
        for (int i = 0; i < 2_000; i++) {
            one.publish("n", i);
        }
        await().atMost(10, TimeUnit.SECONDS).until(() -> heard.size() == 2_000 && late.get() == 2_000);
        assertThat(heard).isSorted();
    }

    @Test
    void eventsGoOnWhenTheHostLeaves() {
        List<Integer> heard = new CopyOnWriteArrayList<>();
        three.subscribe("n", event -> heard.add(event.value().asInt()));
        for (int i = 0; i < 1_000; i++) {
            two.publish("n", i);
            if (i == 500) {
                meshes.get(0).close();
            }
        }
        await().atMost(10, TimeUnit.SECONDS).until(() -> heard.size() == 1_000);
        assertThat(heard).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void valuesHaveTypes() {
        List<Price> heard = new CopyOnWriteArrayList<>();
        two.topic("prices", Price.class).subscribe(heard::add);
        one.topic("prices", Price.class).publish(new Price("apple", 1.5));
        await().until(() -> heard.equals(List.of(new Price("apple", 1.5))));
    }

    @Test
    void aRequestEndsWithTheFirstReplyOrWithItsTime() throws Exception {
        two.subscribe(
                "sum",
                event -> event.reply(
                        event.value().get("a").asInt() + event.value().get("b").asInt()));
        assertThat(one.request("sum", Map.of("a", 2, "b", 3), Duration.ofSeconds(5))
                        .get(5, TimeUnit.SECONDS)
                        .asInt())
                .isEqualTo(5);
        assertThatThrownBy(() -> one.request("nobody", 1, Duration.ofMillis(50)).join())
                .hasMessageContaining("nobody in mesh events replied to nobody within 50 ms")
                .hasMessageContaining("[DEADLINE_EXCEEDED]");
    }

    @Test
    void onceIsTheNextEventAlone() throws Exception {
        CompletableFuture<Event> next = two.once("a.*");
        one.publish("b", 0);
        one.publish("a.x", 1);
        one.publish("a.y", 2);
        assertThat(next.get(5, TimeUnit.SECONDS).topic()).isEqualTo("a.x");
        await().until(() -> two.statistics().subscriptions().isEmpty());
    }

    @Test
    void aRetainedValueIsHeardByThoseWhoComeLaterAndSurvivesItsPublisher() {
        one.publishRetained("config.mode", "fast").join();
        meshes.get(0).close();
        List<String> late = heard(two, "config.*");
        awaitHeard(late, "config.mode=\"fast\"");
        three.publishRetained("config.mode", "fast").join();
        awaitHeard(late, "config.mode=\"fast\"", "config.mode=\"fast\"");
        two.forget("config.mode").join();
        List<String> later = heard(two, "config.*");
        three.publishRetained("config.other", 1).join();
        awaitHeard(later, "config.other=1");
    }

    @Test
    void orderedEventsAreHeardInOneOrderByAllAndAgainByThoseWhoComeLater() {
        List<String> atOne = new CopyOnWriteArrayList<>();
        List<String> atThree = new CopyOnWriteArrayList<>();
        one.subscribeOrdered("o.*", 0, event -> atOne.add(event.number() + event.topic() + event.value()));
        List<CompletableFuture<Long>> published = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            published.add(two.publishOrdered("o.two", i));
            published.add(three.publishOrdered("o.three", i));
        }
        published.add(two.publishOrdered("other", 0));
        published.forEach(CompletableFuture::join);
        meshes.get(1).close();
        three.subscribeOrdered("o.*", 10, event -> atThree.add(event.number() + event.topic() + event.value()));
        await().atMost(10, TimeUnit.SECONDS).until(() -> atOne.size() == 100 && atThree.size() == 90);
        assertThat(atThree).isEqualTo(atOne.subList(10, 100));
        assertThat(three.lastOrdered()).isEqualTo(101);
    }

    @Test
    void oneOfAGroupGetsAnEventInTurn() {
        AtomicLong atTwo = new AtomicLong();
        AtomicLong atThree = new AtomicLong();
        SubscribeOptions workers = SubscribeOptions.DEFAULT.inGroup("workers");
        two.subscribe("jobs.*", workers, event -> atTwo.incrementAndGet());
        three.subscribe("jobs.*", workers, event -> atThree.incrementAndGet());
        awaitWorkersKnown(2);
        for (int i = 0; i < 100; i++) {
            one.publish("jobs.a", i);
        }
        await().atMost(10, TimeUnit.SECONDS).until(() -> atTwo.get() + atThree.get() == 100);
        assertThat(atTwo.get()).isEqualTo(50);
        await().until(() -> one.statistics().unfinished() == 0);
    }

    @Test
    void whatAMemberOfAGroupHadNotFinishedGoesToAnotherWhenItLeaves() {
        CountDownLatch never = new CountDownLatch(1);
        List<Integer> done = new CopyOnWriteArrayList<>();
        SubscribeOptions workers = SubscribeOptions.DEFAULT.inGroup("workers");
        two.subscribe("jobs", workers, event -> uninterruptibly(never));
        awaitWorkersKnown(1);
        for (int i = 0; i < 10; i++) {
            one.publish("jobs", i);
        }
        three.subscribe("jobs", workers, event -> done.add(event.value().asInt()));
        assertThat(one.statistics().unfinished()).isEqualTo(10);
        meshes.get(1).close();
        await().atMost(10, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(done).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 8, 9));
        await().until(() -> one.statistics().unfinished() == 0);
        never.countDown();
    }

    @Test
    void aSlowListenerLosesTheOldestIsToldAndHoldsUpNobody() throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        List<Integer> slow = new CopyOnWriteArrayList<>();
        List<Missed> missed = new CopyOnWriteArrayList<>();
        AtomicLong quick = new AtomicLong();
        two.subscribe("n", SubscribeOptions.DEFAULT.withQueue(10), new EventListener() {
            @Override
            public void heard(Event event) {
                busy.countDown();
                uninterruptibly(go);
                slow.add(event.value().asInt());
            }

            @Override
            public void missed(Missed gap) {
                missed.add(gap);
            }
        });
        two.subscribe("n", event -> quick.incrementAndGet());
        one.publish("n", 0);
        busy.await();
        for (int i = 1; i < 100; i++) {
            one.publish("n", i);
        }
        await().until(() -> quick.get() == 100);
        assertThat(two.statistics().subscriptions()).anyMatch(each -> each.waiting() == 10 && each.missed() == 89);
        go.countDown();
        await().until(() -> slow.size() == 11);
        assertThat(slow).containsExactly(0, 90, 91, 92, 93, 94, 95, 96, 97, 98, 99);
        assertThat(missed).containsExactly(new Missed(Missed.Reason.QUEUE_FULL, 0, 89));
    }

    @Test
    void aListenerThatThrowsHearsTheNextEvent() {
        List<Integer> heard = new CopyOnWriteArrayList<>();
        two.subscribe("n", event -> {
            heard.add(event.value().asInt());
            throw new IllegalStateException("on purpose");
        });
        one.publish("n", 1);
        one.publish("n", 2);
        await().until(() -> heard.equals(List.of(1, 2)));
    }

    @Test
    void whoUnsubscribedHearsNothingMore() {
        List<String> heard = new CopyOnWriteArrayList<>();
        try (Observation listening = two.subscribe("n", event -> heard.add("heard"))) {
            one.publish("n", 1);
            await().until(() -> heard.size() == 1);
            assertThat(listening).isNotNull();
        }
        one.publish("n", 2);
        List<String> other = heard(two, "m");
        one.publish("m", 3);
        awaitHeard(other, "m=3");
        assertThat(heard).hasSize(1);
    }

    @Test
    void badInputIsRefusedWithWhatIsExpected() {
        assertThatThrownBy(() -> one.publish("a..b", 1))
                .hasMessageContaining("is no topic")
                .hasMessageContaining("[BAD_SERVICE]");
        assertThatThrownBy(() -> one.publish("a.*", 1)).hasMessageContaining("is no topic");
        assertThatThrownBy(() -> one.subscribe("a/b", event -> {})).hasMessageContaining("is no pattern of topics");
        assertThatThrownBy(() -> one.publish("a", new Object())).hasMessageContaining("[BAD_ARGUMENTS]");
        assertThatThrownBy(() -> one.publish("a", "x".repeat(EventBus.MAX_BYTES)))
                .hasMessageContaining("the limit is 16777216")
                .hasMessageContaining("[LIMIT_EXCEEDED]");
        one.close();
        assertThatThrownBy(() -> one.publish("a", 1)).hasMessageContaining("[CLOSED]");
    }

    @Test
    void patternsMatchWordByWord() {
        assertThat(TopicPattern.of("a.*.c").matches("a.b.c")).isTrue();
        assertThat(TopicPattern.of("a.*").matches("a.b.c")).isFalse();
        assertThat(TopicPattern.of("a.**").matches("a")).isTrue();
        assertThat(TopicPattern.of("a.**").matches("a.b.c")).isTrue();
        assertThat(TopicPattern.of("**.c").matches("a.b.c")).isTrue();
        assertThat(TopicPattern.of("**.c").matches("a.b.d")).isFalse();
        assertThat(TopicPattern.of("*").matches("a")).isTrue();
        assertThat(TopicPattern.of("*").matches("a.b")).isFalse();
    }

    private static void uninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
