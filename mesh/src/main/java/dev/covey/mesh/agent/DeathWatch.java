package dev.covey.mesh.agent;

import dev.covey.mesh.core.Core;
import dev.covey.mesh.core.Session;
import dev.covey.mesh.local.Claims;
import dev.covey.mesh.local.ControlFile;
import dev.covey.mesh.local.LiveProcess;
import dev.covey.mesh.local.MemberLock;
import dev.covey.mesh.local.MeshDirectory;
import dev.covey.mesh.protocol.Cell;
import dev.covey.store.ProcessIdentity;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A thread that looks whether the others still live. What it finds are hints: a wrong one costs a hand-over, never data.
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
 * <p>A host that has a process and gives no beat for the host timeout is frozen; the first in line suspects it then, and
 * each further member half a second later, so that they do not all try at once.
 */
final class DeathWatch implements Runnable {
    /** What the agent is told; called on the watch's thread. */
    interface Alarm {
        /** Everybody before this member is dead or silent in that epoch; those members of the state are dead. */
        void suspected(long epoch, NavigableSet<Long> dead);

        /** The host alone: these are dead. */
        void died(long member);
    }

    private static final long NEXT_IN_LINE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long HOST_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    /** Of a member behind others in the line: it is needed when two die at once. */
    private static final long OTHERS_NANOS = TimeUnit.MILLISECONDS.toNanos(25);

    /** Of anybody while hardly anything is committed: each look costs a wake-up, and fewer wait for a host then. */
    private static final long CALM_NANOS = TimeUnit.MILLISECONDS.toNanos(40);

    private static final long CALM_OTHERS_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final long ASK_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final MeshDirectory directory;
    private final ControlFile control;
    private final Claims claims;
    private final String seat;
    private final long hostTimeoutNanos;
    private final boolean mayHost;
    private final Alarm alarm;
    private final Map<String, LiveProcess> watched = new HashMap<>();
    private final Map<String, Long> asked = new HashMap<>();
    private final Set<String> gone = new HashSet<>();
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
        watched.values().forEach(LiveProcess::close);
    }

    private void round(Sight now) {
        forgetAllBut(now);
        pause = HOST_NANOS;
        if (now.role() == Core.Role.HOST) {
            for (long member : dead(now)) {
                alarm.died(member);
            }
        } else if (mayHost && now.role() == Core.Role.FOLLOWER) {
            watchLine(now);
        }
    }

    private void watchLine(Sight now) {
        long livingBefore = livingBefore(now);
        boolean next = livingBefore == 0;
        pause = next ? NEXT_IN_LINE_NANOS : OTHERS_NANOS;
        if (next) {
            rehearse();
        }
        boolean nobodyLeads = next && hostIsDead(now);
        boolean silent = control.beat() != 0
                && System.nanoTime() - control.beat() > hostTimeoutNanos + livingBefore * TURN_NANOS;
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
                .filter(session -> !isDead(session))
                .count();
    }

    private boolean hostIsDead(Sight now) {
        if (now.state().epoch() < now.cellEpoch()) {
            return claims.holders(now.cellEpoch()).stream()
                    .filter(claim -> !claim.token().equals(seat))
                    .allMatch(claim -> isDead(claim.token(), claim.process()));
        }
        Session host = now.state().byToken(now.state().host());
        return host == null || isDead(host);
    }

    private NavigableSet<Long> dead(Sight now) {
        NavigableSet<Long> found = new TreeSet<>();
        for (Session session : now.state().sessions().values()) {
            if (session.number() != now.number() && isDead(session)) {
                found.add(session.number());
            }
        }
        return found;
    }

    /** Epoch 0 never is. What a first report needs to be loaded is loaded before it matters, for that takes a millisecond. */
    private void rehearse() {
        if (!rehearsed) {
            rehearsed = true;
            alarm.suspected(0, new TreeSet<>());
        }
    }

    /** Asked hundreds of times a second; the text of an identity is read once. */
    private boolean isDead(Session session) {
        String token = session.profile().seat();
        LiveProcess known = watched.get(token);
        if (known != null) {
            return known.isDead() || hasLetGo(token);
        }
        Optional<ProcessIdentity> process =
                ProcessIdentity.parse(session.profile().process());
        return process.isPresent() && isDead(session.profile().seat(), process.get());
    }

    /** A member can end without its process, when its agent failed or in a JVM with several: then its lock tells. */
    private boolean isDead(String seat, ProcessIdentity process) {
        if (process.equals(ProcessIdentity.self())) {
            return !MemberLock.isHeld(directory.member(seat));
        }
        return watched.computeIfAbsent(seat, unused -> LiveProcess.watch(process, directory.member(seat)))
                        .isDead()
                || hasLetGo(seat);
    }

    private boolean hasLetGo(String seat) {
        if (!gone.contains(seat) && isTimeToAsk(seat) && !MemberLock.isHeld(directory.member(seat))) {
            gone.add(seat);
        }
        return gone.contains(seat);
    }

    /** Asking for a lock costs thirty times what a look at the process does. */
    private boolean isTimeToAsk(String seat) {
        long now = System.nanoTime();
        Long askAt = asked.get(seat);
        if (askAt != null && now - askAt < 0) {
            return false;
        }
        asked.put(seat, now + ASK_NANOS);
        return true;
    }

    private void forgetAllBut(Sight now) {
        if (watched.size() > now.state().sessions().size() * 2 + 16) {
            watched.values().forEach(LiveProcess::close);
            watched.clear();
            asked.clear();
            gone.clear();
        }
    }
}
