package dev.covey.mesh;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Finishes the futures that nobody waits for, on a thread of its own, so that user code hung on them runs there. */
final class Answers implements Runnable {
    private static final long LAZY_NANOS = TimeUnit.MICROSECONDS.toNanos(500);
    private static final int LAZY_ROUNDS = 20;

    private final ConcurrentLinkedQueue<Answer> settled = new ConcurrentLinkedQueue<>();
    private final Thread thread;
    private volatile boolean asleep;
    private volatile boolean stopped;

    Answers(String mesh) {
        thread = new Thread(this, "covey-answers-" + mesh);
        thread.setDaemon(true);
        thread.start();
    }

    /** Agent's thread. Wakes the thread only if something hangs on the answer, or it sleeps deeply. */
    void finish(Answer answer) {
        settled.add(answer);
        if (asleep || answer.getNumberOfDependents() > 0) {
            LockSupport.unpark(thread);
        }
    }

    void stop() {
        stopped = true;
        LockSupport.unpark(thread);
    }

    @Override
    public void run() {
        int idle = 0;
        while (true) {
            Answer next = settled.poll();
            if (next != null) {
                idle = 0;
                next.finish();
            } else if (stopped) {
                return;
            } else if (++idle <= LAZY_ROUNDS) {
                LockSupport.parkNanos(this, LAZY_NANOS);
            } else {
                sleep();
                idle = 0;
            }
        }
    }

    private void sleep() {
        asleep = true;
        if (settled.isEmpty() && !stopped) {
            LockSupport.park(this);
        }
        asleep = false;
    }
}
