package dev.covey.store;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A file mapped as memory. Belongs to one thread; {@link #unmap} only when nobody will touch the buffer again. */
interface MappedFile {
    /** Little-endian, position 0, limit = size of the file. */
    ByteBuffer bytes();

    /** Returns when these bytes are on the device. A failure is final: never call again on this file. */
    void force(int offset, int length) throws IOException;

    void unmap();
}
