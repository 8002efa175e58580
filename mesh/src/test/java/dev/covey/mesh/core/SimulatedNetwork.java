package dev.covey.mesh.core;

import dev.covey.mesh.protocol.Envelope;
import dev.covey.mesh.protocol.EnvelopeDecoder;
import dev.covey.mesh.protocol.EnvelopeEncoder;
import dev.covey.mesh.protocol.WireWriter;
import dev.covey.patch.Limits;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Lines from members to hosts: first in, first out while they hold. A line that its sender gave up may still deliver what
 * is on it, beside the new one.
 */
final class SimulatedNetwork {
    /** One connection, with what is on its way. */
    static final class Line {
        private final SimulatedMember host;
        private final long epoch;
        private final ArrayDeque<byte[]> inFlight = new ArrayDeque<>();

        private Line(SimulatedMember host, long epoch) {
            this.host = host;
            this.epoch = epoch;
        }

        long epoch() {
            return epoch;
        }

        void send(Envelope envelope) {
            WireWriter out = new WireWriter();
            EnvelopeEncoder.encode(envelope, out);
            inFlight.add(out.toBytes());
        }
    }

    private static final int MOST_STRAYS = 64;

    private final ArrayDeque<byte[]> strays = new ArrayDeque<>();
    private final SortedMap<Long, SimulatedMember> doors = new TreeMap<>();
    private final List<Line> lines = new ArrayList<>();

    void open(long epoch, SimulatedMember host) {
        doors.put(epoch, host);
    }

    void close(long epoch) {
        doors.remove(epoch);
        lines.stream().filter(line -> line.epoch == epoch).forEach(line -> strays.addAll(line.inFlight));
        lines.removeIf(line -> line.epoch == epoch);
        while (strays.size() > MOST_STRAYS) {
            strays.remove();
        }
    }

    /** Something that was meant for a host of the past. */
    @Nullable
    Envelope stray() {
        byte[] message = strays.poll();
        return message == null ? null : decoded(message);
    }

    /** A process is gone: its doors with it, but not what it had sent. */
    void forget(SimulatedMember process) {
        doors.values().removeIf(host -> host == process);
        lines.removeIf(line -> line.host == process);
    }

    @Nullable
    Line connect(long epoch) {
        SimulatedMember host = doors.get(epoch);
        if (host == null) {
            return null;
        }
        Line line = new Line(host, epoch);
        lines.add(line);
        return line;
    }

    void drop(Line line) {
        lines.remove(line);
    }

    boolean holds(@Nullable Line line) {
        return line != null && lines.contains(line);
    }

    /** The next command that arrives at that host on any of its lines, starting to look at one of them. */
    @Nullable
    Envelope poll(SimulatedMember host, int start) {
        for (int i = 0; i < lines.size(); i++) {
            Line line = lines.get((start + i) % lines.size());
            byte[] message = line.host == host ? line.inFlight.poll() : null;
            if (message != null) {
                return decoded(message);
            }
        }
        return null;
    }

    private static Envelope decoded(byte[] message) {
        return EnvelopeDecoder.decode(ByteBuffer.wrap(message), Limits.DEFAULT);
    }
}
