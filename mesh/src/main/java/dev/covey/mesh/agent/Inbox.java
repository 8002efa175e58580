package dev.covey.mesh.agent;

import dev.covey.mesh.MeshCode;
import dev.covey.mesh.MeshException;
import dev.covey.mesh.protocol.Command;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What other threads leave for the agent: commands of the application, in the order of their creation times, and notes
 * of Covey's own threads. Step 1 of the street.
 */
final class Inbox {
    /** Commands that wait for a place among the unanswered ones; beyond, {@code LIMIT_EXCEEDED}. */
    static final int MAX_WAITING = 65_536;

    /** A command and where to tell its end. */
    record Submission(Command command, Reply reply, long deadline) {}

    private final HybridClock clock;
    private final Runnable submitted;
    private final Runnable wake;
    private final ArrayDeque<Submission> waiting = new ArrayDeque<>();
    private final ConcurrentLinkedQueue<Runnable> notes = new ConcurrentLinkedQueue<>();
    private volatile int size;
    /** No command that waits has an earlier deadline. */
    private volatile long earliest = System.nanoTime() + Reply.FOREVER_NANOS;

    private @Nullable MeshException closed;

    /**
     * @param submitted called by who left a command
     * @param wake called by who left a note
     */
    Inbox(HybridClock clock, Runnable submitted, Runnable wake) {
        this.clock = clock;
        this.submitted = submitted;
        this.wake = wake;
    }

    /**
     * Leaves a command. The creation time is taken under the same lock as the place in the queue: were it not, two threads
     * of one member could make each other's patches STALE.
     */
    void submit(LongFunction<Command> atTime, Reply reply) {
        long deadline = reply.deadline(System.nanoTime());
        MeshException refused;
        synchronized (waiting) {
            refused = closed;
            if (refused == null && waiting.size() >= MAX_WAITING) {
                refused = new MeshException(
                        MeshCode.LIMIT_EXCEEDED,
                        MAX_WAITING + " commands of this member wait to be sent, which is the limit;"
                                + " wait for answers before sending more");
            }
            if (refused == null) {
                waiting.add(new Submission(atTime.apply(clock.next()), reply, deadline));
                size = waiting.size();
                if (deadline - earliest < 0) {
                    earliest = deadline;
                }
            }
        }
        if (refused == null) {
            submitted.run();
        } else {
            reply.failed(refused);
        }
    }

    /** Takes out the commands whose time is over: they were never sent, so it is certain that they never happen. Agent's thread. */
    int withdraw(long nowNanos) {
        if (nowNanos - earliest < 0) {
            return 0;
        }
        List<Submission> late = new ArrayList<>();
        synchronized (waiting) {
            long next = nowNanos + Reply.FOREVER_NANOS;
            for (Iterator<Submission> all = waiting.iterator(); all.hasNext(); ) {
                Submission submission = all.next();
                if (nowNanos - submission.deadline() >= 0) {
                    late.add(submission);
                    all.remove();
                } else if (submission.deadline() - next < 0) {
                    next = submission.deadline();
                }
            }
            size = waiting.size();
            earliest = next;
        }
        for (Submission submission : late) {
            submission
                    .reply()
                    .failed(new MeshException(
                            MeshCode.TIMED_OUT,
                            "the command could not be sent in the time given for it, and was withdrawn: it has not"
                                    + " happened and never will; the mesh has no host at the moment, or this member is"
                                    + " overrun; try again later"));
        }
        return late.size();
    }

    /** Leaves something to do on the agent's thread. */
    void note(Runnable work) {
        notes.add(work);
        wake.run();
    }

    /** The next command, or null. Agent's thread. */
    @Nullable
    Submission poll() {
        if (size == 0) {
            return null;
        }
        synchronized (waiting) {
            Submission next = waiting.poll();
            size = waiting.size();
            return next;
        }
    }

    /** The next note, or null. Agent's thread. */
    @Nullable
    Runnable pollNote() {
        return notes.poll();
    }

    /** Refuses every command that waits; how many. Agent's thread. */
    int failAll(MeshException why) {
        int failed = 0;
        for (Submission next = poll(); next != null; next = poll()) {
            next.reply().failed(why);
            failed++;
        }
        return failed;
    }

    /** Whether no command waits. Any thread. */
    boolean isEmpty() {
        return size == 0;
    }

    boolean hasNotes() {
        return !notes.isEmpty();
    }

    /** From now on every command is refused with this. */
    void close(MeshException why) {
        synchronized (waiting) {
            if (closed == null) {
                closed = why;
            }
        }
    }
}
