package dev.covey.mesh.local;

import java.nio.file.Path;

/**
 * What is done with the journal of a store's former owner. The agent's part: nobody else can read one (rule C7).
 *
 * <p>An heir must not change anything in {@link #check}, and {@link #carry} must be harmless when it is done again: whoever
 * carries may be killed at any step.
 */
public interface Heir {
    /**
     * What a former owner left.
     *
     * @param store that was its own
     * @param directory of that mesh
     * @param control its control file
     * @param cell the last value of its commit cell: all that is committed at it goes on
     */
    record Estate(Path store, MeshDirectory directory, ControlFile control, long cell) {}

    /** The call by which somebody gives up what that mesh left. */
    String givingUp(MeshDirectory directory);

    /** Refuses with an exception what cannot be carried. Asked before that mesh is closed, and of a cell that may still move. */
    void check(Estate estate);

    /** Has all that was committed in the store's revision files when it returns, and the store's journal end there. */
    void carry(Estate estate);
}
