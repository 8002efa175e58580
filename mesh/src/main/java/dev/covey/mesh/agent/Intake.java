package dev.covey.mesh.agent;

import dev.covey.mesh.MeshException;
import dev.covey.mesh.core.Core;
import dev.covey.mesh.core.State;
import dev.covey.mesh.protocol.Cell;
import dev.covey.mesh.protocol.Command;

/**
 * Takes the application's commands in, one round after the other, and says goodbye behind the last of them. Agent's thread.
 */
final class Intake {
    /** Commands of the application taken in by one round. */
    private static final int COMMANDS_PER_ROUND = 256;

    private final Premises premises;
    private final Core core;
    private final HybridClock clock;
    private final Inbox inbox;
    private final Performer performer;
    private final HostLink link;
    private final StatusWatch status;
    private boolean closing;
    private boolean leaveSent;
    private boolean done;
    private boolean ended;

    Intake(
            Premises premises,
            Core core,
            HybridClock clock,
            Inbox inbox,
            Performer performer,
            HostLink link,
            StatusWatch status) {
        this.status = status;
        this.link = link;
        this.premises = premises;
        this.core = core;
        this.clock = clock;
        this.inbox = inbox;
        this.performer = performer;
    }

    /** Nothing comes after what waits now. */
    void close() {
        closing = true;
    }

    boolean isClosing() {
        return closing;
    }

    /** Whether the mesh has recorded that this member left as the last one, and nothing came after. */
    boolean isLastOut(long cell) {
        State last = core.state();
        return leaveSent
                && last.sessions().isEmpty()
                && Cell.isOfEpoch(cell, last.epoch())
                && Cell.position(cell) == last.position();
    }

    /** Whether nothing more is to be had from staying. */
    boolean isDone() {
        return done;
    }

    /** Tells whose time is over, and takes in what waits; returns how much there was to do. */
    int round() {
        status.look();
        return expire() + taken();
    }

    /**
     * A follower's commands go to the host; nothing else is done. Whichever thread has the turn while the agent rests: here is
     * no file, which an interrupt of that thread could close, and nothing that waits.
     *
     * @param wake called if there is more for the agent to do than to look for one answer
     */
    void sendAtOnce(Runnable wake) {
        boolean open = !ended && core.role() == Core.Role.FOLLOWER && link.isOpen() && premises.hindrance() == null;
        if (open && !closing) {
            core.now(clock.now());
            submitted();
            link.flush();
            if (performer.awaited() > 1 || link.isStuck()) {
                wake.run();
            }
        }
    }

    /** The agent has ended. */
    void end() {
        ended = true;
    }

    private int taken() {
        MeshException hindered = premises.hindrance();
        int taken = hindered == null ? submitted() : refused(hindered);
        done |= closing && !leaveSent && core.number() == 0;
        return taken;
    }

    private int expire() {
        long now = System.nanoTime();
        return inbox.withdraw(now) + performer.tellLate(now, core);
    }

    private int submitted() {
        int taken = 0;
        while (taken < COMMANDS_PER_ROUND && core.accepts()) {
            Inbox.Submission next = inbox.poll();
            if (next == null) {
                leaveIfClosing();
                break;
            }
            core.submit(performer.ticket(next.reply()), next.command());
            taken++;
        }
        return taken;
    }

    private void leaveIfClosing() {
        if (closing && !leaveSent && !performer.isAwaited() && nobodyDecides()) {
            done = true;
        } else if (closing && !leaveSent) {
            leaveSent = true;
            core.submit(performer.ticket(Reply.FORGOTTEN), new Command.Leave());
        }
    }

    /** The last host has left, and who is left may not be one: nobody would ever record a leaving. */
    private boolean nobodyDecides() {
        State state = core.state();
        return core.role() == Core.Role.FOLLOWER && state.hostNumber() == 0 && state.successor() == null;
    }

    /** Rule R7: refused before it is sent, without using a sequence. Who closes then does so without a record. */
    private int refused(MeshException why) {
        int refused = inbox.failAll(why);
        done |= closing;
        return refused;
    }
}
