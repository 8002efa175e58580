package dev.covey.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.covey.mesh.Mesh;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls through an interface, between members in this JVM. */
class TypedRpcTest {
    /** What is in a basket. */
    record Item(String name, int count, Optional<String> note) {}

    /** A service with every kind of method. */
    interface Pricing {
        BigDecimal price(String name);

        BigDecimal total(List<Item> items, Map<String, BigDecimal> prices);

        Optional<Item> find(String name);

        Optional<String> note(Optional<String> note);

        void reset();

        CompletableFuture<Item> later(String name);

        Flow.Publisher<Item> all(int count);

        int fails(int code) throws IllegalStateException;
    }

    interface Twice {
        int one(int a);

        int one(String a);
    }

    /** Serves it. */
    private static final class Shop implements Pricing {
        private final AtomicBoolean reset = new AtomicBoolean();
        private final AtomicBoolean streamCancelled = new AtomicBoolean();
        private final CompletableFuture<Item> promised = new CompletableFuture<>();

        @Override
        public BigDecimal price(String name) {
            return new BigDecimal(name.length()).movePointLeft(1);
        }

        @Override
        public BigDecimal total(List<Item> items, Map<String, BigDecimal> prices) {
            return items.stream()
                    .map(item ->
                            prices.getOrDefault(item.name(), BigDecimal.ZERO).multiply(new BigDecimal(item.count())))
                    .reduce(BigDecimal.ZERO, BigDecimal::add);
        }

        @Override
        public Optional<Item> find(String name) {
            return name.isEmpty() ? Optional.empty() : Optional.of(new Item(name, 1, Optional.of("ripe")));
        }

        @Override
        public Optional<String> note(Optional<String> note) {
            return note.map(text -> text + "!");
        }

        @Override
        public void reset() {
            reset.set(true);
        }

        @Override
        public CompletableFuture<Item> later(String name) {
            return promised;
        }

        @Override
        public Flow.Publisher<Item> all(int count) {
            return subscriber -> subscriber.onSubscribe(new Flow.Subscription() {
                private int next;
                private boolean over;

                @Override
                public void request(long items) {
                    for (long i = 0; i < items && next < count && !over; i++) {
                        subscriber.onNext(new Item("item", next++, Optional.empty()));
                    }
                    if (next == count && !over) {
                        over = true;
                        subscriber.onComplete();
                    }
                }

                @Override
                public void cancel() {
                    over = true;
                    streamCancelled.set(true);
                }
            });
        }

        @Override
        public int fails(int code) {
            throw new IllegalStateException("code " + code);
        }
    }

    /** Asks for so many at the beginning, and keeps what comes. */
    private static final class Listener implements Flow.Subscriber<Item> {
        private final List<Item> items = new CopyOnWriteArrayList<>();
        private final CompletableFuture<Void> end = new CompletableFuture<>();
        private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
        private final long first;

        private Listener(long first) {
            this.first = first;
        }

        @Override
        public void onSubscribe(Flow.Subscription opened) {
            subscription.complete(opened);
            opened.request(first);
        }

        @Override
        public void onNext(Item item) {
            items.add(item);
        }

        @Override
        public void onError(Throwable thrown) {
            end.completeExceptionally(thrown);
        }

        @Override
        public void onComplete() {
            end.complete(null);
        }
    }

    @TempDir
    Path base;

    private final Shop shop = new Shop();

    @SuppressWarnings("NullAway.Init") // by join
    private Meshes meshes;

    @SuppressWarnings("NullAway.Init") // by join
    private Mesh server;

    @SuppressWarnings("NullAway.Init") // by join
    private Pricing pricing;

    @BeforeEach
    void join() {
        meshes = new Meshes(base);
        Mesh client = meshes.join("client");
        server = meshes.join("server");
        Rpc.on(server).serve(Pricing.class, shop);
        await().until(() -> Rpc.on(client).services().size() == 8);
        pricing = Rpc.on(client).proxy(Pricing.class);
    }

    @AfterEach
    void close() {
        meshes.close();
    }

    @Test
    void valuesRecordsGenericsAndOptionalsTravel() {
        assertThat(pricing.price("apple")).isEqualTo("0.5");
        List<Item> items = List.of(new Item("apple", 3, Optional.empty()), new Item("pear", 2, Optional.of("green")));
        Map<String, BigDecimal> prices = Map.of("apple", new BigDecimal("1.25"), "pear", new BigDecimal("2.5"));
        assertThat(pricing.total(items, prices)).isEqualByComparingTo("8.75");
        assertThat(pricing.find("fig")).contains(new Item("fig", 1, Optional.of("ripe")));
        assertThat(pricing.find("")).isEmpty();
        assertThat(pricing.note(Optional.of("ripe"))).contains("ripe!");
        assertThat(pricing.note(Optional.empty())).isEmpty();
        pricing.reset();
        assertThat(shop.reset).isTrue();
    }

    @Test
    void aMethodMayPromiseItsResult() {
        CompletableFuture<Item> later = pricing.later("fig");
        assertThat(later).isNotDone();
        shop.promised.complete(new Item("fig", 9, Optional.empty()));
        assertThat(later.join().count()).isEqualTo(9);
    }

    @Test
    void aStreamGivesWhatIsAskedForAndItsEnd() {
        Listener listener = new Listener(10);
        pricing.all(25).subscribe(listener);
        await().until(() -> listener.items.size() == 10);
        listener.subscription.join().request(100);
        listener.end.join();
        assertThat(listener.items).hasSize(25);
        for (int i = 0; i < 25; i++) {
            assertThat(listener.items.get(i).count()).isEqualTo(i);
        }
    }

    @Test
    void aStreamThatIsCancelledEndsAtItsPublisher() {
        Listener listener = new Listener(5);
        pricing.all(1_000_000).subscribe(listener);
        await().until(() -> listener.items.size() == 5);
        listener.subscription.join().cancel();
        await().untilTrue(shop.streamCancelled);
        assertThat(listener.items).hasSize(5);
    }

    @Test
    void aStreamOfAMemberThatGoesEndsAsLost() {
        Listener listener = new Listener(5);
        pricing.all(1_000_000).subscribe(listener);
        await().until(() -> listener.items.size() == 5);
        server.close();
        assertThatThrownBy(listener.end::join).hasMessageContaining("[PEER_LOST]");
    }

    @Test
    void aLongStreamWithAFastReaderLosesNothing() {
        Listener listener = new Listener(Long.MAX_VALUE);
        pricing.all(20_000).subscribe(listener);
        listener.end.orTimeout(20, TimeUnit.SECONDS).join();
        assertThat(listener.items).hasSize(20_000);
        assertThat(listener.items.get(19_999).count()).isEqualTo(19_999);
    }

    @Test
    void aPublisherOfTheJdkCanBeServedByName() throws InterruptedException {
        CountDownLatch ended = new CountDownLatch(1);
        List<Integer> seen = new ArrayList<>();
        SubmissionPublisher<Integer> publisher = new SubmissionPublisher<>();
        Rpc.on(server).serve("ticks", arguments -> publisher);
        Mesh third = meshes.join("third");
        await().until(() -> Rpc.on(third).services().size() == 9);
        Rpc.on(third).with(CallOptions.DEFAULT).stream(Integer.class, "ticks").subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription opened) {
                opened.request(Long.MAX_VALUE);
            }

            @Override
            public void onNext(Integer tick) {
                seen.add(tick);
            }

            @Override
            public void onError(Throwable thrown) {}

            @Override
            public void onComplete() {
                ended.countDown();
            }
        });
        await().until(publisher::hasSubscribers);
        for (int i = 0; i < 100; i++) {
            publisher.submit(i);
        }
        publisher.close();
        assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(seen).hasSize(100).startsWith(0, 1, 2);
    }

    @Test
    void aFailureIsThrownByTheProxy() {
        assertThatThrownBy(() -> pricing.fails(7))
                .isInstanceOf(RpcException.class)
                .hasMessageContaining("Pricing.fails failed in member")
                .hasMessageContaining("java.lang.IllegalStateException: code 7");
    }

    @Test
    void servicesAreListedWithSignatureAndOwner() {
        assertThat(Rpc.on(server).services())
                .contains(new ServiceInfo(
                        "Pricing.total", "(List<Item>, Map<String, BigDecimal>): BigDecimal", server.self()));
    }

    @Test
    void whatIsNoInterfaceOrHasTwoMethodsOfOneNameIsRefused() {
        assertThatThrownBy(() -> Rpc.on(server).serve(Shop.class, shop)).hasMessageContaining("is no interface");
        Twice twice = new Twice() {
            @Override
            public int one(int a) {
                return a;
            }

            @Override
            public int one(@Nullable String a) {
                return 0;
            }
        };
        assertThatThrownBy(() -> Rpc.on(server).serve(Twice.class, twice))
                .hasMessageContaining("several methods named one")
                .hasMessageEndingWith("[BAD_SERVICE]");
    }

    @Test
    void aProxyHasTheMethodsOfObject() {
        assertThat(pricing.toString()).isEqualTo("proxy of " + Pricing.class.getName());
        assertThat(new HashSet<>(List.of(pricing))).contains(pricing);
        assertThat(pricing).isNotEqualTo(Rpc.on(server).proxy(Pricing.class));
    }
}
