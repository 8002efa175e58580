package dev.covey.examples.tour.calls;

import dev.covey.mesh.Mesh;
import dev.covey.rpc.CallOptions;
import dev.covey.rpc.Rpc;
import dev.covey.rpc.RpcException;
import dev.covey.rpc.Target;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Prices that any member can ask for, by name and through an interface. */
public final class Shop {
    /** What is sold. */
    public record Item(String name, BigDecimal price) {}

    /** Served by those who have the catalogue. */
    public interface Pricing {
        Optional<Item> find(String name);

        BigDecimal total(Map<String, Integer> basket);
    }

    /** A catalogue that does not change. */
    public record Catalogue(Map<String, BigDecimal> prices) implements Pricing {
        @Override
        public Optional<Item> find(String name) {
            return Optional.ofNullable(prices.get(name)).map(price -> new Item(name, price));
        }

        @Override
        public BigDecimal total(Map<String, Integer> basket) {
            return basket.entrySet().stream()
                    .map(each -> find(each.getKey())
                            .orElseThrow(() -> new IllegalArgumentException("no " + each.getKey() + " is sold here"))
                            .price()
                            .multiply(BigDecimal.valueOf(each.getValue())))
                    .reduce(BigDecimal.ZERO, BigDecimal::add);
        }
    }

    private Shop() {}

    /** Start it several times: each serves and asks; argument: the mesh's name. */
    public static void main(String[] arguments) throws InterruptedException {
        try (Mesh mesh = Mesh.join(arguments.length == 0 ? "tour" : arguments[0])) {
            open(mesh);
            for (int i = 0; i < 10; i++) {
                buy(mesh, System.out);
                Thread.sleep(500);
            }
        }
    }

    static void open(Mesh mesh) {
        Rpc rpc = Rpc.on(mesh);
        rpc.serve(
                "shop.greet",
                call -> "hello " + call.get(0, String.class) + ", says "
                        + mesh.self().name());
        rpc.serve(
                Pricing.class, new Catalogue(Map.of("apple", new BigDecimal("0.50"), "pear", new BigDecimal("0.75"))));
    }

    static void buy(Mesh mesh, PrintStream out) {
        Rpc rpc = Rpc.on(mesh);
        out.println(rpc.call("shop.greet", "Ann").join().asText());
        Pricing anyone = rpc.proxy(Pricing.class);
        out.println("fig: " + anyone.find("fig").map(Item::price).orElse(null));
        CallOptions soon = CallOptions.DEFAULT.withTarget(Target.leastBusy()).withDeadline(Duration.ofSeconds(1));
        Pricing quick = rpc.with(soon.withIdempotent()).proxy(Pricing.class);
        out.println("three apples and a pear: " + quick.total(Map.of("apple", 3, "pear", 1)));
        try {
            quick.total(Map.of("fig", 1));
        } catch (RpcException failed) {
            out.println(failed.remote().orElseThrow().message());
        }
    }
}
