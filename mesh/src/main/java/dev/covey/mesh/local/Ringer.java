package dev.covey.mesh.local;

import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Wakes the other members that sleep. Who is awake costs one read of shared memory; who sleeps costs one small write to a
 * socket that stays connected. Never waits: the bell of a member that is dead, frozen or gone is rung in vain.
 *
 * <p>Belongs to one thread. Call it after the news is visible to the others.
 */
public final class Ringer implements AutoCloseable {
    private final MeshDirectory directory;
    private final Doorbell own;
    private final ByteBuffer ring = ByteBuffer.allocateDirect(1);
    private final @Nullable Line[] lines = new Line[BellPage.SLOTS + 1];
    private int lastFound;
    private final BitSet noted = new BitSet();
    private final Map<String, Optional<LifeId>> tokens = new HashMap<>();

    private record Line(LifeId token, SocketChannel socket) {}

    /** Rings for the member whose bell that is, so never that bell itself. */
    public Ringer(MeshDirectory directory, Doorbell own) {
        this.directory = directory;
        this.own = own;
    }

    /** Wakes every member that sleeps but this one; returns how many slept. */
    public int ringAll() {
        VarHandle.fullFence();
        BellPage former = own.formerPage();
        return ringAll(own.page()) + (former == null ? 0 : ringAll(former));
    }

    private int ringAll(BellPage page) {
        int slept = 0;
        int last = page.highWater();
        for (int slot = 1; slot <= last; slot++) {
            if (slot != own.slot() && page.rouse(slot)) {
                push(page, slot);
                slept++;
            }
        }
        return slept;
    }

    /**
     * Notes every member that sleeps now but this one, to be woken by {@link #ringNoted}: waking takes longer than to tell,
     * and who is awake, and perhaps waits for the news on this very processor, need not wait for it.
     */
    public void noteSleepers() {
        VarHandle.fullFence();
        BellPage page = own.page();
        int last = page.highWater();
        for (int slot = 1; slot <= last; slot++) {
            if (slot != own.slot() && page.state(slot) == BellPage.ASLEEP) {
                noted.set(slot);
            }
        }
    }

    /** Wakes those who were noted and sleep still. */
    public void ringNoted() {
        if (!noted.isEmpty()) {
            ringEach(own.page());
        }
        BellPage former = own.formerPage();
        if (former != null) {
            VarHandle.fullFence();
            ringAll(former);
        }
    }

    private void ringEach(BellPage page) {
        for (int slot = noted.nextSetBit(0); slot >= 0; slot = noted.nextSetBit(slot + 1)) {
            if (page.rouse(slot)) {
                push(page, slot);
            }
        }
        noted.clear();
    }

    /** Wakes that member if it sleeps; whether it did. */
    public boolean ring(LifeId token) {
        VarHandle.fullFence();
        BellPage former = own.formerPage();
        return ring(own.page(), token) || (former != null && ring(former, token));
    }

    private boolean ring(BellPage page, LifeId token) {
        int slot = find(page, token);
        if (slot == 0 || !page.rouse(slot)) {
            return false;
        }
        push(page, slot);
        return true;
    }

    /** As {@link #ring(LifeId)}; false for what is no token. */
    public boolean ring(String token) {
        if (tokens.size() > BellPage.SLOTS) {
            tokens.clear();
        }
        return tokens.computeIfAbsent(token, LifeId::parse).map(this::ring).orElse(false);
    }

    private int find(BellPage page, LifeId token) {
        if (lastFound != 0 && page.isOf(lastFound, token)) {
            return lastFound;
        }
        int slot = page.slotOf(token);
        lastFound = slot == 0 ? lastFound : slot;
        return slot;
    }

    /** A line that is broken is laid once more: its slot may have a new owner. */
    private void push(BellPage page, int slot) {
        Line line = lines[slot];
        if (line != null && page.isOf(slot, line.token()) && write(line.socket())) {
            return;
        }
        hangUp(slot);
        SocketChannel socket = dial(slot);
        if (socket != null) {
            lines[slot] = new Line(page.token(slot), socket);
            write(socket);
        }
    }

    /** False for a broken connection. A full one is fine: rings wait in it already. */
    private boolean write(SocketChannel socket) {
        try {
            ring.clear();
            socket.write(ring);
            return true;
        } catch (IOException broken) {
            return false;
        }
    }

    private @Nullable SocketChannel dial(int slot) {
        SocketChannel socket = null;
        try {
            socket = SocketChannel.open(StandardProtocolFamily.UNIX);
            socket.configureBlocking(false);
            if (socket.connect(UnixDomainSocketAddress.of(directory.bell(slot)))) {
                return socket;
            }
        } catch (IOException | RuntimeException nobodyListens) {
            // Dead, or deaf: it wakes by itself if it lives.
        }
        Doorbell.closeQuietly(socket);
        return null;
    }

    private void hangUp(int slot) {
        Line line = lines[slot];
        if (line != null) {
            lines[slot] = null;
            Doorbell.closeQuietly(line.socket());
        }
    }

    @Override
    public void close() {
        ringNoted();
        for (int slot = 1; slot <= BellPage.SLOTS; slot++) {
            hangUp(slot);
        }
    }
}
