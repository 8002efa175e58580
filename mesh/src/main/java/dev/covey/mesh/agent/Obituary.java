package dev.covey.mesh.agent;

import static java.util.Objects.requireNonNull;

import dev.covey.mesh.core.Session;
import dev.covey.mesh.core.State;
import dev.covey.mesh.local.Verdict;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Says why a member was declared dead: the host which verdict it found, the member itself, if it lives, by whom and how long
 * it had been standing still. Agent's thread.
 */
final class Obituary {
    private static final System.Logger LOG = System.getLogger(Obituary.class.getName());
    /** A pause between two rounds that is worth being named. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private static final int MAX_CAUSES = 256;

    /** A death that was recorded and is not told yet. */
    private record Declared(Session member, @Nullable Verdict cause) {}

    private final String mesh;
    private final Consumer<Runnable> later;
    private final ArrayDeque<Declared> untold = new ArrayDeque<>();
    private long untoldSince;
    private final Map<Long, Verdict> causes = new HashMap<>();
    private long own;
    private long lastRound = System.nanoTime();
    private long lastPause;
    private long pauseEnd = System.nanoTime();

    /**
     * For the log of that mesh. A JVM's first line of a log takes some 20 ms, which everybody would wait for while a new host
     * buries the old one: so lines are written {@link HostDesk#LATER_NANOS} later, by what has time.
     */
    Obituary(String mesh, Consumer<Runnable> later) {
        this.mesh = mesh;
        this.later = later;
        requireNonNull(Declared.class, "loaded before it matters");
    }

    /** A round begins. */
    void round(long number, long nowNanos) {
        if (number != 0) {
            own = number;
        }
        if (nowNanos - lastRound > PAUSE_NANOS) {
            lastPause = nowNanos - lastRound;
            pauseEnd = nowNanos;
        }
        lastRound = nowNanos;
        if (!untold.isEmpty() && nowNanos - untoldSince >= HostDesk.LATER_NANOS) {
            List<Declared> all = List.copyOf(untold);
            untold.clear();
            later.accept(() -> all.forEach(this::tell));
        }
    }

    private void tell(Declared dead) {
        Verdict cause = dead.cause();
        String why = cause == null ? "it was found dead before this member was host" : cause.sentence();
        LOG.log(
                System.Logger.Level.INFO,
                "mesh " + mesh + ": " + described(dead.member()) + " is declared dead: " + why);
    }

    /** The watch found those dead. */
    void found(Map<Long, Verdict> dead) {
        for (Map.Entry<Long, Verdict> each : dead.entrySet()) {
            found(each.getKey(), each.getValue());
        }
    }

    /** The watch found that one dead. */
    void found(long member, Verdict why) {
        if (causes.size() >= MAX_CAUSES) {
            causes.clear();
        }
        causes.put(member, why);
    }

    /** That member's death was recorded here, by the host. */
    void declared(Session member) {
        Verdict cause = causes.remove(member.number());
        if (untold.isEmpty()) {
            untoldSince = lastRound;
        }
        if (untold.size() < MAX_CAUSES) {
            untold.add(new Declared(member, cause));
        }
    }

    /** This member was declared dead. */
    void expelled(State by) {
        LOG.log(System.Logger.Level.WARNING, expulsion(by));
    }

    private String expulsion(State by) {
        Session host = by.byToken(by.host());
        String who = host == null ? "a host that has left since" : described(host);
        String pause = lastPause == 0
                ? "it never stood still for longer than " + TimeUnit.NANOSECONDS.toMillis(PAUSE_NANOS) + " ms"
                : "it last stood still for " + TimeUnit.NANOSECONDS.toMillis(lastPause) + " ms, "
                        + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - pauseEnd) + " ms ago";
        return "mesh " + mesh + ": this member, number " + own + ", was declared dead in epoch " + by.epoch() + " by "
                + who + ", whose log says why; " + pause + "; it joins again";
    }

    private static String described(Session member) {
        return "member " + member.number() + " (\"" + member.profile().name() + "\", process " + Presence.pidOf(member)
                + ")";
    }
}
