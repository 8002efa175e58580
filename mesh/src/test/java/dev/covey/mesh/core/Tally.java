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
        ALL_DEAD,
        LEFT,
        CONNECTION_DROPPED,
        ACCEPTED,
        UNCHANGED,
        REFUSED,
        LOST,
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
