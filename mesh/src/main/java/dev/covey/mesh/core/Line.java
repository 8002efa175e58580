package dev.covey.mesh.core;

import dev.covey.mesh.protocol.Command.Guard;
import java.util.Map;
import org.pcollections.PSortedMap;
import org.pcollections.TreePMap;

/**
 * Who has one of a number of permits, and who waits for one: first come, first served. Immutable.
 *
 * @param permits how many there are
 * @param expiryMillis after how long without a sign of life a holder loses its permit; 0 for never
 * @param holders by request; never more than there are permits
 * @param waiting by request, so in the order in which they came; nobody while a permit is free
 */
public record Line(int permits, long expiryMillis, PSortedMap<Long, Permit> holders, PSortedMap<Long, Permit> waiting) {
    /**
     * One at a time, and nobody there. Who is silent loses its turn soon: a turn only spares others a try in vain, so it is
     * not worth that they wait for somebody frozen.
     */
    static final Line OF_ONE = new Line(1, Guard.SHORTEST_EXPIRY_MILLIS, TreePMap.empty(), TreePMap.empty());

    static Line guarding(int permits, long expiryMillis) {
        return new Line(permits, expiryMillis, TreePMap.empty(), TreePMap.empty());
    }

    boolean isEmpty() {
        return holders.isEmpty() && waiting.isEmpty();
    }

    boolean isFull() {
        return holders.size() >= permits;
    }

    int size() {
        return holders.size() + waiting.size();
    }

    /** Whether that request of that member's was granted and is still. */
    public boolean isHeld(long request, long member) {
        Permit permit = holders.get(request);
        return permit != null && permit.isOf(member);
    }

    /** Whether that request of that member's is held or waits. */
    boolean has(long request, long member) {
        Permit waits = waiting.get(request);
        return isHeld(request, member) || (waits != null && waits.isOf(member));
    }

    /** Whether that member holds or waits for something here. */
    boolean concerns(long member) {
        return holders.values().stream().anyMatch(permit -> permit.isOf(member))
                || waiting.values().stream().anyMatch(permit -> permit.isOf(member));
    }

    /** That member stands last from here on. */
    Line queuedUp(long position, long member) {
        Permit permit = new Permit(position, member, Permit.WAITING);
        return new Line(permits, expiryMillis, holders, waiting.plus(position, permit)).served(position);
    }

    /** That request is over; the position is that of the record that says so, and the token of whoever is next. */
    Line steppedOut(long request, long position) {
        return new Line(permits, expiryMillis, holders.minus(request), waiting.minus(request)).served(position);
    }

    /** As if the member had stepped out of all it was in. */
    Line without(long member, long position) {
        PSortedMap<Long, Permit> held = without(holders, member);
        PSortedMap<Long, Permit> queue = without(waiting, member);
        boolean unchanged = held.size() + queue.size() == size();
        return unchanged ? this : new Line(permits, expiryMillis, held, queue).served(position);
    }

    private static PSortedMap<Long, Permit> without(PSortedMap<Long, Permit> permits, long member) {
        PSortedMap<Long, Permit> left = permits;
        for (Permit permit : permits.values()) {
            if (permit.isOf(member)) {
                left = left.minus(permit.request());
            }
        }
        return left;
    }

    private Line served(long position) {
        PSortedMap<Long, Permit> held = holders;
        PSortedMap<Long, Permit> queue = waiting;
        while (held.size() < permits && !queue.isEmpty()) {
            Map.Entry<Long, Permit> first = queue.firstEntry();
            Permit granted = new Permit(first.getKey(), first.getValue().member(), position);
            held = held.plus(granted.request(), granted);
            queue = queue.minus(granted.request());
        }
        return new Line(permits, expiryMillis, held, queue);
    }
}
