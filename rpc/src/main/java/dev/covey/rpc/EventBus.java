package dev.covey.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.covey.mesh.Channel;
import dev.covey.mesh.ChannelListener;
import dev.covey.mesh.Ephemeral;
import dev.covey.mesh.Mesh;
import dev.covey.mesh.MeshCode;
import dev.covey.mesh.MeshException;
import dev.covey.mesh.Observation;
import dev.covey.mesh.Revision;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Events between the members of a mesh.
 *
 * <pre>{@code
 * EventBus bus = EventBus.on(mesh);
 * bus.subscribe("orders.*", event -> System.out.println(event.topic() + " " + event.value()));
 * bus.publish("orders.created", Map.of("id", 17));
 * }</pre>
 *
 * <p><b>What is promised.</b> A subscription that was made before the event was published hears it exactly once, and the
 * events of one publisher in the order in which it published them, or is told of a gap by {@link EventListener#missed}; a
 * change of host does not matter. Events go straight from the publisher to each other member that has a bus, and are
 * sorted there, so nobody has to know who listens. What a publisher sent before it died is still heard. A publisher waits
 * for nobody: {@link Delivery} says at once who could not be sent to.
 *
 * <p><b>Groups.</b> Of the subscriptions with one group name one gets each event, in turn, and if its member dies before the
 * listener returned another does: at least once, while the publisher lives.
 *
 * <p><b>Retained.</b> The last value of a topic published by {@link #publishRetained} is kept in the mesh's state, survives
 * its publisher, and is what a later subscription hears first. It goes through the host, as a patch does, in an order that
 * is the same everywhere, but in none with events published otherwise.
 *
 * <p><b>Ordered.</b> {@link #publishOrdered} takes the way through the journal, as a patch does.
 *
 * <p>Any thread may use it. A member hears its own events unless its subscription says otherwise.
 */
public final class EventBus implements AutoCloseable {
    static final String CHANNEL = "covey.events";
    static final String RETAINED = "covey.retained";
    /** Longest value of an event as JSON, in bytes. */
    public static final int MAX_BYTES = 16 << 20;
    /** Subscriptions of one member. */
    public static final int MAX_SUBSCRIPTIONS = 10_000;

    private static final System.Logger LOG = System.getLogger(EventBus.class.getName());
    private static final Map<Mesh, EventBus> OPEN = new ConcurrentHashMap<>();

    private final Mesh mesh;
    private final ObjectMapper mapper;
    private final Channel channel;
    private final Workers workers;
    private final CopyOnWriteArrayList<Listening> subscriptions = new CopyOnWriteArrayList<>();
    private final GroupTable groups;
    private final GroupWork work;
    private final Replies replies;
    private final Publishing publishing;
    private final Retained retained;
    private final OrderedEvents ordered;
    private final Map<Long, Long> expected = new ConcurrentHashMap<>();
    private final AtomicLong serial = new AtomicLong();
    private final AtomicLong heard = new AtomicLong();
    private final List<Observation> observed = new ArrayList<>();

    private EventBus(Mesh mesh, ObjectMapper mapper) {
        this.mesh = mesh;
        this.mapper = mapper;
        this.channel = mesh.channel(CHANNEL);
        this.workers = new Workers("covey-events-" + mesh.name());
        this.groups = new GroupTable(mesh);
        this.work = new GroupWork(groups, this::hand);
        this.replies = new Replies(mesh.name());
        this.publishing = new Publishing(channel);
        this.ordered = new OrderedEvents(channel.ordered(), mapper);
        this.retained = new Retained(mesh.object(RETAINED), mapper);
        observed.add(groups.object().observe("/*/*", change -> work.changed()));
        observed.add(channel.receive(new Ear(), Runnable::run));
    }

    /** The bus of that mesh in this process, with Jackson's defaults for values. */
    public static EventBus on(Mesh mesh) {
        return OPEN.computeIfAbsent(mesh, joined -> new EventBus(joined, RpcOptions.DEFAULT.mapper()));
    }

    /**
     * Publishes a value to whoever listens now. Returns at once.
     *
     * @param value a JsonNode, or anything Jackson converts
     * @throws RpcException BAD_SERVICE for what is no topic; BAD_ARGUMENTS; LIMIT_EXCEEDED; OVERLOADED if groups are too far
     *     behind; CLOSED. Then nobody gets it
     */
    public Delivery publish(String topic, @Nullable Object value) {
        byte[] json = json(TopicPattern.requireTopic(topic), value);
        work.publish(topic, json);
        return publishing.send(new EventFrame(EventFrame.EVENT, 0, topic, "", json), () -> hear(topic, json));
    }

    private void hear(String topic, byte[] json) {
        deliver(new Event(topic, mesh.self().number(), false, json, mapper, null), true);
    }

    /**
     * Publishes a value that stays: the topic's last one is heard by those who subscribe later, and survives its publisher.
     *
     * @return ends when the mesh has recorded it
     * @throws RpcException as {@link #publish}
     */
    public CompletableFuture<Revision> publishRetained(String topic, @Nullable Object value) {
        json(TopicPattern.requireTopic(topic), value);
        return retained.publish(topic, value);
    }

    /**
     * Publishes an event through the journal: all hear it in the same order, it survives its publisher and the host once it
     * is acknowledged, and the last {@value dev.covey.mesh.OrderedChannel#KEPT} can be heard again. Heard by
     * {@link #subscribeOrdered} alone.
     *
     * @return ends with its number when the mesh has recorded it
     * @throws RpcException as {@link #publish}
     */
    public CompletableFuture<Long> publishOrdered(String topic, @Nullable Object value) {
        json(TopicPattern.requireTopic(topic), value);
        return ordered.publish(topic, value);
    }

    /**
     * Hears what {@link #publishOrdered} publishes, each event once, also across changes of host.
     *
     * @param after the number after which to begin: 0 for all that are kept, {@link #lastOrdered} for those to come
     */
    public Observation subscribeOrdered(String pattern, long after, EventListener listener) {
        Listening listening = new Listening(TopicPattern.of(pattern), SubscribeOptions.DEFAULT, listener, workers);
        Observation observation = ordered.observe(listening, after);
        return () -> {
            observation.close();
            listening.close().forEach(Runnable::run);
        };
    }

    /** The number of the last ordered event that this member has. */
    public long lastOrdered() {
        return ordered.last();
    }

    /** Takes a retained value away. */
    public CompletableFuture<Revision> forget(String topic) {
        return retained.forget(TopicPattern.requireTopic(topic));
    }

    /** Subscribes with {@link SubscribeOptions#DEFAULT}. */
    public Observation subscribe(String pattern, EventListener listener) {
        return subscribe(pattern, SubscribeOptions.DEFAULT, listener);
    }

    /**
     * Subscribes from now on. One in a group returns when all members can know of it.
     *
     * @param pattern a topic, with {@code *} for any one word and {@code **} for any number of words
     * @throws RpcException BAD_SERVICE for what is no pattern; LIMIT_EXCEEDED; CLOSED
     */
    public Observation subscribe(String pattern, SubscribeOptions options, EventListener listener) {
        if (subscriptions.size() >= MAX_SUBSCRIPTIONS) {
            throw new RpcException(
                    RpcCode.LIMIT_EXCEEDED,
                    pattern + ": there are " + MAX_SUBSCRIPTIONS + " subscriptions in this member, which is the limit;"
                            + " close some");
        }
        Listening listening = new Listening(TopicPattern.of(pattern), options, listener, workers);
        subscriptions.add(listening);
        try {
            Ephemeral announced = listening.isInGroup() ? announce(listening) : null;
            Observation kept = options.retained() && !listening.isInGroup() ? retained.observe(listening) : () -> {};
            return () -> unsubscribe(listening, kept, announced);
        } catch (RuntimeException failed) {
            subscriptions.remove(listening);
            throw failed;
        }
    }

    private Ephemeral announce(Listening listening) {
        try {
            return groups.announce(listening.options.group(), serial.incrementAndGet(), listening.pattern)
                    .join();
        } catch (MeshException | java.util.concurrent.CompletionException failed) {
            throw new RpcException(
                    RpcCode.CLOSED,
                    listening.pattern + ": the group could not be told: " + failed.getMessage(),
                    failed);
        }
    }

    private void unsubscribe(Listening listening, Observation kept, @Nullable Ephemeral announced) {
        kept.close();
        if (announced != null) {
            announced.close();
        }
        subscriptions.remove(listening);
        listening.close().forEach(Runnable::run);
    }

    /** The next event of a topic or pattern. */
    public CompletableFuture<Event> once(String pattern) {
        CompletableFuture<Event> next = new CompletableFuture<>();
        Observation listening = subscribe(pattern, SubscribeOptions.DEFAULT.withRetained(false), next::complete);
        return next.whenComplete((event, why) -> listening.close());
    }

    /**
     * Publishes a request; whoever hears it may {@link Event#reply}, and the first reply is the result.
     *
     * @param timeout after which the future ends with DEADLINE_EXCEEDED
     * @throws RpcException as {@link #publish}
     */
    public CompletableFuture<JsonNode> request(String topic, @Nullable Object value, Duration timeout) {
        byte[] json = json(TopicPattern.requireTopic(topic), value);
        Replies.Asked asked = replies.ask(topic, timeout);
        EventFrame frame = new EventFrame(EventFrame.REQUEST, asked.id(), topic, "", json);
        Runnable here = () -> deliver(
                new Event(
                        topic,
                        mesh.self().number(),
                        false,
                        json,
                        mapper,
                        reply -> replies.came(asked.id(), mapper.valueToTree(reply))),
                true);
        try {
            publishing.send(frame, here);
        } catch (RuntimeException notSent) {
            asked.answer().cancel(false);
            throw notSent;
        }
        return asked.answer();
    }

    /** A topic of one type. */
    public <T> Topic<T> topic(String name, Class<T> type) {
        return new Topic<>(this, name, type);
    }

    /** Numbers of what went on so far. */
    public EventStatistics statistics() {
        return new EventStatistics(
                publishing.published(),
                heard.get(),
                publishing.overloaded(),
                work.unfinished(),
                subscriptions.stream().map(Listening::statistics).toList());
    }

    private byte[] json(String topic, @Nullable Object value) {
        return EventJson.bytes(topic, value, mapper);
    }

    private void deliver(Event event, boolean own) {
        heard.incrementAndGet();
        for (Listening listening : subscriptions) {
            boolean wanted = !listening.isInGroup() && (!own || listening.options.own());
            if (wanted && listening.pattern.matches(event.topic())) {
                listening.add(event);
            }
        }
    }

    /** Hands an event of a group to a member, maybe this one. */
    private boolean hand(long member, EventFrame frame) {
        if (member == mesh.self().number()) {
            return offer(member, frame, () -> work.done(member, frame.number()));
        }
        return tell(member, frame);
    }

    private boolean tell(long member, EventFrame frame) {
        try {
            channel.send(member, frame.toBytes());
            return true;
        } catch (MeshException unreachable) {
            if (unreachable.code() != MeshCode.OVERLOADED && unreachable.code() != MeshCode.PEER_LOST) {
                LOG.log(System.Logger.Level.DEBUG, "nothing can be sent to member " + member, unreachable);
            }
            return false;
        }
    }

    /** Gives an event to a subscription of its group here that has room. */
    private boolean offer(long from, EventFrame frame, Runnable after) {
        Event event = new Event(frame.topic(), from, false, frame.json(), mapper, null);
        return subscriptions.stream()
                .filter(listening -> listening.options.group().equals(frame.group()))
                .filter(listening -> listening.pattern.matches(frame.topic()))
                .anyMatch(listening -> listening.offer(event, after));
    }

    /** The mesh stays. What waits is not heard any more, and what was handed to groups here goes to others. */
    @Override
    public void close() {
        if (OPEN.remove(mesh, this)) {
            end(new RpcException(RpcCode.CLOSED, "the event bus of mesh " + mesh.name() + " was closed here"));
        }
    }

    private void end(RpcException why) {
        observed.forEach(Observation::close);
        subscriptions.forEach(listening -> listening.close().forEach(Runnable::run));
        subscriptions.clear();
        replies.end(why);
        publishing.end(why);
        workers.close();
    }

    /** Sorts what comes, on the mesh's own thread. */
    private final class Ear implements ChannelListener {
        @Override
        public void received(long from, byte[] bytes) {
            EventFrame frame;
            try {
                frame = EventFrame.read(bytes);
            } catch (IllegalArgumentException malformed) {
                LOG.log(System.Logger.Level.WARNING, "dropped what member " + from + " sent", malformed);
                return;
            }
            switch (frame.kind()) {
                case EventFrame.EVENT -> event(from, frame);
                case EventFrame.REQUEST -> request(from, frame);
                case EventFrame.REPLY -> replies.came(frame.number(), parsed(from, frame));
                case EventFrame.GROUP -> group(from, frame);
                case EventFrame.NUMBER -> expect(from, frame.number());
                case EventFrame.DONE -> work.done(from, frame.number());
                default -> work.passed(from, frame.number());
            }
        }

        private void event(long from, EventFrame frame) {
            expect(from, frame.number());
            expected.put(from, frame.number() + 1);
            deliver(new Event(frame.topic(), from, false, frame.json(), mapper, null), false);
        }

        private void expect(long from, long number) {
            long next = expected.getOrDefault(from, number);
            if (number > next) {
                miss(new Missed(Missed.Reason.OVERLOADED, from, number - next));
            }
            expected.put(from, Math.max(next, number));
        }

        private void request(long from, EventFrame frame) {
            long id = frame.number();
            deliver(
                    new Event(frame.topic(), from, false, frame.json(), mapper, value -> {
                        tell(from, new EventFrame(EventFrame.REPLY, id, "", "", json(frame.topic(), value)));
                    }),
                    false);
        }

        private JsonNode parsed(long from, EventFrame frame) {
            return new Event("reply", from, false, frame.json(), mapper, null).value();
        }

        private void group(long from, EventFrame frame) {
            long id = frame.number();
            if (!offer(from, frame, () -> tell(from, EventFrame.answer(EventFrame.DONE, id)))) {
                tell(from, EventFrame.answer(EventFrame.PASS, id));
            }
        }

        private void miss(Missed missed) {
            subscriptions.forEach(listening -> listening.miss(missed));
        }

        @Override
        public void lost(long member) {
            expected.remove(member);
            publishing.lost(member);
            work.lost(member);
            if (mesh.members().stream().anyMatch(living -> living.number() == member)) {
                miss(new Missed(Missed.Reason.EXPELLED, member, Missed.UNKNOWN));
            }
        }

        @Override
        public void ended(MeshException why) {
            OPEN.remove(mesh, EventBus.this);
            end(RpcFailures.of("mesh " + mesh.name(), why));
        }
    }
}
