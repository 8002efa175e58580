package dev.covey.mesh;

import dev.covey.mesh.core.CommandId;
import dev.covey.mesh.core.Outcome;
import dev.covey.mesh.core.Session;
import dev.covey.mesh.core.State;
import org.jspecify.annotations.Nullable;

/**
 * What became of a command that this process does not wait for itself, perhaps of a process that is dead: asked of the
 * replicated state, now and after each record, until it tells.
 */
final class Question {
    private static final long UNDECIDED = -1;

    private final Mesh mesh;
    private final OutcomeId id;
    private final Answer answer;
    /** All that its sender ever had decided is at or below this position: it was found gone when this was the last. */
    private long lastWord = UNDECIDED;

    private boolean answered;

    Question(Mesh mesh, OutcomeId id) {
        this.mesh = mesh;
        this.answer = new Answer(mesh.agent());
        this.id = id;
    }

    Answer answer() {
        return answer;
    }

    /** Whether it is answered now. Whoever asks, and the agent's thread. */
    synchronized boolean look(State state) {
        if (!answered) {
            Object told = told(state);
            answered = told != null;
            if (told != null) {
                mesh.settle(answer, told);
            }
        }
        return answered;
    }

    /** Nobody will hear of it here any more. */
    synchronized void ended(MeshException why) {
        if (!answered) {
            answered = true;
            mesh.settle(answer, MeshException.unknown(id, why));
        }
    }

    /** A revision, an exception, or null as long as it is open. */
    private @Nullable Object told(State state) {
        CommandId command = id.command();
        Session living = state.byToken(command.token());
        Session sender = living != null ? living : state.buriedWith(command.token());
        if (sender == null) {
            return unknown("its sender is no member, and is not among the last that were declared dead");
        }
        if (command.sequence() <= sender.lastSequence()) {
            return told(sender.outcome(command.sequence()), state);
        }
        return living != null ? null : undecided(sender, state);
    }

    private Object told(@Nullable Outcome outcome, State state) {
        if (outcome instanceof Outcome.Accepted accepted) {
            return mesh.revision(id.object(), accepted);
        } else if (outcome instanceof Outcome.Refused refused) {
            return Refusals.exception(refused.refusal(), state.object(id.object()), mesh);
        }
        return unknown("it is too long ago: its sender had more than the last 1,024 commands decided since");
    }

    /** Its sender was declared dead first. That is the end of it if it is dead; if it was frozen it sends it again. */
    private @Nullable Object undecided(Session sender, State state) {
        if (sender.rejoined() != 0) {
            return unknown("its sender was frozen, came back as member " + sender.rejoined()
                    + " and sent it again under another id; its own process knows");
        }
        if (lastWord == UNDECIDED) {
            if (!mesh.presence().isGone(sender)) {
                return unknown("its sender was declared dead before it was decided, but its process is there, and sends"
                        + " it again when it goes on; ask again later");
            }
            lastWord = mesh.presence().committed();
        }
        return state.position() < lastWord
                ? null
                : new MeshException(
                        MeshCode.TIMED_OUT,
                        id.object() + ": its sender died before \"" + id.text()
                                + "\" was decided: it has not happened and never will");
    }

    private MeshException unknown(String why) {
        return new MeshException(
                MeshCode.UNKNOWN_OUTCOME,
                id.object() + ": nobody here knows what became of \"" + id.text() + "\", " + why
                        + "; look at the object");
    }
}
