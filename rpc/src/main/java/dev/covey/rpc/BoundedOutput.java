package dev.covey.rpc;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;

/** Appends to a message and stops where it gets longer than it may be, before the memory is gone. */
final class BoundedOutput extends OutputStream {
    private final ByteArrayOutputStream out;
    private final String what;
    private final int limit;
    private final int begun;

    BoundedOutput(ByteArrayOutputStream out, String what, int limit) {
        this.out = out;
        this.what = what;
        this.limit = limit;
        this.begun = out.size();
    }

    @Override
    public void write(int one) {
        room(1);
        out.write(one);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        room(length);
        out.write(bytes, offset, length);
    }

    private void room(int more) {
        if (out.size() - begun > limit - more) {
            throw new RpcException(
                    RpcCode.LIMIT_EXCEEDED,
                    what + " as JSON is longer than the " + limit
                            + " bytes that RpcOptions.maxBytes allows; send less, or" + " a stream");
        }
    }
}
