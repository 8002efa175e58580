package dev.covey.examples.benchmarks;

import dev.covey.mesh.Mesh;
import dev.covey.rpc.EventBus;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jgroups.JChannel;
import org.jgroups.ObjectMessage;
import org.jspecify.annotations.Nullable;

/** Events from one JVM to one and to three others: all that were published until all have heard all. */
final class EventRows {
    private static final String TEXT = "x".repeat(100);
    private static final long BRIEFLY_NANOS = 20_000;
    private static final long PATIENCE_SECONDS = 60;
    /** Some hundred a second on a busy machine: as many as the others get would take half an hour. */
    private static final int FEWER = 25;
    /** Below what may be under way to a member. */
    private static final int AHEAD = 2 * EventReceiver.PACE;

    private EventRows() {}

    static List<Row> measure(boolean quick) throws Exception {
        List<Row> rows = new ArrayList<>();
        int events = quick ? 200_000 : 500_000;
        for (int listeners : new int[] {1, 3}) {
            String name = "events to " + listeners;
            double covey = run(EventReceiver.COVEY, listeners, events);
            rows.add(row(name, EventReceiver.COVEY, covey));
            try {
                double jgroups = run(EventReceiver.JGROUPS, listeners, events / FEWER);
                rows.add(row(name, EventReceiver.JGROUPS, jgroups));
                rows.add(Row.ratio(name, "covey / JGroups", covey, jgroups, 1));
            } catch (TimeoutException notAllHeard) {
                rows.add(new Row(name, EventReceiver.JGROUPS, List.of(), "given up: not all heard all in time"));
            }
            if (RedisEvents.isInstalled()) {
                double redis = run(EventReceiver.REDIS, listeners, events);
                rows.add(row(name, EventReceiver.REDIS, redis));
                rows.add(Row.ratio(name, "covey / Redis", covey, redis, 1));
            } else {
                rows.add(new Row(name, EventReceiver.REDIS, List.of(), "redis-server is not installed, skipped"));
            }
        }
        return rows;
    }

    private static Row row(String name, String contender, double rate) {
        return new Row(name, contender, List.of(new Row.Figure("rate", rate, "/s")));
    }

    private static double run(String contender, int listeners, int events) throws Exception {
        Path directory = RpcRows.scratch();
        if (contender.equals(EventReceiver.REDIS)) {
            try (RedisEvents redis = RedisEvents.start(directory)) {
                return run(redis, contender, directory, listeners, events);
            }
        }
        return run(null, contender, directory, listeners, events);
    }

    private static double run(@Nullable RedisEvents redis, String contender, Path directory, int listeners, int events)
            throws Exception {
        List<Process> receivers = new ArrayList<>();
        List<BufferedReader> said = new ArrayList<>();
        try {
            for (int i = 0; i < listeners; i++) {
                Process receiver =
                        RpcRows.start(EventReceiver.class, contender, directory.toString(), Integer.toString(events));
                receivers.add(receiver);
                BufferedReader out = receiver.inputReader(StandardCharsets.US_ASCII);
                said.add(out);
                RpcRows.await(contender, out);
            }
            if (redis != null) {
                long began = System.nanoTime();
                redis.publish(TEXT, events);
                return rate(events, began, said);
            }
            return contender.equals(EventReceiver.COVEY)
                    ? publish(directory, listeners, events, said)
                    : multicast(directory, listeners, events, said);
        } finally {
            for (Process receiver : receivers) {
                receiver.destroyForcibly().waitFor();
            }
        }
    }

    private static double publish(Path directory, int listeners, int events, List<BufferedReader> said)
            throws Exception {
        try (Mesh mesh = CoveyEcho.join(directory, false)) {
            EventBus bus = EventBus.on(mesh);
            Map<Long, Integer> heard = new ConcurrentHashMap<>();
            bus.subscribe("heard", event -> heard.put(event.from(), event.value(Integer.class)));
            while (mesh.members().size() <= listeners) {
                LockSupport.parkNanos(BRIEFLY_NANOS);
            }
            mesh.members().forEach(member -> heard.put(member.number(), 0));
            heard.remove(mesh.self().number());
            long began = System.nanoTime();
            for (int i = 0; i < events; i++) {
                while (i % EventReceiver.PACE == 0 && i - Collections.min(heard.values()) > AHEAD) {
                    LockSupport.parkNanos(BRIEFLY_NANOS);
                }
                if (!bus.publish("prices.apple", TEXT).overloaded().isEmpty()) {
                    throw new IllegalStateException("an event was not taken by somebody who had room for it");
                }
            }
            return rate(events, began, said);
        }
    }

    private static double multicast(Path directory, int listeners, int events, List<BufferedReader> said)
            throws Exception {
        try (JChannel channel = JgroupsEcho.channel()) {
            channel.setDiscardOwnMessages(true);
            channel.connect(directory.getFileName().toString());
            long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            while (channel.view().size() <= listeners) {
                if (System.nanoTime() - patience > 0) {
                    throw new TimeoutException("found only " + channel.view());
                }
                LockSupport.parkNanos(BRIEFLY_NANOS);
            }
            long began = System.nanoTime();
            for (int i = 0; i < events; i++) {
                channel.send(new ObjectMessage(null, TEXT));
            }
            return rate(events, began, said);
        }
    }

    private static double rate(int events, long began, List<BufferedReader> said) throws Exception {
        for (BufferedReader each : said) {
            hearAll(each).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
        return events / ((System.nanoTime() - began) / 1e9);
    }

    private static CompletableFuture<Void> hearAll(BufferedReader said) {
        return CompletableFuture.runAsync(() -> {
            try {
                RpcRows.await("events", said);
            } catch (IOException ended) {
                throw new UncheckedIOException(ended);
            }
        });
    }
}
