package dev.covey.store;

import dev.covey.store.MemoryDisk.Content;
import dev.covey.store.MemoryDisk.Folder;
import dev.covey.store.MemoryDisk.Node;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A {@link MemoryDisk} as the next process or the next boot finds it. */
final class MemoryImage {
    private static final int WORD = 8;

    private MemoryImage() {}

    static void copy(Folder from, Folder to, @Nullable SplittableRandom random, Map<Content, Content> copied) {
        TreeSet<String> names = new TreeSet<>(from.entries.keySet());
        if (random != null) {
            names.addAll(from.forced.keySet());
        }
        for (String name : names) {
            boolean newer = random == null || random.nextBoolean();
            Node chosen = (newer ? from.entries : from.forced).get(name);
            if (chosen instanceof Folder folder) {
                Folder made = new Folder();
                copy(folder, made, random, copied);
                to.entries.put(name, made);
            } else if (chosen instanceof Content content) {
                to.entries.put(name, copied.computeIfAbsent(content, key -> copy(key, random)));
            }
        }
        to.forced = new TreeMap<>(to.entries);
    }

    private static Content copy(Content from, @Nullable SplittableRandom random) {
        Content to = new Content();
        boolean whole = random == null || random.nextInt(4) > 0;
        to.bytes = duplicate(whole ? from.bytes : from.forced);
        if (random != null && whole) {
            mix(from, to.bytes, random);
        }
        to.forced = duplicate(to.bytes);
        return to;
    }

    /** Each word that differs from what was forced is old or new. */
    private static void mix(Content from, ByteBuffer image, SplittableRandom random) {
        int newOf = 1 + random.nextInt(8);
        for (int at = 0; at + WORD <= image.capacity(); at += WORD) {
            long forced = at + WORD <= from.forced.capacity() ? from.forced.getLong(at) : 0;
            if (forced != image.getLong(at) && random.nextInt(9) >= newOf) {
                image.putLong(at, forced);
            }
        }
        if (from.forced.capacity() == 0 && image.capacity() > 0 && random.nextInt(4) == 0) {
            int cut = random.nextInt(image.capacity());
            for (int at = cut; at < image.capacity(); at++) {
                image.put(at, (byte) 0);
            }
        }
    }

    static ByteBuffer duplicate(ByteBuffer from) {
        ByteBuffer copy =
                from.isDirect() ? ByteBuffer.allocateDirect(from.capacity()) : ByteBuffer.allocate(from.capacity());
        copy.put(0, from, 0, from.capacity());
        return copy.order(ByteOrder.LITTLE_ENDIAN);
    }
}
