package dev.covey.examples.tour.demo;

import java.util.Arrays;

/** The revision of each n of one worker, without a box for each. */
final class LongList {
    private long[] revisions = new long[1024];
    private long repeated;

    void add(long n, long revision) {
        int index = Math.toIntExact(n);
        if (index >= revisions.length) {
            revisions = Arrays.copyOf(revisions, Math.max(index + 1, revisions.length * 2));
        }
        if (revisions[index] != 0) {
            repeated++;
        }
        revisions[index] = revision;
    }

    /** 0 if there is none. */
    long get(long n) {
        return n > 0 && n < revisions.length ? revisions[(int) n] : 0;
    }

    /** How many were there already when they were added. */
    long repeated() {
        return repeated;
    }
}
