package dev.covey.rpc;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What event buses say to each other. Little-endian:
 *
 * <pre>
 *   0 kind 1 | number 8 | length of the topic 2 | topic | length of the group 2 | group | JSON
 * </pre>
 *
 * @param kind what it is
 * @param number of an EVENT: how many events its publisher meant for this receiver, so that a hole is seen; of the others
 *     the id that an answer must name
 * @param topic of an event, else ""
 * @param group of a GROUP event, else ""
 * @param json the value, or the rest of what is said; empty for DONE and PASS
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody, and never changed
record EventFrame(int kind, long number, String topic, String group, byte[] json) {
    /** For everybody whose pattern matches. */
    static final int EVENT = 1;
    /** The same, and whoever gets it may reply; the number is the request's. */
    static final int REQUEST = 2;
    /** The value somebody replied with. */
    static final int REPLY = 3;
    /** For one member of a group. */
    static final int GROUP = 4;
    /** A member of a group has finished with it. */
    static final int DONE = 5;
    /** A member of a group cannot take it: its queue is full, or it has just left the group. */
    static final int PASS = 6;
    /** Nothing but a number: the next event's. So a hole is seen also when no event follows. */
    static final int NUMBER = 7;

    private static final byte[] NOTHING = {};

    static EventFrame answer(int kind, long number) {
        return new EventFrame(kind, number, "", "", NOTHING);
    }

    byte[] toBytes() {
        byte[] topicBytes = topic.getBytes(StandardCharsets.UTF_8);
        byte[] groupBytes = group.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(
                        1 + Long.BYTES + 2 * Short.BYTES + topicBytes.length + groupBytes.length + json.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) kind)
                .putLong(number)
                .putShort((short) topicBytes.length)
                .put(topicBytes)
                .putShort((short) groupBytes.length)
                .put(groupBytes)
                .put(json)
                .array();
    }

    /** @throws IllegalArgumentException for bytes that no bus writes */
    static EventFrame read(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        try {
            int kind = in.get();
            if (kind < EVENT || kind > NUMBER) {
                throw new IllegalArgumentException("no frame has the kind " + kind);
            }
            long number = in.getLong();
            String topic = text(in);
            String group = text(in);
            return new EventFrame(kind, number, topic, group, Arrays.copyOfRange(bytes, in.position(), bytes.length));
        } catch (BufferUnderflowException cut) {
            throw new IllegalArgumentException("a frame of " + bytes.length + " bytes is cut short", cut);
        }
    }

    private static String text(ByteBuffer in) {
        int length = Short.toUnsignedInt(in.getShort());
        if (length > in.remaining() || length > TopicPattern.MAX_CHARS * 4) {
            throw new IllegalArgumentException("a text of " + length + " bytes, " + in.remaining() + " are left");
        }
        byte[] text = new byte[length];
        in.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }
}
