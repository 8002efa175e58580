package dev.covey.examples.tour.events;

import dev.covey.mesh.Mesh;
import dev.covey.rpc.EventBus;
import dev.covey.rpc.SubscribeOptions;
import java.io.PrintStream;
import java.util.Map;

/** Orders that everybody hears of, and that one of the packers packs. */
public final class Orders {
    private Orders() {}

    /** Start it several times; argument: the mesh's name. */
    public static void main(String[] arguments) throws InterruptedException {
        try (Mesh mesh = Mesh.join(arguments.length == 0 ? "tour" : arguments[0])) {
            listen(mesh, System.out);
            pack(mesh, System.out);
            for (int id = 1; id <= 10; id++) {
                order(mesh, id);
                Thread.sleep(500);
            }
        }
    }

    static void listen(Mesh mesh, PrintStream out) {
        EventBus.on(mesh).subscribe("orders.*", event -> out.println("heard " + event.topic() + " " + event.value()));
    }

    /** One of all who pack gets each order; if it dies with it in hand, another does. */
    static void pack(Mesh mesh, PrintStream out) {
        EventBus.on(mesh)
                .subscribe(
                        "orders.created",
                        SubscribeOptions.DEFAULT.inGroup("packers"),
                        event -> out.println(
                                mesh.self().name() + " packs " + event.value().path("id")));
    }

    static void order(Mesh mesh, int id) {
        EventBus.on(mesh).publish("orders.created", Map.of("id", id));
    }
}
