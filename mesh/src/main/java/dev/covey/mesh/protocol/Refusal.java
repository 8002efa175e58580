package dev.covey.mesh.protocol;

import dev.covey.mesh.MeshCode;
import dev.covey.patch.Stamp;
import org.jspecify.annotations.Nullable;

/**
 * Why a command was refused.
 *
 * @param code stable, for programs
 * @param text one sentence for people
 * @param problem where and why the patch does not apply, if that is the reason
 * @param winner the overwrite that a STALE patch came too late for
 */
public record Refusal(
        MeshCode code,
        String text,
        @Nullable PatchProblem problem,
        @Nullable Stamp winner) {

    /**
     * The parts of a patch exception, as text, since no class travels.
     *
     * @param code name of the patch code
     * @param operator such as {@code $inc}
     * @param pointer where in the value
     * @param expected what the operator needs there
     * @param found what is there
     * @param index of the operation in the patch
     */
    public record PatchProblem(
            String code, String operator, String pointer, String expected, String found, int index) {}
}
