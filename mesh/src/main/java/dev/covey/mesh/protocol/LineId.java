package dev.covey.mesh.protocol;

import dev.covey.patch.Path;

/**
 * Names a line in which members wait for something that only so many can have at a time.
 *
 * @param object the object's id
 * @param writers whether it is for the permits to patch the object; else for turns to update a scope of it
 * @param scope the root for writers
 */
public record LineId(String object, boolean writers, Path scope) implements Comparable<LineId> {
    /** For the permits to patch an object. */
    public static LineId writers(String object) {
        return new LineId(object, true, Path.ROOT);
    }

    /** For turns to update what is at a path. */
    public static LineId scope(String object, Path scope) {
        return new LineId(object, false, scope);
    }

    @Override
    public int compareTo(LineId other) {
        int byObject = object.compareTo(other.object);
        int byKind = byObject != 0 ? byObject : Boolean.compare(writers, other.writers);
        return byKind != 0 ? byKind : scope.compareTo(other.scope);
    }

    @Override
    public String toString() {
        return writers ? object + ": writers" : object + ": scope \"" + scope + '"';
    }
}
