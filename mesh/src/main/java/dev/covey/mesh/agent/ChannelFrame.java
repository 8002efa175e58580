package dev.covey.mesh.agent;

import dev.covey.mesh.protocol.MalformedMessageException;
import dev.covey.mesh.protocol.Token;
import dev.covey.mesh.protocol.Wire;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What stands in front of every message between two members. Little-endian:
 *
 * <pre>
 *   0 version 1 | kind 1 | 0 2 | 0 4 | life 16 | epoch 8 | from 8 | to 8
 *  48 channel 8 | sequence 8 | received 8 | handled 8 | position 8
 *  88 the message
 * </pre>
 *
 * @param kind DATA: a message; PROBE: tell what you have; ACK: what I have; MISSING: the same, and send the rest again
 * @param life of the mesh
 * @param epoch of the driver it goes through
 * @param from the sender's number
 * @param to the receiver's number
 * @param channel hash of the channel's name
 * @param sequence of the message on its channel from that sender to that receiver, from 1 without gaps; with PROBE the last
 *     one sent
 * @param received the last sequence that the sender of this frame has of the other direction
 * @param handled how many messages of the other direction are done with
 * @param position that the sender had applied when it sent (rule R9)
 */
record ChannelFrame(
        int kind,
        Token life,
        long epoch,
        long from,
        long to,
        long channel,
        long sequence,
        long received,
        long handled,
        long position) {
    static final int DATA = 1;
    static final int PROBE = 2;
    static final int ACK = 3;
    static final int MISSING = 4;

    static final int HEADER = 88;

    private static final int LIFE = 8;
    private static final int EPOCH = 24;
    private static final int FROM = 32;
    private static final int TO = 40;
    private static final int CHANNEL = 48;
    private static final int SEQUENCE = 56;
    private static final int RECEIVED = 64;
    private static final int HANDLED = 72;
    private static final int POSITION = 80;
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** A message with room for its header in front. */
    static byte[] around(byte[] message) {
        byte[] frame = new byte[HEADER + message.length];
        System.arraycopy(message, 0, frame, HEADER, message.length);
        return frame;
    }

    /** Writes the header in front of what is there. */
    void writeTo(byte[] frame) {
        frame[0] = Wire.VERSION;
        frame[1] = (byte) kind;
        LONG.set(frame, LIFE, life.high());
        LONG.set(frame, LIFE + Long.BYTES, life.low());
        LONG.set(frame, EPOCH, epoch);
        LONG.set(frame, FROM, from);
        LONG.set(frame, TO, to);
        LONG.set(frame, CHANNEL, channel);
        LONG.set(frame, SEQUENCE, sequence);
        LONG.set(frame, RECEIVED, received);
        LONG.set(frame, HANDLED, handled);
        LONG.set(frame, POSITION, position);
    }

    /** Reads a header; what follows it is the message. */
    static ChannelFrame read(ByteBuffer bytes) {
        int at = bytes.position();
        if (bytes.remaining() < HEADER) {
            throw new MalformedMessageException(
                    "a message between members has " + bytes.remaining() + " bytes, its header alone " + HEADER);
        }
        ByteBuffer in = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        if (in.get(at) != Wire.VERSION) {
            throw new MalformedMessageException("a message of version " + in.get(at) + ", this is " + Wire.VERSION);
        }
        ChannelFrame frame = new ChannelFrame(
                in.get(at + 1),
                new Token(in.getLong(at + LIFE), in.getLong(at + LIFE + Long.BYTES)),
                in.getLong(at + EPOCH),
                in.getLong(at + FROM),
                in.getLong(at + TO),
                in.getLong(at + CHANNEL),
                in.getLong(at + SEQUENCE),
                in.getLong(at + RECEIVED),
                in.getLong(at + HANDLED),
                in.getLong(at + POSITION));
        frame.check(bytes.remaining() - HEADER);
        return frame;
    }

    private void check(int messageBytes) {
        if (kind < DATA || kind > MISSING) {
            throw new MalformedMessageException("no message between members has the kind " + kind);
        }
        if (kind != DATA && messageBytes > 0) {
            throw new MalformedMessageException(messageBytes + " bytes too many");
        }
        if (from <= 0 || to <= 0 || sequence < (kind == DATA ? 1 : 0) || received < 0 || handled < 0 || position < 0) {
            throw new MalformedMessageException("a number is out of its range: " + this);
        }
    }
}
