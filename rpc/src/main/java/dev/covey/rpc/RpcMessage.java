package dev.covey.rpc;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * What callers and callees say to each other, in front of JSON. Little-endian:
 *
 * <pre>
 *   0 kind 1 | depth 1 | busy 2 | call id 8 |
 *  12 CALL: time left 8 | length of the name 2 | name | arguments as a JSON array
 *     RESULT: JSON      FAILURE: JSON of a RemoteFailure and the RpcCode      ITEM: JSON, one of a stream
 *     MORE: how many items 8      CANCEL, END: nothing
 * </pre>
 *
 * @param kind what it is
 * @param depth of a CALL: how many calls it is nested in
 * @param busy of an answer: handlers that run in the callee
 * @param id of the call, given by the caller, never twice
 * @param number of a CALL how many nanoseconds its caller had left when it was sent, {@link Long#MAX_VALUE} for no deadline: an
 *     instant would mean something else to a process whose clock counts from another; of MORE the number of items; else 0
 * @param service of a CALL, else ""
 * @param json the rest; valid as long as the array below
 */
record RpcMessage(int kind, int depth, int busy, long id, long number, String service, ByteBuffer json) {
    static final int CALL = 1;
    static final int RESULT = 2;
    static final int FAILURE = 3;
    static final int CANCEL = 4;
    static final int ITEM = 5;
    static final int MORE = 6;
    static final int END = 7;

    /** Longest name of a service, in bytes of UTF-8. */
    static final int MAX_NAME_BYTES = 256;

    private static final int HEADER = 12;
    private static final int MAX_BUSY = 0xffff;

    /** The beginning of a call, to which its arguments are appended. */
    static ByteArrayOutputStream call(int depth, long id, long leftNanos, String service) {
        byte[] name = service.getBytes(StandardCharsets.UTF_8);
        byte[] head = new byte[HEADER + Long.BYTES + Short.BYTES + name.length];
        header(head, CALL, depth, 0, id)
                .putLong(leftNanos)
                .putShort((short) name.length)
                .put(name);
        return begun(head);
    }

    /** The same call, sent later. */
    static byte[] again(byte[] call, long leftNanos) {
        byte[] later = call.clone();
        ByteBuffer.wrap(later).order(ByteOrder.LITTLE_ENDIAN).putLong(HEADER, leftNanos);
        return later;
    }

    /** The beginning of an answer, to which its JSON is appended. */
    static ByteArrayOutputStream answer(int kind, int busy, long id) {
        byte[] head = new byte[HEADER];
        header(head, kind, 0, Math.min(busy, MAX_BUSY), id);
        return begun(head);
    }

    /** CANCEL or END. */
    static byte[] bare(int kind, long id) {
        byte[] message = new byte[HEADER];
        header(message, kind, 0, 0, id);
        return message;
    }

    static byte[] more(long id, long items) {
        byte[] message = new byte[HEADER + Long.BYTES];
        header(message, MORE, 0, 0, id).putLong(items);
        return message;
    }

    private static ByteBuffer header(byte[] message, int kind, int depth, int busy, long id) {
        return ByteBuffer.wrap(message)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) kind)
                .put((byte) depth)
                .putShort((short) busy)
                .putLong(id);
    }

    private static ByteArrayOutputStream begun(byte[] head) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(Math.max(256, head.length + 64));
        out.writeBytes(head);
        return out;
    }

    /**
     * Reads a message.
     *
     * @throws IllegalArgumentException for what is none
     */
    static RpcMessage read(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        need(in, HEADER);
        int kind = in.get();
        int depth = in.get();
        int busy = in.getShort() & MAX_BUSY;
        long id = in.getLong();
        if (kind < CALL || kind > END || depth < 0) {
            throw new IllegalArgumentException("no message of calls has kind " + kind + " and depth " + depth);
        }
        long number = 0;
        String service = "";
        if (kind == CALL) {
            need(in, Long.BYTES + Short.BYTES);
            number = in.getLong();
            service = name(in);
        } else if (kind == MORE) {
            need(in, Long.BYTES);
            number = in.getLong();
        }
        return new RpcMessage(kind, depth, busy, id, number, service, in.slice());
    }

    private static String name(ByteBuffer in) {
        int length = in.getShort() & MAX_BUSY;
        if (length > MAX_NAME_BYTES) {
            throw new IllegalArgumentException("a name of " + length + " bytes, allowed are " + MAX_NAME_BYTES);
        }
        need(in, length);
        byte[] name = new byte[length];
        in.get(name);
        return new String(name, StandardCharsets.UTF_8);
    }

    private static void need(ByteBuffer in, int length) {
        if (in.remaining() < length) {
            throw new IllegalArgumentException(length + " bytes were to follow, " + in.remaining() + " are left");
        }
    }
}
