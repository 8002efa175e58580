package dev.covey.store;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A private copy of a file to write in, of which parts are written to the file and to the device in one call. A writer
 * that changes shared memory and forces that waits for the file system's own journal as well, which on ext4 takes two or
 * three times as long.
 */
final class LocalForcedMapping implements MappedFile {
    /** Opened so that a write returns when its bytes, and what is needed to find them, are on the device. */
    private static final String WRITES_ARE_FORCED = "rwd";

    /** A batch of records that is longer makes room for itself. */
    private static final int USUAL_BYTES = 1 << 16;

    private final MappedFile copy;
    /** Not a channel: an interrupt of the writing thread would close that in the middle of a write. */
    private final RandomAccessFile file;

    private byte[] written = new byte[USUAL_BYTES];

    private LocalForcedMapping(MappedFile copy, RandomAccessFile file) {
        this.copy = copy;
        this.file = file;
    }

    static LocalForcedMapping open(Path path) throws IOException {
        MappedFile copy;
        try (FileChannel channel =
                FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            copy = new LocalMapping(channel.map(MapMode.PRIVATE, 0, channel.size()));
        }
        RandomAccessFile file = new RandomAccessFile(path.toFile(), WRITES_ARE_FORCED);
        if (file.length() != copy.bytes().limit()) {
            file.close();
            throw new IOException(path + " was put in the place of another file while that was opened");
        }
        return new LocalForcedMapping(copy, file);
    }

    @Override
    public ByteBuffer bytes() {
        return copy.bytes();
    }

    @Override
    public void force(int offset, int length) throws IOException {
        if (written.length < length) {
            written = new byte[Math.max(length, 2 * written.length)];
        }
        copy.bytes().get(offset, written, 0, length);
        file.seek(offset);
        file.write(written, 0, length);
    }

    @Override
    public void unmap() {
        copy.unmap();
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
