package dev.covey.mesh;

import dev.covey.mesh.agent.Reply;
import dev.covey.mesh.core.CommandId;
import dev.covey.mesh.core.Outcome;
import dev.covey.mesh.core.State;
import dev.covey.mesh.protocol.Command;
import java.time.Duration;
import java.util.function.LongFunction;

/** A question about an object that is no patch, on its way: nothing of it is in anybody's view before it is answered. */
final class ObjectRequest implements Reply {
    private final Mesh mesh;
    private final SharedObject object;
    private final long deadline;
    private Answer answer;

    private ObjectRequest(Mesh mesh, SharedObject object, Duration timeout) {
        this.mesh = mesh;
        this.answer = new Answer(mesh.agent());
        this.object = object;
        this.deadline = System.nanoTime() + timeout.toNanos();
    }

    /** The answer's revision tells where in the journal it was decided; its number is 0 where no revision is meant. */
    static Answer send(Mesh mesh, SharedObject object, LongFunction<Command> command) {
        return send(mesh, object, command, PatchOptions.DEFAULT.timeout());
    }

    static Answer send(Mesh mesh, SharedObject object, LongFunction<Command> command, Duration timeout) {
        ObjectRequest request = new ObjectRequest(mesh, object, timeout);
        Edit.sends(object);
        Answer first = request.answer;
        mesh.counters().asked();
        mesh.submit(command, request);
        return first;
    }

    @Override
    public long deadline(long nowNanos) {
        return deadline;
    }

    @Override
    public void late(CommandId id) {
        Answer asked = answer;
        answer = new Answer(mesh.agent());
        mesh.counters().late();
        OutcomeId outcome = mesh.outcomes().keep(id, object.id(), answer);
        mesh.settle(asked, MeshException.unknown(outcome, null));
    }

    @Override
    public void decided(Outcome outcome, State state) {
        object.settle(state, null);
        if (outcome instanceof Outcome.Accepted accepted) {
            mesh.counters().accepted();
            mesh.settle(answer, object.revision(accepted));
        } else {
            mesh.counters().refused();
            mesh.settle(
                    answer, Refusals.exception(((Outcome.Refused) outcome).refusal(), state.object(object.id()), mesh));
        }
    }

    @Override
    public void abandoned(CommandId id, MeshException why) {
        failed(MeshException.unknown(new OutcomeId(id, object.id()), why));
    }

    @Override
    public void failed(MeshException why) {
        mesh.settle(answer, why);
    }
}
