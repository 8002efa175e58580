package dev.covey.patch;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * Modifiers of {@code $push}. They take effect in the order: insert, sort, slice.
 *
 * @param position index to insert at, from the end if negative; null for the end
 * @param sort 1 or -1 for the elements themselves, or an object of paths with 1 or -1; null to leave the order
 * @param slice how many elements to keep, of the last ones if negative; null for all
 */
public record PushOptions(
        @Nullable Long position,
        @Nullable JsonNode sort,
        @Nullable Long slice) {
    /** Append and keep all. */
    public static final PushOptions NONE = new PushOptions(null, null, null);

    /** The same modifiers with this position. */
    public PushOptions withPosition(long position) {
        return new PushOptions(position, sort, slice);
    }

    /** The same modifiers with this order of whole elements, 1 or -1. */
    public PushOptions withSort(int direction) {
        return new PushOptions(position, FrozenTree.integer(direction), slice);
    }

    /** The same modifiers with an order by paths, such as <code>{"price": 1, "item.name": -1}</code>. */
    public PushOptions withSort(String json) {
        return new PushOptions(position, Json.parse(json, Limits.DEFAULT), slice);
    }

    /** The same modifiers with this number of elements to keep. */
    public PushOptions withSlice(long slice) {
        return new PushOptions(position, sort, slice);
    }

    JsonNode argument(JsonNode each) {
        FrozenObject argument = ((FrozenObject) FrozenTree.EMPTY_OBJECT).plus("$each", each);
        if (position != null) {
            argument = argument.plus("$position", FrozenTree.integer(position));
        }
        if (sort != null) {
            argument = argument.plus("$sort", FrozenTree.freeze(sort));
        }
        if (slice != null) {
            argument = argument.plus("$slice", FrozenTree.integer(slice));
        }
        return argument;
    }
}
