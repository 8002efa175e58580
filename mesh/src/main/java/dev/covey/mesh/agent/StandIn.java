package dev.covey.mesh.agent;

import dev.covey.mesh.core.Core;
import dev.covey.mesh.local.ControlFile;
import dev.covey.mesh.protocol.Cell;
import java.util.function.BooleanSupplier;

/**
 * A thread of the application that waits for an answer looks for it itself, and does the agent's work meanwhile: whoever
 * answers has then nobody to wake here, and this member not one thread after the other.
 *
 * <p>It does what a follower's round is nearly always: apply, send, deliver. As soon as there is something else, such as a
 * file to open, a way to make, a change of host, it leaves that to the agent: an interrupt, which may hit this thread at any
 * time, would close such a file.
 */
public final class StandIn {
    private final Rest rest;
    private final ControlFile control;
    private final Premises premises;
    private final Core core;
    private final HybridClock clock;
    private final Follower follower;
    private final Inbox inbox;
    private final Performer performer;
    private final Intake intake;
    private final HostLink link;
    private final ChannelDesk channels;
    private final HostGap gap;
    private final Runnable show;

    StandIn(
            Rest rest,
            Premises premises,
            Core core,
            HybridClock clock,
            Follower follower,
            Inbox inbox,
            Performer performer,
            Intake intake,
            HostLink link,
            ChannelDesk channels,
            HostGap gap,
            Runnable show) {
        this.rest = rest;
        this.control = premises.control;
        this.premises = premises;
        this.core = core;
        this.clock = clock;
        this.follower = follower;
        this.inbox = inbox;
        this.performer = performer;
        this.intake = intake;
        this.link = link;
        this.channels = channels;
        this.gap = gap;
        this.show = show;
    }

    /** The end of this member's only command on its way. */
    public boolean lookForDecision(BooleanSupplier there, long nanos) {
        return mayTry() && rest.standIn(() -> performer.awaited() <= 1, this::round, there, nanos);
    }

    /** What a message will bring. */
    public boolean lookForMessage(BooleanSupplier there, long nanos) {
        return mayTry() && rest.standIn(() -> true, this::round, there, nanos);
    }

    /** Read without the turn, so it may be out of date, and is looked at again with it. */
    private boolean mayTry() {
        return core.role() == Core.Role.FOLLOWER;
    }

    private int round() {
        long cell = control.cell();
        if (!isPlain(cell)) {
            return Rest.NOT_MINE;
        }
        core.now(clock.now());
        gap.look(cell);
        int work = follower.followAtHand(cell);
        if (core.role() != Core.Role.FOLLOWER || core.state().position() < Cell.position(cell)) {
            return Rest.NOT_MINE;
        }
        work += performer.deliver(core);
        work += intake.round();
        core.flush();
        work += performer.deliver(core) + link.flush();
        show.run();
        return work + channels.round(link.channel());
    }

    private boolean isPlain(long cell) {
        return cell != Cell.CLOSED
                && core.role() == Core.Role.FOLLOWER
                && core.number() != 0
                && Cell.isOfEpoch(cell, core.state().epoch())
                && link.isOpen()
                && !inbox.hasNotes()
                && !intake.isClosing()
                && premises.hindrance() == null
                && channels.isPlain(link.channel());
    }
}
