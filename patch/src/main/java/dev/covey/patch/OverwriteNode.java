package dev.covey.patch;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;

/** A trie of overwritten paths. Each node knows the newest stamp at or below it, so most questions end at its own depth. */
record OverwriteNode(@Nullable Stamp own, @Nullable Stamp newest, TreePMap<String, OverwriteNode> children, int size) {
    static final OverwriteNode EMPTY = new OverwriteNode(null, null, TreePMap.empty(), 0);

    private static OverwriteNode of(@Nullable Stamp own, TreePMap<String, OverwriteNode> children) {
        Stamp newest = own;
        int size = own == null ? 0 : 1;
        for (OverwriteNode child : children.values()) {
            newest = later(newest, child.newest);
            size += child.size;
        }
        return new OverwriteNode(own, newest, children, size);
    }

    private static @Nullable Stamp later(@Nullable Stamp a, @Nullable Stamp b) {
        return a == null || (b != null && b.newerThan(a)) ? b : a;
    }

    OverwriteNode with(Path path, Stamp stamp) {
        return with(path, 0, stamp);
    }

    private OverwriteNode with(Path path, int level, Stamp stamp) {
        if (own != null && !stamp.newerThan(own)) {
            return this;
        }
        if (level == path.size()) {
            OverwriteNode rest = without(stamp);
            return new OverwriteNode(stamp, later(stamp, rest.newest), rest.children, rest.size + 1);
        }
        String step = path.step(level);
        OverwriteNode old = children.get(step);
        OverwriteNode child = (old == null ? EMPTY : old).with(path, level + 1, stamp);
        int grown = size + child.size - (old == null ? 0 : old.size);
        // A child may swallow entries but never the newest one unless the stamp is newer still.
        return new OverwriteNode(own, later(newest, child.newest), children.plus(step, child), grown);
    }

    /** Without the entries up to this stamp. */
    OverwriteNode without(Stamp upTo) {
        if (newest == null || (newest.newerThan(upTo) && size == 1)) {
            return this;
        }
        if (!newest.newerThan(upTo)) {
            return EMPTY;
        }
        TreePMap<String, OverwriteNode> left = TreePMap.empty();
        for (Map.Entry<String, OverwriteNode> child : children.entrySet()) {
            OverwriteNode rest = child.getValue().without(upTo);
            if (rest.size > 0) {
                left = left.plus(child.getKey(), rest);
            }
        }
        return of(own != null && own.newerThan(upTo) ? own : null, left);
    }

    @Nullable
    Overwrite newerThan(Stamp stamp, Path path) {
        OverwriteNode node = this;
        for (int level = 0; level < path.size(); level++) {
            if (node.newest == null || !node.newest.newerThan(stamp)) {
                return null;
            }
            if (node.own != null && node.own.newerThan(stamp)) {
                return new Overwrite(path.first(level), node.own);
            }
            OverwriteNode child = node.children.get(path.step(level));
            if (child == null) {
                return null;
            }
            node = child;
        }
        return node.below(stamp, path);
    }

    private @Nullable Overwrite below(Stamp stamp, Path path) {
        if (newest == null || !newest.newerThan(stamp)) {
            return null;
        }
        if (own != null && own.newerThan(stamp)) {
            return new Overwrite(path, own);
        }
        for (Map.Entry<String, OverwriteNode> child : children.entrySet()) {
            Overwrite newer = child.getValue().below(stamp, path.child(child.getKey()));
            if (newer != null) {
                return newer;
            }
        }
        return null;
    }

    void collect(Path path, List<Overwrite> out) {
        if (own != null) {
            out.add(new Overwrite(path, own));
        }
        children.forEach((step, child) -> child.collect(path.child(step), out));
    }
}
