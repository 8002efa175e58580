package dev.covey.mesh;

import dev.covey.mesh.agent.Reply;
import dev.covey.mesh.core.CommandId;
import dev.covey.mesh.core.Outcome;
import dev.covey.mesh.core.State;
import dev.covey.mesh.protocol.Command;
import dev.covey.patch.Patch;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** One patch of this member's on its way: until it is answered it stands in the object's view. */
final class PatchRequest implements Reply {
    private final Mesh mesh;
    private final SharedObject object;
    private final Patch patch;
    private final LongFunction<Command> command;
    private final ObjectCopy.@Nullable Pending pending;
    private final long deadline;
    private Answer answer;
    private int restamps;

    PatchRequest(
            Mesh mesh,
            SharedObject object,
            Patch patch,
            LongFunction<Command> command,
            ObjectCopy.@Nullable Pending pending,
            PatchOptions options) {
        this.mesh = mesh;
        this.answer = new Answer(mesh.agent());
        this.object = object;
        this.patch = patch;
        this.command = command;
        this.pending = pending;
        this.restamps = options.restamped();
        this.deadline = System.nanoTime() + options.timeoutNanos();
    }

    Answer send() {
        Edit.sends(object);
        Answer first = answer;
        mesh.counters().asked();
        mesh.submit(command, this);
        return first;
    }

    @Override
    public long deadline(long nowNanos) {
        return deadline;
    }

    /**
     * The caller is told that nobody knows; what becomes of it then is kept for whoever asks. It is not stamped anew after
     * that, so that everybody who asks by its id is told the same.
     */
    @Override
    public void late(CommandId id) {
        Answer asked = answer;
        answer = new Answer(mesh.agent());
        restamps = 0;
        mesh.counters().late();
        OutcomeId outcome = mesh.outcomes().keep(id, object.id(), answer);
        mesh.settle(asked, MeshException.unknown(outcome, null));
    }

    @Override
    public void decided(Outcome outcome, State state) {
        if (restamps > 0 && isStale(outcome)) {
            restamps--;
            object.settle(state, null);
            mesh.submit(command, this);
            return;
        }
        object.settle(state, pending);
        if (outcome instanceof Outcome.Accepted accepted) {
            mesh.counters().accepted();
            mesh.settle(answer, object.revision(accepted));
        } else {
            MeshException why =
                    Refusals.exception(((Outcome.Refused) outcome).refusal(), state.object(object.id()), mesh);
            mesh.counters().refused();
            mesh.settle(answer, why);
            object.observers().tellRefused(patch, why);
        }
    }

    private static boolean isStale(Outcome outcome) {
        return outcome instanceof Outcome.Refused refused && refused.refusal().code() == MeshCode.STALE;
    }

    @Override
    public void abandoned(CommandId id, MeshException why) {
        failed(MeshException.unknown(new OutcomeId(id, object.id()), why));
    }

    @Override
    public void failed(MeshException why) {
        if (pending != null) {
            object.copy().forget(pending);
        }
        mesh.settle(answer, why);
    }
}
