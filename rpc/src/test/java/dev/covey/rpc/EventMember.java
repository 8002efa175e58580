package dev.covey.rpc;

import dev.covey.mesh.Mesh;
import dev.covey.mesh.MeshOptions;
import dev.covey.mesh.Observation;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.CRC32C;

/**
 * A member with an event bus in a process of its own: one order a line on standard input, one answer a line on standard
 * output. What it heard is a count, the last number, and how often the order was wrong.
 */
final class EventMember implements EventListener {
    private final AtomicLong heard = new AtomicLong();
    private final AtomicLong missed = new AtomicLong();
    private final AtomicLong wrong = new AtomicLong();
    private final AtomicLong published = new AtomicLong();
    private final OrderedEar ordered = new OrderedEar();
    private long last = -1;

    private EventMember() {}

    /**
     * What it heard of the ordered events of all: how many, how many were told as missed, how many came out of the one order
     * of numbers or of their publisher's, how many it published itself that were acknowledged, and a checksum of all it
     * heard, which is the same where the same was heard in the same order. Whoever began later hears of each publisher a
     * later event first.
     */
    private static final class OrderedEar implements EventListener {
        private final AtomicLong acknowledged = new AtomicLong();
        private final Map<Long, Long> lastOf = new HashMap<>();
        private final List<Event> order = new ArrayList<>();
        private long after;
        private long missed;
        private long wrong;
        private long lastNumber;

        @Override
        public synchronized void heard(Event event) {
            long value = event.value().asLong();
            long previous = lastOf.getOrDefault(event.from(), after > 0 ? value - 1 : -1);
            if (event.number() <= Math.max(after, lastNumber) || value != previous + 1) {
                wrong++;
            }
            lastNumber = event.number();
            lastOf.put(event.from(), value);
            order.add(event);
        }

        synchronized void begin(long number) {
            after = number;
        }

        /** The number of the event that was heard as the n-th. */
        synchronized long number(int n) {
            return order.get(n).number();
        }

        @Override
        public synchronized void missed(Missed gap) {
            missed += gap.count();
        }

        /** Of the events after that number. */
        synchronized String figures(long number) {
            CRC32C checksum = new CRC32C();
            long heard = 0;
            for (Event event : order) {
                if (event.number() > number) {
                    String text = event.number() + ":" + event.from() + ":" + event.value() + " ";
                    checksum.update(text.getBytes(StandardCharsets.UTF_8));
                    heard++;
                }
            }
            return heard + " " + missed + " " + wrong + " " + acknowledged + " " + checksum.getValue();
        }
    }

    /** Arguments: the member's name, the directory of meshes. */
    public static void main(String[] arguments) throws IOException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        Mesh mesh = Mesh.join(
                "events", MeshOptions.DEFAULT.withMemberName(arguments[0]).withDirectory(Path.of(arguments[1])));
        EventBus bus = EventBus.on(mesh);
        EventMember member = new EventMember();
        out.println("joined");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            out.println(member.obey(bus, mesh, line.split(" ", -1)));
        }
        Runtime.getRuntime().halt(0);
    }

    private String obey(EventBus bus, Mesh mesh, String[] words) {
        return switch (words[0]) {
            case "subscribe" -> {
                SubscribeOptions options = words.length > 1
                        ? SubscribeOptions.DEFAULT.inGroup(words[1])
                        : SubscribeOptions.DEFAULT.withQueue(SubscribeOptions.MAX_QUEUE);
                bus.subscribe("n", options, this);
                yield "subscribed";
            }
            case "publish" -> {
                int count = Integer.parseInt(words[1]);
                Thread publishing = new Thread(() -> publish(bus, count), "publishing");
                publishing.setDaemon(true);
                publishing.start();
                yield "publishing";
            }
            case "subscribeOrdered" -> {
                long after = Long.parseLong(words[1]);
                ordered.begin(after);
                bus.subscribeOrdered("o", after, ordered);
                yield "subscribed";
            }
            case "publishOrdered" -> {
                int count = Integer.parseInt(words[1]);
                Thread publishing = new Thread(() -> publishOrdered(bus, count), "publishing");
                publishing.setDaemon(true);
                publishing.start();
                yield "publishing";
            }
            case "ordered" -> ordered.figures(Long.parseLong(words[1]));
            case "number" -> Long.toString(ordered.number(Integer.parseInt(words[1])));
            case "retain" -> {
                bus.publishRetained("r", words[1]).join();
                yield "retained";
            }
            case "retained" -> {
                CompletableFuture<String> value = new CompletableFuture<>();
                Observation listening =
                        bus.subscribe("r", event -> value.complete(event.value().asText()));
                String kept = value.join();
                listening.close();
                yield kept;
            }
            case "figures" ->
                heard + " " + missed + " " + wrong + " " + published + " "
                        + bus.statistics().unfinished() + " "
                        + bus.statistics().overloaded();
            case "members" -> Integer.toString(mesh.members().size());
            default -> throw new IllegalArgumentException(words[0]);
        };
    }

    /** One after the other, so slowly that somebody can be killed meanwhile. */
    private void publishOrdered(EventBus bus, int count) {
        for (int i = 0; i < count; i++) {
            bus.publishOrdered("o", i).join();
            ordered.acknowledged.incrementAndGet();
            LockSupport.parkNanos(1_000_000);
        }
    }

    private void publish(EventBus bus, int count) {
        for (int i = 0; i < count; i++) {
            while (true) {
                try {
                    bus.publish("n", i);
                    break;
                } catch (RpcException overloaded) {
                    LockSupport.parkNanos(100_000);
                }
            }
            published.incrementAndGet();
            if (i % 20 == 0) {
                LockSupport.parkNanos(1_000_000);
            }
        }
    }

    @Override
    public void heard(Event event) {
        long n = event.value().asLong();
        if (n <= last) {
            wrong.incrementAndGet();
        }
        last = n;
        heard.incrementAndGet();
    }

    @Override
    public void missed(Missed gap) {
        missed.addAndGet(gap.count());
    }
}
