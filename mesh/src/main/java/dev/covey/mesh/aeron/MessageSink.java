package dev.covey.mesh.aeron;

import org.agrona.DirectBuffer;

/** Where whole messages arrive, on the thread that polls. */
@FunctionalInterface
public interface MessageSink {
    /**
     * One message. The bytes are the sink's only until it returns.
     *
     * @param session the sender's connection; two messages of one session arrive in the order they were offered
     */
    void onMessage(int session, DirectBuffer buffer, int offset, int length);
}
