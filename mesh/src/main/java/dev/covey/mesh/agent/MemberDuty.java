package dev.covey.mesh.agent;

import dev.covey.mesh.core.Core;
import dev.covey.mesh.core.Session;
import dev.covey.mesh.core.State;
import dev.covey.mesh.local.ControlFile;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A round of a member that is not host: it keeps the way to the host open and, when it is next in line, everything ready
 * that it needs to become one. Agent's thread.
 */
final class MemberDuty {
    /** A successor prepares when nobody came or went for so long: who is just joining needs the processors more. */
    private static final long CALM_NANOS = TimeUnit.MILLISECONDS.toNanos(1_000);

    private final Core core;
    private final ControlFile control;
    private final HostLink link;
    private final Standby standby;
    private long changedAt = System.nanoTime();
    private Hosts hosts = new Hosts(State.EMPTY, 0);

    /** Who hosts an epoch, and who would next, as a state says; worked out once for each. */
    private static final class Hosts {
        final State state;
        final long epoch;
        final String hostSeat;
        final @Nullable Session next;

        Hosts(State state, long epoch) {
            this.state = state;
            this.epoch = epoch;
            this.hostSeat = hostSeat(state, epoch);
            this.next = state.successor();
        }
    }

    MemberDuty(Core core, ControlFile control, HostLink link, Standby standby) {
        this.core = core;
        this.control = control;
        this.link = link;
        this.standby = standby;
    }

    /** Somebody came or went, or another decides. */
    void changed() {
        changedAt = System.nanoTime();
    }

    /** Returns how much there was to do. */
    int round(boolean closing) {
        long now = System.nanoTime();
        long epoch = control.epochOf(control.cell());
        State state = core.state();
        Hosts found = hosts(state, epoch);
        Session next = found.next;
        boolean settled = state.epoch() == epoch && core.role() == Core.Role.FOLLOWER;
        boolean ownTurn = next != null && next.number() == core.number();
        boolean calm = now - changedAt > CALM_NANOS;
        int work = standby.prepare(settled && ownTurn && !closing ? epoch + 1 : standby.wanted(core.role()), calm);
        String successor = settled && next != null && !ownTurn ? next.profile().seat() : "";
        if (link.maintain(epoch, found.hostSeat, successor, now)) {
            core.connected(epoch);
            work++;
        }
        return work;
    }

    @SuppressWarnings("ReferenceEquality") // the same state is the same state; another is looked at
    private Hosts hosts(State state, long epoch) {
        if (hosts.state != state || hosts.epoch != epoch) {
            hosts = new Hosts(state, epoch);
        }
        return hosts;
    }

    private static String hostSeat(State state, long epoch) {
        Session host = state.epoch() == epoch ? state.byToken(state.host()) : null;
        return host == null ? "" : host.profile().seat();
    }
}
