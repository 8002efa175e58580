package dev.covey.mesh.core;

import dev.covey.mesh.protocol.Command;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * This member's commands that are not decided yet, oldest first, with consecutive sequences. They are sent in order, and
 * all again, in order, to each new host.
 */
final class Requests {
    /** A command and the caller's handle for it. */
    record Request(long ticket, long sequence, Command command) {}

    private final ArrayDeque<Request> unanswered = new ArrayDeque<>();
    private long nextSequence = 1;

    int size() {
        return unanswered.size();
    }

    Request add(long ticket, Command command) {
        Request request = new Request(ticket, nextSequence++, command);
        unanswered.add(request);
        return request;
    }

    /** Takes out the request that was decided; null if it is none of these. */
    @Nullable
    Request decided(long sequence) {
        Request oldest = unanswered.peek();
        if (oldest == null || oldest.sequence() > sequence) {
            return null;
        }
        if (oldest.sequence() < sequence) {
            throw new IllegalStateException(
                    "sequence " + sequence + " was decided before " + oldest.sequence() + " [CORRUPT]");
        }
        return unanswered.poll();
    }

    /** Takes out all requests up to that sequence, oldest first. */
    List<Request> decidedUpTo(long sequence) {
        List<Request> decided = new ArrayList<>();
        for (Request oldest = unanswered.peek();
                oldest != null && oldest.sequence() <= sequence;
                oldest = unanswered.peek()) {
            decided.add(unanswered.remove());
        }
        return decided;
    }

    /** The sequence of the command with that ticket; 0 if it is none of these. */
    long sequenceOf(long ticket) {
        for (Request request : unanswered) {
            if (request.ticket() == ticket) {
                return request.sequence();
            }
        }
        return 0;
    }

    List<Request> all() {
        return List.copyOf(unanswered);
    }

    /** Whether this member asked to leave and was not answered yet. */
    boolean endWithLeave() {
        Request newest = unanswered.peekLast();
        return newest != null && newest.command() instanceof Command.Leave;
    }

    List<Request> allButNewest() {
        List<Request> all = all();
        return all.subList(0, Math.max(0, all.size() - 1));
    }

    /** A new membership counts from 1: whatever the old one had undecided never happened and goes out again. */
    void startOver() {
        List<Request> again = all();
        unanswered.clear();
        nextSequence = 1;
        again.forEach(request -> add(request.ticket(), request.command()));
    }
}
