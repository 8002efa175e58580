package dev.covey.mesh.agent;

import dev.covey.mesh.MeshStatus;
import dev.covey.mesh.core.Core;
import java.util.concurrent.TimeUnit;

/** Tells how this member stands with its mesh whenever that changes. Agent's thread. */
final class StatusWatch {
    private final Premises premises;
    private final Core core;
    private final HostLink link;
    private final AgentListener listener;
    private final long silenceNanos;
    private final Silence silence;
    /** Nobody hears of this member before it has joined, and then it is connected. */
    private MeshStatus told = MeshStatus.CONNECTED;

    private boolean joined;

    StatusWatch(Premises premises, Core core, HostLink link, AgentListener listener) {
        this.premises = premises;
        this.core = core;
        this.link = link;
        this.listener = listener;
        this.silenceNanos = TimeUnit.MILLISECONDS.toNanos(premises.settings.hostTimeoutMillis()) / 2;
        this.silence = new Silence(premises.control, silenceNanos);
    }

    void look() {
        joined |= core.number() != 0;
        MeshStatus now = now();
        if (joined && now != told) {
            told = now;
            listener.statusChanged(now);
        }
    }

    /** A host that is silent for half the time after which it is deposed is counted out. */
    private boolean isBeating() {
        return silence.nanos(System.nanoTime()) < silenceNanos;
    }

    private MeshStatus now() {
        if (premises.control.flags() != 0) {
            return MeshStatus.READ_ONLY;
        }
        boolean served = core.role() == Core.Role.HOST || (link.isOpen() && isBeating());
        return served && core.number() != 0 ? MeshStatus.CONNECTED : MeshStatus.ELECTING;
    }
}
