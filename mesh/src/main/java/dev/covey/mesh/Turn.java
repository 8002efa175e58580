package dev.covey.mesh;

import dev.covey.mesh.agent.Reply;
import dev.covey.mesh.core.Line;
import dev.covey.mesh.core.Outcome;
import dev.covey.mesh.core.Permit;
import dev.covey.mesh.core.State;
import dev.covey.mesh.protocol.Command;
import dev.covey.mesh.protocol.LineId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A place in a line that the host keeps: asked for, waited for, had; and then given back, or lost. Where somebody stands is
 * part of the replicated state, so it survives any change of host, and ends with the member.
 */
final class Turn implements Reply {
    private enum Stage {
        /** Sent, and not answered yet. */
        ASKED,
        /** In the line. */
        WAITING,
        /** Has what the line is for. */
        HELD,
        OVER
    }

    private final Mesh mesh;
    private final SharedObject object;
    private final LineId line;
    private final CompletableFuture<Turn> granted = new CompletableFuture<>();
    private final List<Runnable> lostListeners = new ArrayList<>();
    private volatile Stage stage = Stage.ASKED;
    private volatile long request;
    private volatile long token;
    private boolean given;
    private boolean lost;

    private Turn(Mesh mesh, SharedObject object, LineId line) {
        this.mesh = mesh;
        this.object = object;
        this.line = line;
    }

    /** Asks for a place in a line. Never waits. */
    static Turn queueUp(Mesh mesh, SharedObject object, LineId line) {
        return queueUp(mesh, object, line, true);
    }

    /** The same; without waiting it is MAX_WRITERS if nothing is free. */
    static Turn queueUp(Mesh mesh, SharedObject object, LineId line, boolean waits) {
        Turn turn = new Turn(mesh, object, line);
        mesh.submit(unused -> new Command.QueueUp(line, waits), turn);
        return turn;
    }

    /** Whether somebody has or awaits a turn there, as far as this member knows. */
    static boolean isBusy(Mesh mesh, LineId line) {
        Line there = mesh.holdings().lines().get(line);
        return there != null && !there.holders().isEmpty();
    }

    /**
     * Ends when it is this member's turn; with a {@link MeshException} when it never will be. Ended by the agent's thread:
     * hang nothing on it but what runs elsewhere.
     */
    CompletableFuture<Turn> granted() {
        return granted;
    }

    boolean isHeld() {
        return stage == Stage.HELD;
    }

    boolean isAnswered() {
        return stage != Stage.ASKED;
    }

    /** The name that the host knows it by; 0 while there is no answer. */
    long request() {
        return request;
    }

    /** Position of the grant; 0 before. */
    long token() {
        return token;
    }

    /** Runs it, on a thread made for user code, when what was had is lost: not when it is given back. */
    void onLost(Runnable listener) {
        synchronized (this) {
            lostListeners.add(listener);
            if (!lost) {
                return;
            }
        }
        mesh.executor().execute(listener);
    }

    /** Gives it back, or leaves the line. Any number of calls; never waits. */
    void leave() {
        synchronized (this) {
            if (given || stage == Stage.OVER) {
                return;
            }
            given = true;
            if (stage == Stage.ASKED) {
                return;
            }
            stage = Stage.OVER;
        }
        stepOut();
    }

    private void stepOut() {
        mesh.turns().remove(this);
        mesh.submit(unused -> new Command.StepOut(line, request), Reply.FORGOTTEN);
    }

    @Override
    public void decided(Outcome outcome, State state) {
        object.settle(state, null);
        if (outcome instanceof Outcome.Refused refused) {
            failed(Refusals.exception(refused.refusal(), state.object(object.id()), mesh));
            return;
        }
        boolean unwanted;
        synchronized (this) {
            request = outcome.position();
            unwanted = given;
            stage = unwanted ? Stage.OVER : Stage.WAITING;
        }
        if (unwanted) {
            stepOut();
        } else {
            mesh.turns().add(this);
            look(state);
        }
    }

    /** Agent's thread: where does this stand in the line now? */
    void look(State state) {
        Line there = state.holdings().lines().get(line);
        Permit held = there == null ? null : there.holders().get(request);
        if (held != null) {
            grant(held.token());
        } else if (there == null || !there.waiting().containsKey(request)) {
            failed(new MeshException(
                    MeshCode.CLOSED,
                    object.id() + ": this member was declared dead while it stood in the line; ask again"));
        }
    }

    private void grant(long position) {
        synchronized (this) {
            if (stage != Stage.WAITING) {
                return;
            }
            token = position;
            stage = Stage.HELD;
        }
        granted.complete(this);
    }

    /** It is over, whatever it was. */
    @Override
    public void failed(MeshException why) {
        List<Runnable> told = end();
        mesh.turns().remove(this);
        granted.completeExceptionally(why);
        told.forEach(mesh.executor()::execute);
    }

    private synchronized List<Runnable> end() {
        boolean had = stage == Stage.HELD;
        stage = Stage.OVER;
        lost |= had;
        return had ? List.copyOf(lostListeners) : List.of();
    }

    /** The line as it is now, or null if nobody is in it. */
    @Nullable
    Line line() {
        return mesh.holdings().lines().get(line);
    }

    @Override
    public String toString() {
        return line + " " + stage;
    }
}
