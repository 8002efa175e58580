package dev.covey.mesh.agent;

import dev.covey.mesh.TakeOver;

/** Notes when each step of this member's last take-over was done. Agent's thread writes, any thread reads. */
final class TakeOverLog {
    private volatile TakeOver last = TakeOver.NONE;
    private long noticed;

    TakeOver last() {
        return last;
    }

    /** The watch saw the host dead then, or silent for too long. */
    void noticed(long atNanos) {
        noticed = atNanos;
    }

    void taken(long epoch) {
        long now = System.nanoTime();
        last = new TakeOver(epoch, noticed == 0 ? now : noticed, now, 0, 0, 0, 0);
        noticed = 0;
    }

    void drained() {
        TakeOver so = last;
        last = new TakeOver(so.epoch(), so.noticedNanos(), so.takenNanos(), System.nanoTime(), 0, 0, 0);
    }

    void begun() {
        TakeOver so = last;
        last = new TakeOver(so.epoch(), so.noticedNanos(), so.takenNanos(), so.drainedNanos(), System.nanoTime(), 0, 0);
    }

    void reachable() {
        TakeOver so = last;
        last = new TakeOver(
                so.epoch(),
                so.noticedNanos(),
                so.takenNanos(),
                so.drainedNanos(),
                so.begunNanos(),
                System.nanoTime(),
                so.committedNanos());
    }

    /** A member's command was committed in that epoch. Called for each, so it looks first. */
    void committed(long epoch) {
        TakeOver so = last;
        if (so.committedNanos() == 0 && so.epoch() == epoch) {
            last = new TakeOver(
                    epoch,
                    so.noticedNanos(),
                    so.takenNanos(),
                    so.drainedNanos(),
                    so.begunNanos(),
                    so.reachableNanos(),
                    System.nanoTime());
        }
    }
}
