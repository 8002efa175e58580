package dev.covey.mesh.core;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** How often what happened, so that nobody believes in a simulation in which nothing does. */
final class Tally {
    enum Event {
        TAKE_OVER,
        TAKE_OVER_DURING_TAKE_OVER,
        REPEATED_COMMAND_RECOGNISED,
        ZOMBIE_RECORD_REFUSED,
        CATCH_UP,
        EXPELLED,
        REJOINED,
        DEPOSED_WITH_TAIL,
        RESTORED_FROM_SNAPSHOT,
        KILLED,
        KILLED_BETWEEN_TAKE_AND_BEGIN,
        FROZEN,
        THAWED,
        THAWED_BETWEEN_TWO_EFFECTS,
        THAWED_AFTER_BEING_DEPOSED,
        FROZEN_HOST_DEPOSED,
        FALSELY_SUSPECTED_HOST_DEPOSED,
        BURIED,
        BURIED_ALIVE,
        STRAY_COMMAND,
        WIPED,
        STOPPED_BY_A_WIPE,
        STORE_IN_USE,
        STORE_CLAIMED_FROM_THE_LIVING,
        COMMIT_REFUSED_BY_A_CLOSED_CELL,
        SEATS_REMOVED,
        POWER_CUT,
        KILLED_DURING_BIRTH,
        BORN_WITH_ALL_COMMITTED,
        BORN_WITH_UNCOMMITTED_TAIL,
        TORN_TAIL_CUT,
        CUT_AFTER_LOST_PAGES,
        LOST_THE_END_WITH_THE_POWER,
        LAST_ONE_LEFT,
        SNAPSHOT_TAKEN,
        SEGMENT_REMOVED,
        SEGMENT_GONE_UNDER_A_READER,
        DISK_FULL,
        REFUSED_FOR_WANT_OF_ROOM,
        HOST_CHANGED_ON_A_FULL_DISK,
        ROOM_AGAIN,
        FORCE_FAILED,
        STARTED_AGAIN_AFTER_A_FAILED_FORCE,
        ALL_DEAD,
        LEFT,
        CONNECTION_DROPPED,
        ACCEPTED,
        UNCHANGED,
        REFUSED,
        LOST,
        QUEUED_UP,
        STEPPED_OUT,
        EXPIRED,
        RECORD
    }

    private final Map<Event, Long> counts = new EnumMap<>(Event.class);

    void count(Event event) {
        counts.merge(event, 1L, Long::sum);
    }

    long of(Event event) {
        return counts.getOrDefault(event, 0L);
    }

    void add(Tally other) {
        other.counts.forEach((event, count) -> counts.merge(event, count, Long::sum));
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Event event : Event.values()) {
            text.append(String.format(
                    "  %,11d  %s%n",
                    of(event), event.name().toLowerCase(Locale.ROOT).replace('_', ' ')));
        }
        return text.toString();
    }
}
