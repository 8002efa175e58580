package dev.covey.patch;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One concrete change. Applying it needs no knowledge of the operator it came from. */
public sealed interface Operation {
    /** The member, element or array that changes. */
    Path path();

    /** What was overwritten, for conflicts; null if the operation combines with what was there. */
    @Nullable
    Path overwritten();

    /** Whether something was overwritten, as opposed to combined with. */
    default boolean overwrites() {
        return overwritten() != null;
    }

    /**
     * Gives a member, an element or the document a value.
     *
     * @param path an object's member, an existing element of an array, or the root
     * @param value the frozen value
     * @param adds whether a member is new; it then goes last
     * @param overwritten below or at the path
     */
    record Put(
            Path path,
            JsonNode value,
            boolean adds,
            @Nullable Path overwritten) implements Operation {}

    /**
     * Takes a member out of its object.
     *
     * @param path an existing member
     * @param overwritten below or at the path
     */
    record Remove(Path path, @Nullable Path overwritten) implements Operation {}

    /**
     * Replaces a run of elements, possibly none, by others, possibly none.
     *
     * @param path the array
     * @param start index of the first element replaced
     * @param removed how many elements go
     * @param inserted the frozen elements that come in their place
     * @param overwritten below or at the path
     */
    record Splice(
            Path path,
            int start,
            int removed,
            List<JsonNode> inserted,
            @Nullable Path overwritten) implements Operation {
        /** Keeps its own copy of the elements. */
        public Splice {
            inserted = List.copyOf(inserted);
        }

        /**
         * Unless it ends at the end of the array, indexes shift and the array itself is overwritten. At the end it is only
         * the elements, and only if the intent overwrites.
         */
        static Splice of(Path path, int size, int start, int removed, List<JsonNode> inserted, boolean overwrites) {
            boolean shifts = start + removed < size;
            boolean single = Math.max(removed, inserted.size()) == 1;
            Path overwritten = shifts ? path : !overwrites ? null : single ? path.child(start) : path;
            return new Splice(path, start, removed, inserted, overwritten);
        }
    }
}
