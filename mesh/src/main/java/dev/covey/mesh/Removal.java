package dev.covey.mesh;

/**
 * What {@link Mesh#remove} took away.
 *
 * @param mesh its name
 * @param found whether there was anything
 * @param dead how many members had died in it
 * @param position the last committed position of its journal; 0 if there was none, or it could not be read
 * @param lost how many accepted revisions were in shared memory only; {@link #UNKNOWN} if that could not be read
 */
public record Removal(String mesh, boolean found, int dead, long position, long lost) {
    /** Nobody can tell how many. */
    public static final long UNKNOWN = -1;

    /** There was no such mesh. */
    public static Removal nothing(String mesh) {
        return new Removal(mesh, false, 0, 0, 0);
    }

    /** One sentence, for people. */
    @Override
    public String toString() {
        if (!found) {
            return "mesh " + mesh + ": there was nothing to remove";
        }
        String revisions = lost == UNKNOWN ? "an unknown number of revisions" : lost + " revisions";
        return "mesh " + mesh + " was removed, whose " + dead + " last members had died, at position " + position + "; "
                + revisions + " that no store has are lost";
    }
}
