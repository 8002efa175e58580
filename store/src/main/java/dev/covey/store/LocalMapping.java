package dev.covey.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A mapping that can be let go at once. Without it a removed segment on tmpfs keeps its memory until the garbage collector
 * happens to meet the buffer, and the /dev/shm of a container is small.
 */
final class LocalMapping implements MappedFile {
    private static final Cleaner CLEANER = Cleaner.find();

    private final MappedByteBuffer mapped;
    private boolean gone;

    LocalMapping(MappedByteBuffer mapped) {
        this.mapped = mapped;
        mapped.order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public ByteBuffer bytes() {
        return mapped;
    }

    @Override
    public void force(int offset, int length) throws IOException {
        try {
            mapped.force(offset, length);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    @Override
    public void unmap() {
        if (!gone) {
            gone = true;
            CLEANER.clean(mapped);
        }
    }

    /** Java 17 has no public way to unmap. Where the known one is missing the garbage collector does it, later. */
    private record Cleaner(
            @Nullable Object unsafe, @Nullable Method invokeCleaner) {
        static Cleaner find() {
            try {
                Class<?> type = Class.forName("sun.misc.Unsafe");
                Field field = type.getDeclaredField("theUnsafe");
                field.setAccessible(true);
                return new Cleaner(field.get(null), type.getMethod("invokeCleaner", ByteBuffer.class));
            } catch (ReflectiveOperationException | RuntimeException missing) {
                return new Cleaner(null, null);
            }
        }

        void clean(ByteBuffer buffer) {
            if (unsafe == null || invokeCleaner == null) {
                return;
            }
            try {
                invokeCleaner.invoke(unsafe, buffer);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("unmapping a segment", e);
            }
        }
    }
}
