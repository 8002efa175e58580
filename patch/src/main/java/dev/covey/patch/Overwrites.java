package dev.covey.patch;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * When which path of one object was last overwritten. Persistent: every change gives a new record. It holds the newest
 * stamp per path, and a floor: what is older than the floor has been forgotten, so it counts as overwritten everywhere.
 */
public final class Overwrites {
    /** Nothing was overwritten yet. */
    public static final Overwrites NONE = new Overwrites(OverwriteNode.EMPTY, null);

    private static final int VERSION = 1;

    private final OverwriteNode root;
    private final @Nullable Stamp floor;

    private Overwrites(OverwriteNode root, @Nullable Stamp floor) {
        this.root = root;
        this.floor = floor;
    }

    /** How many paths are remembered. */
    public int size() {
        return root.size();
    }

    /** The newest stamp that was forgotten; null if none was. */
    public @Nullable Stamp floor() {
        return floor;
    }

    /** All that is remembered, in the order of paths. */
    public List<Overwrite> list() {
        List<Overwrite> all = new ArrayList<>(size());
        root.collect(Path.ROOT, all);
        return all;
    }

    /**
     * The overwrite that makes a patch stale: one of a touched path, of a path above or below it, that is newer than the
     * patch. Null if there is none. For a patch older than the floor it is the floor, of the whole object.
     */
    public @Nullable Overwrite newerThan(Stamp stamp, List<Touch> touches) {
        if (touches.isEmpty()) {
            return null;
        }
        if (floor != null && floor.newerThan(stamp)) {
            return new Overwrite(Path.ROOT, floor);
        }
        for (Touch touch : touches) {
            Overwrite newer = root.newerThan(stamp, touch.path());
            if (newer != null) {
                return newer;
            }
        }
        return null;
    }

    /** Remembers what an accepted patch overwrote. Older overwrites below those paths need not be remembered any more. */
    public Overwrites with(Stamp stamp, Operations operations) {
        OverwriteNode changed = root;
        boolean any = false;
        for (Operation operation : operations.list()) {
            Path path = operation.overwritten();
            if (path != null) {
                changed = changed.with(path, stamp);
                any = true;
            }
        }
        return any ? new Overwrites(changed, floor) : this;
    }

    /** At most so many entries: the oldest go, and the floor rises to the newest of them. */
    public Overwrites prune(int mostEntries) {
        if (size() <= mostEntries) {
            return this;
        }
        List<Overwrite> oldestFirst = list();
        oldestFirst.sort(Comparator.comparing(Overwrite::stamp));
        return prune(oldestFirst.get(size() - mostEntries - 1).stamp());
    }

    /** Forgets everything up to this stamp, which becomes the floor if it is newer than the one there was. */
    public Overwrites prune(Stamp upTo) {
        if (floor != null && !upTo.newerThan(floor)) {
            return this;
        }
        return new Overwrites(root.without(upTo), upTo);
    }

    /** The binary form, version byte first: floor, count, entries in the order of paths. */
    public byte[] toBytes() {
        ByteSink sink = new ByteSink();
        sink.put(VERSION);
        sink.put(floor == null ? 0 : 1);
        if (floor != null) {
            write(floor, sink);
        }
        List<Overwrite> all = list();
        sink.varint(all.size());
        for (Overwrite overwrite : all) {
            sink.path(overwrite.path());
            write(overwrite.stamp(), sink);
        }
        return sink.toBytes();
    }

    private static void write(Stamp stamp, ByteSink sink) {
        sink.varint(stamp.timeMicros());
        sink.varint(stamp.member());
    }

    /**
     * Reads the binary form, from the buffer's position to its limit.
     *
     * @throws PatchException for anything that {@link #toBytes} would not write
     */
    public static Overwrites fromBytes(ByteBuffer bytes, Limits limits) {
        ByteSource source = new ByteSource("overwrites", bytes, limits);
        source.version(VERSION);
        Stamp floor = source.number(1) == 1 ? new Stamp(source.varint(), source.varint()) : null;
        int count = source.count();
        OverwriteNode root = OverwriteNode.EMPTY;
        for (int i = 0; i < count; i++) {
            Path path = source.path();
            root = root.with(path, new Stamp(source.varint(), source.varint()));
        }
        source.end();
        return new Overwrites(root, floor);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Overwrites overwrites
                && Objects.equals(floor, overwrites.floor)
                && list().equals(overwrites.list());
    }

    @Override
    public int hashCode() {
        return list().hashCode();
    }

    @Override
    public String toString() {
        return "Overwrites" + list() + (floor == null ? "" : " above " + floor);
    }
}
