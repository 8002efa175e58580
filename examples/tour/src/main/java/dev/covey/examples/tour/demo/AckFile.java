package dev.covey.examples.tour.demo;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What one worker was told, in a mapped file of its own that outlives a kill -9 of the worker.
 *
 * <pre>
 *  0        8          16
 *  | n      | revision |  …   little endian, 16 bytes each; n counts from 1, 0 ends the file
 * </pre>
 *
 * <p>n is written last, so a worker that dies between the two words has not noted that acknowledgement. Written by one
 * thread; read when the writer is gone.
 */
final class AckFile implements AutoCloseable {
    /** What happens with each acknowledgement that is read. */
    interface Visitor {
        void visit(long n, long revision);
    }

    private static final int ENTRY_BYTES = 16;
    private static final int CHUNK_BYTES = 1 << 20;
    private static final VarHandle WORD = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final FileChannel channel;
    private MappedByteBuffer chunk;
    private long chunkStart;
    private int at;

    private AckFile(FileChannel channel) throws IOException {
        this.channel = channel;
        this.chunk = prepare(0);
    }

    static AckFile create(Path file) throws IOException {
        return new AckFile(FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    /** Zeros are written before the mapping is used: a full disk is an IOException then, and not the death of the JVM. */
    private MappedByteBuffer prepare(long start) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocate(CHUNK_BYTES);
        while (zeros.hasRemaining()) {
            channel.write(zeros, start + zeros.position());
        }
        return channel.map(MapMode.READ_WRITE, start, CHUNK_BYTES);
    }

    void add(long n, long revision) throws IOException {
        if (at == CHUNK_BYTES) {
            chunkStart += CHUNK_BYTES;
            chunk = prepare(chunkStart);
            at = 0;
        }
        WORD.set(chunk, at + Long.BYTES, revision);
        WORD.setRelease(chunk, at, n);
        at += ENTRY_BYTES;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /** Reads every acknowledgement in the order in which they were noted. */
    static void read(Path file, Visitor visitor) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            for (long start = 0; start < channel.size(); start += CHUNK_BYTES) {
                long bytes = Math.min(CHUNK_BYTES, channel.size() - start);
                ByteBuffer chunk = channel.map(MapMode.READ_ONLY, start, bytes).order(ByteOrder.LITTLE_ENDIAN);
                while (chunk.remaining() >= ENTRY_BYTES) {
                    long n = chunk.getLong();
                    long revision = chunk.getLong();
                    if (n == 0) {
                        return;
                    }
                    visitor.visit(n, revision);
                }
            }
        }
    }
}
