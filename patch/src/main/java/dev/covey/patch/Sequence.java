package dev.covey.patch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.ToLongFunction;

/**
 * A persistent list: every change gives a new list that shares all untouched parts with the old one.
 *
 * <p>A tree of nodes with up to {@value #WIDTH} children. Inner nodes know where each child ends, so children may be of
 * any size and an insertion in the middle copies one path instead of all that follows (relaxed radix balanced trees,
 * Bagwell and Rompf 2011, without their strict rebalancing: neighbours that fit into one node are joined).
 */
final class Sequence<T> extends FrozenList<T> {
    static final int WIDTH = 32;
    private static final int BITS = 5;
    private static final int[] NO_ENDS = {};
    private static final Node EMPTY_NODE = new Node(new Object[0], NO_ENDS, 0);
    private static final Sequence<Object> EMPTY = new Sequence<>(EMPTY_NODE);

    private final Node root;

    private Sequence(Node root) {
        this.root = root;
    }

    /** One piece of the tree: elements at height 0, else nodes, with the running count of elements up to each. */
    private static final class Node {
        final Object[] slots;
        final int[] ends;
        final int height;
        // Worked out when first asked for. Racing threads write the same value; 64-bit JVMs write a long in one piece.
        long hash;

        Node(Object[] slots, int[] ends, int height) {
            this.slots = slots;
            this.ends = ends;
            this.height = height;
        }

        static Node inner(Object[] children, int height) {
            int[] ends = new int[children.length];
            int end = 0;
            for (int i = 0; i < children.length; i++) {
                end += ((Node) children[i]).size();
                ends[i] = end;
            }
            return new Node(children, ends, height);
        }

        int size() {
            return height == 0 ? slots.length : ends[ends.length - 1];
        }

        int childAt(int index) {
            // No child holds more than WIDTH^height elements, so the one looked for cannot come before this guess.
            int child = index >>> (BITS * height);
            while (ends[child] <= index) {
                child++;
            }
            return child;
        }

        int startOf(int child) {
            return child == 0 ? 0 : ends[child - 1];
        }
    }

    @SuppressWarnings("unchecked")
    static <T> Sequence<T> empty() {
        return (Sequence<T>) EMPTY;
    }

    static <T> Sequence<T> of(Collection<? extends T> elements) {
        return Sequence.<T>empty().splice(0, 0, elements);
    }

    @Override
    public int size() {
        return root.size();
    }

    @Override
    @SuppressWarnings("unchecked")
    public T get(int index) {
        if (index < 0 || index >= size()) {
            throw new IndexOutOfBoundsException("index " + index + " of " + size());
        }
        Node node = root;
        int at = index;
        while (node.height > 0) {
            int child = node.childAt(at);
            at -= node.startOf(child);
            node = (Node) node.slots[child];
        }
        return (T) node.slots[at];
    }

    /** How many levels of nodes lie above the leaves. */
    int height() {
        return root.height;
    }

    Sequence<T> with(int index, T element) {
        if (index < 0 || index >= size()) {
            throw new IndexOutOfBoundsException("index " + index + " of " + size());
        }
        return new Sequence<>(with(root, index, element));
    }

    private static Node with(Node node, int index, Object element) {
        Object[] slots = node.slots.clone();
        if (node.height == 0) {
            slots[index] = element;
        } else {
            int child = node.childAt(index);
            slots[child] = with((Node) slots[child], index - node.startOf(child), element);
        }
        return new Node(slots, node.ends, node.height);
    }

    /** This list with {@code removed} elements from {@code start} on replaced by others. */
    Sequence<T> splice(int start, int removed, Collection<? extends T> inserted) {
        if (start < 0 || removed < 0 || start > size() - removed) {
            throw new IndexOutOfBoundsException("splice of " + removed + " at " + start + " of " + size());
        }
        List<Node> level = new ArrayList<>();
        edit(root, start, start + removed, inserted.toArray(), level);
        int height = root.height;
        while (level.size() > 1) {
            height++;
            List<Node> parents = new ArrayList<>(level.size() / WIDTH + 1);
            pack(level.toArray(), height, parents);
            level = parents;
        }
        return new Sequence<>(level.isEmpty() ? EMPTY_NODE : lowered(level.get(0)));
    }

    private static Node lowered(Node node) {
        Node top = node;
        while (top.height > 0 && top.slots.length == 1) {
            top = (Node) top.slots[0];
        }
        return top;
    }

    /** Adds to {@code out} the nodes, of this node's height, that hold its elements without from..to and with the inserted. */
    private static void edit(Node node, int from, int to, Object[] inserted, List<Node> out) {
        if (node.height == 0) {
            pack(joined(node.slots, from, to, inserted), 0, out);
            return;
        }
        List<Node> children = new ArrayList<>(node.slots.length + 2);
        int home = from == node.size() ? node.slots.length - 1 : node.childAt(from);
        for (int i = 0; i < node.slots.length; i++) {
            Node child = (Node) node.slots[i];
            int start = node.startOf(i);
            int size = child.size();
            int first = Math.max(0, Math.min(size, from - start));
            int last = Math.max(0, Math.min(size, to - start));
            if (i == home || last > first) {
                List<Node> edited = new ArrayList<>();
                edit(child, first, last, i == home ? inserted : NOTHING, edited);
                edited.forEach(piece -> addOrJoin(children, piece));
            } else if (i > home && start - to < WIDTH) {
                addOrJoin(children, child);
            } else {
                children.add(child);
            }
        }
        pack(children.toArray(), node.height, out);
    }

    private static final Object[] NOTHING = {};

    private static void addOrJoin(List<Node> nodes, Node next) {
        if (next.slots.length == 0) {
            return;
        }
        int last = nodes.size() - 1;
        if (last >= 0 && nodes.get(last).slots.length + next.slots.length <= WIDTH) {
            Object[] before = nodes.get(last).slots;
            Object[] slots = joined(before, before.length, before.length, next.slots);
            nodes.set(last, next.height == 0 ? new Node(slots, NO_ENDS, 0) : Node.inner(slots, next.height));
        } else {
            nodes.add(next);
        }
    }

    private static Object[] joined(Object[] slots, int from, int to, Object[] inserted) {
        Object[] all = new Object[from + inserted.length + slots.length - to];
        System.arraycopy(slots, 0, all, 0, from);
        System.arraycopy(inserted, 0, all, from, inserted.length);
        System.arraycopy(slots, to, all, from + inserted.length, slots.length - to);
        return all;
    }

    /** Full nodes first, the rest in the last one: appending one by one then fills nodes instead of halving them. */
    private static void pack(Object[] slots, int height, List<Node> out) {
        for (int from = 0; from < slots.length; from += WIDTH) {
            Object[] part = slots.length <= WIDTH
                    ? slots
                    : Arrays.copyOfRange(slots, from, Math.min(slots.length, from + WIDTH));
            out.add(height == 0 ? new Node(part, NO_ENDS, 0) : Node.inner(part, height));
        }
    }

    /** A hash of the elements in their order, cached per node: after a change only the changed path is worked out anew. */
    long orderedHash(ToLongFunction<T> hash) {
        return hash(root, hash, true);
    }

    /** As {@link #orderedHash}, the same for the same elements in any order. */
    long unorderedHash(ToLongFunction<T> hash) {
        return hash(root, hash, false);
    }

    @SuppressWarnings("unchecked")
    private static <T> long hash(Node node, ToLongFunction<T> of, boolean ordered) {
        if (node.hash != 0) {
            return node.hash;
        }
        long hash = 0;
        for (Object slot : node.slots) {
            if (node.height == 0) {
                hash = (ordered ? hash * Hash.BASE : hash) + of.applyAsLong((T) slot);
            } else {
                Node child = (Node) slot;
                hash = (ordered ? hash * Hash.power(child.size()) : hash) + hash(child, of, ordered);
            }
        }
        node.hash = hash;
        return hash;
    }

    @Override
    public Iterator<T> iterator() {
        return new Iterator<>() {
            private int next;
            private int leafStart;
            private Object[] leaf = NOTHING;

            @Override
            public boolean hasNext() {
                return next < Sequence.this.size();
            }

            @Override
            @SuppressWarnings("unchecked")
            public T next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                if (next - leafStart >= leaf.length) {
                    leafStart = next;
                    leaf = leafFrom(next);
                }
                return (T) leaf[next++ - leafStart];
            }
        };
    }

    private Object[] leafFrom(int index) {
        Node node = root;
        int at = index;
        while (node.height > 0) {
            int child = node.childAt(at);
            at -= node.startOf(child);
            node = (Node) node.slots[child];
        }
        return node.slots;
    }
}
