package dev.covey.mesh.agent;

import dev.covey.mesh.core.Core;
import dev.covey.mesh.core.Session;
import dev.covey.mesh.local.Claims;
import dev.covey.mesh.local.ControlFile;
import dev.covey.mesh.local.LifeSigns;
import dev.covey.mesh.local.MeshDirectory;
import dev.covey.mesh.local.Verdict;
import dev.covey.mesh.protocol.Cell;
import dev.covey.store.ProcessIdentity;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A thread that looks whether the others still live. A wrong finding costs a hand-over, never data; but a hint is no death
 * (rule C6), and {@link LifeSigns} alone tells the two apart.
 *
 * <p>The host watches every member. Everybody else watches the line before it: the host, then the members with lower
 * numbers. Who finds all of them dead suspects that it is next. Who has the host of a new epoch not in its state yet
 * asks the claims of that epoch instead: one of the claimants took the cell.
 *
 * <p>Members that never host stand in nobody's line and watch nobody.
 *
 * <p>How often is looked depends on what a late look costs: the next in line looks every millisecond while patches
 * are committed, everybody a few dozen times a second while the mesh is as good as idle.
 *
 * <p>A host that has a process and gives no beat for the host timeout is frozen ({@link Silence}); the first in line
 * suspects it then, and each further member half a second later, so that they do not all try at once.
 */
final class DeathWatch implements Runnable {
    /** What the agent is told; called on the watch's thread. */
    interface Alarm {
        /** Everybody before this member is dead or silent in that epoch; those members of the state are dead. */
        void suspected(long epoch, NavigableMap<Long, Verdict> dead);

        /** The host alone: that one is dead, for that reason. */
        void died(long member, Verdict why);
    }

    private static final long NEXT_IN_LINE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long HOST_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    /** Of a member behind others in the line: it is needed when two die at once. */
    private static final long OTHERS_NANOS = TimeUnit.MILLISECONDS.toNanos(25);

    /** Of anybody while hardly anything is committed: each look costs a wake-up, and fewer wait for a host then. */
    private static final long CALM_NANOS = TimeUnit.MILLISECONDS.toNanos(40);

    private static final long CALM_OTHERS_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final MeshDirectory directory;
    private final ControlFile control;
    private final Claims claims;
    private final String seat;
    private final long hostTimeoutNanos;
    private final Silence silence;
    private final boolean mayHost;
    private final Alarm alarm;
    private final Map<String, LifeSigns> watched = new HashMap<>();
    private volatile @Nullable Sight sight;
    private volatile boolean stopped;
    private final Traffic traffic = new Traffic();
    private long pause = HOST_NANOS;
    private boolean rehearsed;
    private long reportedEpoch;
    private long reportAgainAt;

    DeathWatch(Premises premises, boolean mayHost, Alarm alarm) {
        this.mayHost = mayHost;
        this.directory = premises.directory;
        this.control = premises.control;
        this.claims = new Claims(premises.directory);
        this.seat = premises.seat;
        this.hostTimeoutNanos = TimeUnit.MILLISECONDS.toNanos(premises.settings.hostTimeoutMillis());
        this.silence = new Silence(control, hostTimeoutNanos / 2);
        this.alarm = alarm;
    }

    /** Any thread. */
    void look(Sight now) {
        sight = now;
    }

    void stop() {
        stopped = true;
    }

    @Override
    public void run() {
        while (!stopped) {
            Sight now = sight;
            if (now != null) {
                round(now);
                long cell = control.cell();
                boolean calm = now.cellEpoch() == control.epochOf(cell)
                        && now.state().epoch() == now.cellEpoch()
                        && !traffic.isBusy(Cell.position(cell), System.nanoTime());
                if (calm) {
                    pause = pause == OTHERS_NANOS ? CALM_OTHERS_NANOS : CALM_NANOS;
                }
            }
            LockSupport.parkNanos(this, pause);
        }
        watched.values().forEach(LifeSigns::close);
    }

    private void round(Sight now) {
        forgetAllBut(now);
        pause = HOST_NANOS;
        if (now.role() == Core.Role.HOST) {
            dead(now).forEach(alarm::died);
        } else if (mayHost && now.role() == Core.Role.FOLLOWER && knowsFormerLife(now)) {
            watchLine(now);
        }
    }

    /**
     * Whether all is applied that was recorded before this life of the mesh. Its members are none of this one, wherever their
     * processes are, and the first host records that they left (rule R6).
     */
    private boolean knowsFormerLife(Sight now) {
        return now.sinceBirth() >= 0;
    }

    private void watchLine(Sight now) {
        long livingBefore = livingBefore(now);
        boolean next = livingBefore == 0;
        pause = next ? NEXT_IN_LINE_NANOS : OTHERS_NANOS;
        if (next) {
            rehearse();
        }
        boolean nobodyLeads = next && hostIsDead(now);
        boolean silent = silence.nanos(System.nanoTime()) > hostTimeoutNanos + livingBefore * TURN_NANOS;
        if (nobodyLeads || silent) {
            suspect(now);
        }
    }

    /** Tells once for an epoch, and again when nothing came of it. */
    private void suspect(Sight now) {
        long nanos = System.nanoTime();
        if (reportedEpoch == now.cellEpoch() && nanos - reportAgainAt < 0) {
            return;
        }
        reportedEpoch = now.cellEpoch();
        reportAgainAt = nanos + OTHERS_NANOS;
        alarm.suspected(now.cellEpoch(), dead(now));
    }

    private long livingBefore(Sight now) {
        long host = now.state().hostNumber();
        return now.state().sessions().values().stream()
                .filter(session -> session.number() != host && session.number() != now.number())
                .filter(session -> now.number() == 0 || session.number() < now.number())
                .filter(session -> session.profile().mayHost())
                .filter(session -> !verdict(session, now).isDead())
                .count();
    }

    private boolean hostIsDead(Sight now) {
        if (now.cellEpoch() == control.birth().epoch()) {
            return true;
        }
        if (now.state().epoch() < now.cellEpoch()) {
            return claimantsAreDead(now.cellEpoch());
        }
        Session host = now.state().byToken(now.state().host());
        return host == null || verdict(host, now).isDead();
    }

    /** A claim that is missing says nothing (rule C6): then whoever has the cell is known by its silence only. */
    private boolean claimantsAreDead(long epoch) {
        List<Claims.Claim> all = claims.holders(epoch);
        return !all.isEmpty()
                && all.stream()
                        .filter(claim -> !claim.token().equals(seat))
                        .allMatch(
                                claim -> verdict(claim.token(), claim.process()).isDead());
    }

    private NavigableMap<Long, Verdict> dead(Sight now) {
        NavigableMap<Long, Verdict> found = new TreeMap<>();
        for (Session session : now.state().sessions().values()) {
            Verdict verdict = session.number() == now.number() ? Verdict.ALIVE : verdict(session, now);
            if (verdict.isDead()) {
                found.put(session.number(), verdict);
            }
        }
        return found;
    }

    /** Epoch 0 never is. What a first report needs to be loaded is loaded before it matters, for that takes a millisecond. */
    private void rehearse() {
        if (!rehearsed) {
            rehearsed = true;
            alarm.suspected(0, new TreeMap<>());
        }
    }

    /** Asked hundreds of times a second; the text of an identity is read once. */
    private Verdict verdict(Session session, Sight now) {
        if (now.sinceBirth() <= 0) {
            return Verdict.FORMER_LIFE;
        }
        String token = session.profile().seat();
        LifeSigns known = watched.get(token);
        if (known != null) {
            return known.verdict();
        }
        return ProcessIdentity.parse(session.profile().process())
                .map(process -> verdict(token, process))
                .orElse(Verdict.UNKNOWN);
    }

    private Verdict verdict(String token, ProcessIdentity process) {
        return watched.computeIfAbsent(token, unused -> LifeSigns.of(directory, token, process))
                .verdict();
    }

    private void forgetAllBut(Sight now) {
        if (watched.size() > now.state().sessions().size() * 2 + 16) {
            watched.values().forEach(LifeSigns::close);
            watched.clear();
        }
    }
}
