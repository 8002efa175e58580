package dev.covey.mesh.aeron;

import io.aeron.logbuffer.FragmentHandler;
import io.aeron.logbuffer.Header;
import java.util.HashMap;
import java.util.Map;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Puts chunks together again, per sender. A sender that stops in the middle and begins another message has given the
 * first one up: its chunks are dropped. What no sender of ours would write is dropped too.
 */
final class MessageAssembler implements FragmentHandler {
    private final Map<Integer, Partial> partials = new HashMap<>();
    private final UnsafeBuffer whole = new UnsafeBuffer(new byte[0]);
    private final int limit;
    private MessageSink sink = (session, buffer, offset, length) -> {};

    private static final class Partial {
        private final byte[] bytes;
        private int filled;

        private Partial(int length) {
            bytes = new byte[length];
        }
    }

    /** Messages that say to be longer than so many bytes are dropped. */
    MessageAssembler(int limit) {
        this.limit = limit;
    }

    void deliverTo(MessageSink next) {
        sink = next;
    }

    void forget(int session) {
        partials.remove(session);
    }

    @Override
    public void onFragment(DirectBuffer buffer, int offset, int length, Header header) {
        long reserved = header.reservedValue();
        if (Frame.total(reserved) == length) {
            sink.onMessage(header.sessionId(), buffer, offset, length);
        } else {
            onChunk(header.sessionId(), reserved, buffer, offset, length);
        }
    }

    private void onChunk(int session, long reserved, DirectBuffer buffer, int offset, int length) {
        int total = Frame.total(reserved);
        int before = Frame.before(reserved);
        if (before == 0 && total > length && total <= limit) {
            partials.put(session, new Partial(total));
        }
        Partial partial = partials.get(session);
        if (partial == null || partial.bytes.length != total || partial.filled != before || before + length > total) {
            partials.remove(session);
            return;
        }
        buffer.getBytes(offset, partial.bytes, before, length);
        partial.filled += length;
        if (partial.filled == total) {
            partials.remove(session);
            whole.wrap(partial.bytes);
            sink.onMessage(session, whole, 0, total);
        }
    }
}
