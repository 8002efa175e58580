package dev.covey.mesh;

import com.fasterxml.jackson.databind.JsonNode;
import dev.covey.mesh.core.ObjectState;
import dev.covey.mesh.protocol.LineId;
import dev.covey.patch.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One read-modify-write: reads the scope, runs the function on a copy of its own, and sends the difference on condition that
 * nobody wrote there meanwhile; if somebody did, waits a moment and does it again. After {@link #LUCK} attempts in vain it
 * takes its turn in the line that the host keeps for the scope. One thread at a time.
 */
final class Edit<R> {
    /** What the function makes of the scope's value: the new value, and what the caller gets. */
    interface Function<R> {
        Made<R> apply(JsonNode copy);
    }

    /** A missing node takes the scope away. */
    record Made<R>(JsonNode value, R result) {}

    /** Whose function runs on this thread. */
    private static final ThreadLocal<@Nullable Edit<?>> RUNNING = new ThreadLocal<>();

    private static final long SHORTEST_PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(50);
    private static final int DOUBLINGS = 8;
    /** So many attempts are left to chance. */
    private static final int LUCK = 3;

    private final Mesh mesh;
    private final SharedObject object;
    private final Scope scope;
    private final long permit;
    private final Function<R> function;
    private final EditOptions options;
    private final Runnable ended;
    private final CompletableFuture<Accepted<R>> end = new CompletableFuture<>();
    private final Map<String, Integer> competitors = new TreeMap<>();
    private final long start = System.nanoTime();
    private int attempts;
    /** What the function of this attempt has sent to its own object. */
    private int sentWithin;

    private @Nullable Turn turn;

    /** The revision that wrote the value back, and what the function returned then. */
    record Accepted<R>(Revision revision, R result) {}

    Edit(
            Mesh mesh,
            SharedObject object,
            Scope scope,
            long permit,
            Function<R> function,
            EditOptions options,
            Runnable ended) {
        this.mesh = mesh;
        this.object = object;
        this.scope = scope;
        this.permit = permit;
        this.function = function;
        this.options = options;
        this.ended = ended;
    }

    CompletableFuture<Accepted<R>> end() {
        return end;
    }

    /** Thread of the functions, as everything here. */
    private void attempt() {
        try {
            attempts++;
            sentWithin = 0;
            ObjectState met = object.copy().committed();
            Made<R> made = run(scope.in(met));
            Scope.Conditional write = scope.write(met, made.value());
            PatchOptions conditions = PatchOptions.DEFAULT
                    .withIfRevision(write.ifRevision())
                    .withTimeout(Duration.ofNanos(Math.max(1, nanosLeft())));
            CompletableFuture<?> unused = object.patch(write.patch(), conditions, permit)
                    .whenComplete((revision, why) -> onFunctions(() -> answered(met, made, revision, why)));
        } catch (Throwable thrown) {
            fail(thrown);
        }
    }

    /** Somebody sends a command for that object: a function must not, to its own. */
    static void sends(SharedObject object) {
        Edit<?> running = RUNNING.get();
        if (running != null && running.object.equals(object)) {
            running.sentWithin++;
        }
    }

    /** Whether the function that runs on this thread belongs to that object and path, so that another would wait for it. */
    static boolean isRunning(SharedObject object, Path path) {
        Edit<?> running = RUNNING.get();
        return running != null
                && running.object.equals(object)
                && running.scope.path().equals(path);
    }

    /** Who waits for this must not wait for what hangs on its result. */
    private void leave() {
        Turn had = turn;
        if (had != null) {
            had.leave();
        }
        ended.run();
    }

    private void fail(Throwable why) {
        leave();
        end.completeExceptionally(why);
    }

    private void queueUp() {
        Turn asked = Turn.queueUp(mesh, object, line());
        turn = asked;
        CompletableFuture<?> unused = asked.granted()
                .copy()
                .orTimeout(Math.max(1, nanosLeft()), TimeUnit.NANOSECONDS)
                .whenComplete((held, why) -> onFunctions(this::turnCame));
    }

    /** Without a turn, if the line is too long or the host did not answer, chance has to do. */
    private void turnCame() {
        if (nanosLeft() <= 0) {
            fail(exhausted(null));
        } else {
            attempt();
        }
    }

    private LineId line() {
        return LineId.scope(object.id(), scope.path());
    }

    /** When the mesh is closing nothing is begun any more, but what is known is still told. */
    private void onFunctions(Runnable told) {
        if (!mesh.functions().offer(named(told))) {
            told.run();
        }
    }

    /** Any thread. */
    void begin() {
        run(this::attempt);
    }

    /** Ends if the mesh takes nothing any more. */
    private void run(Runnable step) {
        if (!mesh.functions().offer(named(step))) {
            fail(new MeshException(
                    MeshCode.CLOSED,
                    place() + ": the mesh was closed here before the function could run; join again to use it"));
        }
    }

    private UserThreads.Task named(Runnable step) {
        return new UserThreads.Task("a function for " + place(), step);
    }

    private Made<R> apply(JsonNode value) {
        RUNNING.set(this);
        try {
            return function.apply(value.deepCopy());
        } finally {
            RUNNING.remove();
        }
    }

    private Made<R> run(JsonNode value) {
        Made<R> made = apply(value);
        if (options.checked() && !apply(value).value().equals(made.value())) {
            throw new MeshException(
                    MeshCode.NOT_REPEATABLE,
                    place() + ": the function made two different values of the same one; it runs again whenever another"
                            + " member was faster, so it must look at nothing but its argument");
        }
        return made;
    }

    private void answered(ObjectState met, Made<R> made, @Nullable Revision revision, @Nullable Throwable failure) {
        if (revision != null) {
            leave();
            end.complete(new Accepted<>(revision, made.result()));
            return;
        }
        Throwable why = failure instanceof CompletionException wrapped && wrapped.getCause() != null
                ? wrapped.getCause()
                : failure;
        if (why instanceof MeshException withdrawn && withdrawn.code() == MeshCode.TIMED_OUT) {
            fail(exhausted(withdrawn));
            return;
        }
        if (!(why instanceof MeshException refused) || !wasLate(met, refused)) {
            fail(why != null ? why : new IllegalStateException("neither answer nor failure"));
            return;
        }
        if (sentWithin > 0) {
            fail(new MeshException(
                    MeshCode.NOT_REPEATABLE,
                    place() + ": the function itself sent a change to this object, so what it read was old before it"
                            + " could be written back, and always will be; change the value that the function is given,"
                            + " and send other changes when its future has ended",
                    refused));
            return;
        }
        mesh.counters().retried();
        competitors.merge(mesh.memberOrGone(object.copy().committed().author()).name(), 1, Integer::sum);
        if (attempts >= options.attempts() || nanosLeft() <= 0) {
            fail(exhausted(refused));
        } else if (attempts >= LUCK && turn == null) {
            queueUp();
        } else {
            pause();
        }
    }

    /** Whether the refusal says no more than that somebody was faster. */
    private boolean wasLate(ObjectState met, MeshException refused) {
        return switch (refused.code()) {
            case CONFLICT, STALE, TEST_FAILED -> true;
            case INVALID_PATCH ->
                !Places.same(scope.in(met), scope.in(object.copy().committed()));
            default -> false;
        };
    }

    private void pause() {
        long longest = SHORTEST_PAUSE_NANOS << Math.min(attempts, DOUBLINGS);
        long pause = Math.min(ThreadLocalRandom.current().nextLong(longest), nanosLeft());
        CompletableFuture.delayedExecutor(pause, TimeUnit.NANOSECONDS, Runnable::run)
                .execute(() -> run(this::attempt));
    }

    private long nanosLeft() {
        return PatchOptions.DEFAULT.withTimeout(options.timeout()).timeoutNanos() - (System.nanoTime() - start);
    }

    private MeshException exhausted(@Nullable MeshException last) {
        String who = competitors.entrySet().stream()
                .map(each -> each.getKey() + " " + each.getValue() + " times")
                .collect(Collectors.joining(", "));
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        String reason = who.isEmpty()
                ? " ms were not enough for an answer; allow more time"
                : " ms were in vain since others wrote there meanwhile (" + who
                        + "); allow more attempts or time, or edit a smaller part";
        return new MeshException(
                MeshCode.CONFLICT, place() + ": " + attempts + " attempts within " + millis + reason, last);
    }

    private String place() {
        return object.id() + " at \"" + scope.path() + "\"";
    }
}
