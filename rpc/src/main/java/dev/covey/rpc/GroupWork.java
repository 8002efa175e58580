package dev.covey.rpc;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongPredicate;

/**
 * What this member published for groups and no member of the group has finished yet. One member gets each, in turn; when it
 * dies or passes, the next. Lives and dies with the publisher.
 */
final class GroupWork {
    /** Unfinished events of one publisher; beyond, OVERLOADED. */
    static final int MAX_UNFINISHED = 4_096;

    /** How an event is handed to a member. */
    interface Hand {
        /** False if that member cannot be reached now. */
        boolean to(long member, EventFrame frame);
    }

    private static final class Task {
        private final EventFrame frame;
        private long holder;

        private Task(EventFrame frame) {
            this.frame = frame;
        }
    }

    private final GroupTable table;
    private final Hand hand;
    private final NavigableMap<Long, Task> unfinished = new TreeMap<>();
    private final Map<String, Long> turns = new HashMap<>();
    private final Map<Long, Boolean> full = new ConcurrentHashMap<>();
    private long lastId;

    GroupWork(GroupTable table, Hand hand) {
        this.table = table;
        this.hand = hand;
    }

    synchronized int unfinished() {
        return unfinished.size();
    }

    /** @throws RpcException OVERLOADED; then no group gets it */
    synchronized void publish(String topic, byte[] json) {
        NavigableMap<String, NavigableSet<Long>> wanting = table.wanting(topic);
        if (wanting.isEmpty()) {
            return;
        }
        if (unfinished.size() + wanting.size() > MAX_UNFINISHED) {
            throw new RpcException(
                    RpcCode.OVERLOADED,
                    topic + ": " + unfinished.size() + " events of this member wait for their groups, the limit is "
                            + MAX_UNFINISHED + "; publish slower, or add members to the group");
        }
        wanting.forEach((group, members) -> {
            Task task = new Task(new EventFrame(EventFrame.GROUP, ++lastId, topic, group, json));
            unfinished.put(lastId, task);
            assign(task, members, member -> !full.containsKey(member));
        });
    }

    /** Round robin: the first behind the one whose turn it was last. */
    private void assign(Task task, NavigableSet<Long> members, LongPredicate free) {
        task.holder = 0;
        List<Long> line = new ArrayList<>(members.tailSet(turns.getOrDefault(task.frame.group(), 0L), false));
        line.addAll(members);
        for (long member : line) {
            if (free.test(member) && hand.to(member, task.frame)) {
                task.holder = member;
                turns.put(task.frame.group(), member);
                return;
            }
        }
    }

    /** The member has done its part, and so has room. */
    synchronized void done(long member, long id) {
        Task task = unfinished.get(id);
        if (task != null && task.holder == member) {
            unfinished.remove(id);
        }
        full.remove(member);
        retry();
    }

    /** The member cannot take it; somebody else may. */
    synchronized void passed(long member, long id) {
        Task task = unfinished.get(id);
        if (task != null && task.holder == member) {
            full.put(member, true);
            assign(task, wanting(task), other -> other != member && !full.containsKey(other));
        }
    }

    /** What that member had and had not finished goes to others. */
    synchronized void lost(long member) {
        full.remove(member);
        for (Task task : unfinished.values()) {
            if (task.holder == member) {
                task.holder = 0;
            }
        }
        retry();
    }

    /** What nobody holds is handed out, if there is somebody now. */
    synchronized void retry() {
        for (Task task : unfinished.values()) {
            if (task.holder == 0) {
                assign(task, wanting(task), member -> !full.containsKey(member));
            }
        }
    }

    /** Somebody came to a group, or went: who was full may have room in a new subscription. */
    synchronized void changed() {
        full.clear();
        retry();
    }

    private NavigableSet<Long> wanting(Task task) {
        return table.wanting(task.frame.topic()).getOrDefault(task.frame.group(), new TreeSet<>());
    }
}
