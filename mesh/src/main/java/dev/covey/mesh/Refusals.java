package dev.covey.mesh;

import dev.covey.mesh.core.ObjectState;
import dev.covey.mesh.protocol.Refusal;
import dev.covey.mesh.protocol.Refusal.PatchProblem;
import dev.covey.patch.PatchCode;
import dev.covey.patch.PatchException;
import dev.covey.patch.Stamp;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes the caller's exception of a refusal in the journal. */
final class Refusals {
    private Refusals() {}

    static MeshException exception(Refusal refusal, ObjectState met, Mesh mesh) {
        Stamp winner = refusal.winner();
        Optional<Member> who = winner == null ? Optional.empty() : Optional.of(mesh.memberOrGone(winner.member()));
        Refused refused = new Refused(met.id(), met.value(), met.revision(), who);
        return new MeshException(refusal.code(), refusal.text(), cause(refusal.problem()), refused);
    }

    private static @Nullable PatchException cause(@Nullable PatchProblem problem) {
        if (problem == null) {
            return null;
        }
        return PatchException.of(
                code(problem.code()),
                problem.operator(),
                problem.pointer(),
                problem.expected(),
                problem.found(),
                problem.index());
    }

    private static PatchCode code(String name) {
        for (PatchCode code : PatchCode.values()) {
            if (code.name().equals(name)) {
                return code;
            }
        }
        return PatchCode.INVALID_PATCH;
    }
}
