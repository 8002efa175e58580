package dev.covey.mesh;

import dev.covey.mesh.agent.AgentListener;
import dev.covey.mesh.agent.MeshAgent;
import dev.covey.mesh.agent.Presence;
import dev.covey.mesh.core.ObjectState;
import dev.covey.mesh.core.Session;
import dev.covey.mesh.core.State;
import dev.covey.mesh.protocol.Fact;
import dev.covey.mesh.protocol.LogRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where the agent writes what happened and the application's threads read it: the objects, the members, and the mailboxes
 * of whoever listens. Step 9 of the street.
 */
final class Board implements AgentListener {
    private static final long DRAIN_MILLIS = 1_000;
    /** Members whose names are kept, so that an author can be named who has left. */
    private static final int MAX_KNOWN = 2_048;

    /** A record of this member's own, held back until its caller's view has moved with it. */
    private record Own(State before, LogRecord record, State after) {}

    private final Map<String, SharedObject> objects = new ConcurrentHashMap<>();
    private final List<Mailbox<Consumer<MeshListener>>> listeners = new CopyOnWriteArrayList<>();
    private final Set<Mailbox<?>> mailboxes = ConcurrentHashMap.newKeySet();
    private final Map<Long, Member> known = new LinkedHashMap<>();
    private final UserThreads executor;
    private final Answers answers;
    private final Counters counters;
    private final Turns turns = new Turns();
    private final Outcomes outcomes;
    private volatile State state = State.EMPTY;
    private volatile MeshStatus status = MeshStatus.CONNECTED;
    private volatile @Nullable MeshAgent agent;
    private volatile @Nullable MeshException ended;
    private @Nullable Own own;

    Board(String mesh, Counters counters, Outcomes outcomes) {
        this.counters = counters;
        this.outcomes = outcomes;
        executor = new UserThreads("covey-observers-" + mesh);
        answers = new Answers(mesh);
    }

    void use(MeshAgent joined) {
        agent = joined;
    }

    State state() {
        return state;
    }

    Turns turns() {
        return turns;
    }

    /** Listeners that have been running for long. */
    List<String> stuck() {
        return executor.stuck();
    }

    Executor executor() {
        return executor;
    }

    void requireOpen() {
        MeshException why = ended;
        if (why != null) {
            throw new MeshException(why.code(), String.valueOf(why.getMessage()), why);
        }
    }

    /** Why this member takes nothing any more; null while it does. */
    @Nullable
    MeshException endedWith() {
        return ended;
    }

    SharedObject object(Mesh mesh, String id) {
        SharedObject object = objects.computeIfAbsent(id, unused -> new SharedObject(mesh, state.object(id)));
        object.copy().advance(state.object(id));
        return object;
    }

    @Override
    public void applied(State before, LogRecord record, State after) {
        noticeDecided();
        counters.record();
        if (record.fact() instanceof Fact.Left left) {
            memberOrGone(left.number());
        }
        state = after;
        turns.look(before, after);
        outcomes.look(after);
        if (record.fact() instanceof Fact.Patched patched) {
            if (isOwn(record)) {
                own = new Own(before, record, after);
            } else {
                publish(patched, before, record, after);
            }
        } else if (record.fact() instanceof Fact.Joined joined) {
            Member member = memberOrGone(joined.number());
            tell(listener -> listener.joined(member));
        } else if (record.fact() instanceof Fact.Left left) {
            Member member = memberOrGone(left.number());
            tell(listener -> listener.left(member, left.departure() == Fact.Departure.DIED));
        }
    }

    /** Whether {@link dev.covey.mesh.agent.Reply#decided} follows for this record at once. */
    private boolean isOwn(LogRecord record) {
        MeshAgent joined = agent;
        return joined != null && record.sequence() > 0 && record.member() == joined.number();
    }

    /** The caller's view has moved; now everybody may know. */
    void noticeDecided() {
        Own held = own;
        if (held != null && held.record().fact() instanceof Fact.Patched patched) {
            own = null;
            publish(patched, held.before(), held.record(), held.after());
        }
    }

    private void publish(Fact.Patched patched, State before, LogRecord record, State after) {
        SharedObject object = objects.get(patched.object());
        if (object != null) {
            ObjectState now = after.object(patched.object());
            object.copy().advance(now);
            Observers observers = object.observers();
            if (observers.any()) {
                observers.tell(
                        before.object(patched.object()), now, patched.operations(), memberOrGone(record.member()));
            }
        }
    }

    @Override
    public boolean wantsEachChange() {
        return objects.values().stream().anyMatch(object -> object.observers().any());
    }

    @Override
    public void jumped(State before, State after) {
        noticeDecided();
        counters.snapshot();
        state = after;
        turns.look(before, after);
        outcomes.look(after);
        boolean rebuilt = before.position() == after.position();
        objects.values()
                .forEach(object -> jumped(object, before.object(object.id()), after.object(object.id()), rebuilt));
        before.sessions().values().stream()
                .filter(session -> !after.sessions().containsKey(session.number()))
                .forEach(session -> {
                    Member member = member(session);
                    boolean died = after.departed().containsKey(session.number());
                    tell(listener -> listener.left(member, died));
                });
        after.sessions().values().stream()
                .filter(session -> !before.sessions().containsKey(session.number()))
                .forEach(session -> tell(listener -> listener.joined(member(session))));
    }

    /** A revision that was here before with another value was wrong, as is everything that differs at one position. */
    private void jumped(SharedObject object, ObjectState was, ObjectState is, boolean rebuilt) {
        boolean differs = is.revision() != was.revision() || !Places.same(was.value(), is.value());
        boolean wrong = differs && (rebuilt || is.revision() <= was.revision());
        object.copy().restore(is);
        Change.Cause cause = wrong ? Change.Cause.RESTORE : Change.Cause.SNAPSHOT;
        object.observers().tellAll(was, is, memberOrGone(is.author()), cause);
    }

    @Override
    public void hostChanged(State now, long gapNanos) {
        counters.epoch();
        Optional<Member> host = Optional.ofNullable(now.byToken(now.host())).map(Board::member);
        HostChange change = new HostChange(now.epoch(), host, Duration.ofNanos(gapNanos));
        tell(listener -> listener.hostChanged(change));
    }

    @Override
    public void statusChanged(MeshStatus now) {
        status = now;
        tell(listener -> listener.statusChanged(now));
    }

    MeshStatus status() {
        return status;
    }

    Collection<SharedObject> objects() {
        return objects.values();
    }

    private void tell(Consumer<MeshListener> event) {
        listeners.forEach(mailbox -> mailbox.deliver(event));
    }

    @Override
    public void ended(MeshException why) {
        noticeDecided();
        ended = why;
        statusChanged(MeshStatus.CLOSED);
        turns.ended(why);
        outcomes.ended(why);
    }

    Observation listen(MeshListener listener) {
        Mailbox<Consumer<MeshListener>> mailbox =
                new Mailbox<>("a listener of the mesh", executor, event -> event.accept(listener));
        listeners.add(mailbox);
        opened(mailbox);
        return () -> {
            listeners.remove(mailbox);
            mailbox.close();
            closed(mailbox);
        };
    }

    void opened(Mailbox<?> mailbox) {
        mailboxes.add(mailbox);
    }

    void closed(Mailbox<?> mailbox) {
        mailboxes.remove(mailbox);
    }

    void settle(Answer answer, Object result) {
        if (answer.settle(result)) {
            answers.finish(answer);
        }
    }

    static Member member(Session session) {
        return new Member(
                session.number(),
                session.profile().name(),
                Presence.pidOf(session),
                session.profile().roles(),
                Times.instant(session.joinedMicros()),
                session.profile().metadata());
    }

    /** The member of that number, living or not; one that left before this member came has only its number left. */
    Member memberOrGone(long number) {
        synchronized (known) {
            Member member = known.get(number);
            return member != null ? member : remember(number);
        }
    }

    private Member remember(long number) {
        State now = state;
        Session session = now.sessions().get(number);
        if (session == null) {
            session = now.departed().get(number);
        }
        if (session == null) {
            return new Member(number, "member-" + number, 0, List.of(), Instant.EPOCH, Map.of());
        }
        Member member = member(session);
        known.put(number, member);
        if (known.size() > MAX_KNOWN) {
            known.remove(known.keySet().iterator().next());
        }
        return member;
    }

    /** Delivers what waits, at most {@link #DRAIN_MILLIS}, and ends the threads. */
    void close() {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(DRAIN_MILLIS);
        try {
            for (Mailbox<?> mailbox : mailboxes) {
                mailbox.drain(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        mailboxes.forEach(Mailbox::close);
        answers.stop();
        executor.close();
    }
}
