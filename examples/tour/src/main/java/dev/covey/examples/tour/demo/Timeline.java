package dev.covey.examples.tour.demo;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Acts at their times, one after another on the calling thread; one that is late is played at once. */
final class Timeline {
    private record Act(double second, boolean stopsTheClock, Runnable play) {}

    private final List<Act> acts = new ArrayList<>();

    Timeline at(double second, Runnable play) {
        acts.add(new Act(second, false, play));
        return this;
    }

    /** An act that takes long: everything after it comes later by as much. */
    Timeline stoppingTheClockAt(double second, Runnable play) {
        acts.add(new Act(second, true, play));
        return this;
    }

    void play() throws InterruptedException {
        acts.sort(Comparator.comparingDouble(Act::second));
        long start = System.nanoTime();
        for (Act act : acts) {
            long due = start + (long) (act.second() * TimeUnit.SECONDS.toNanos(1));
            TimeUnit.NANOSECONDS.sleep(Math.max(0, due - System.nanoTime()));
            long begun = System.nanoTime();
            act.play().run();
            if (act.stopsTheClock()) {
                start += System.nanoTime() - begun;
            }
        }
    }
}
