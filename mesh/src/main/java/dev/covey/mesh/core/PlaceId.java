package dev.covey.mesh.core;

import dev.covey.patch.Path;

/**
 * A place in an object. In order, what is below a place follows it at once.
 *
 * @param object the object's id
 * @param path in it
 */
public record PlaceId(String object, Path path) implements Comparable<PlaceId> {
    @Override
    public int compareTo(PlaceId other) {
        int byObject = object.compareTo(other.object);
        return byObject != 0 ? byObject : path.compareTo(other.path);
    }
}
