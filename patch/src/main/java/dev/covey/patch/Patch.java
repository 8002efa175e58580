package dev.covey.patch;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A change as the caller means it: update operators, a JSON Patch (RFC 6902), or several of these one after another.
 * Immutable, and independent of any value until it is resolved against one.
 *
 * <p>A number is kept exactly, as int64 or as a double, or refused (INVALID_PATCH, naming its place): see {@link FrozenTree}.
 *
 * <p>Paths of the builder methods are JSON pointers ({@code /a/b}); update documents use dots ({@code a.b}).
 */
public final class Patch {
    private static final int VERSION = 1;

    private final List<Part> parts;

    private Patch(List<Part> parts) {
        this.parts = List.copyOf(parts);
    }

    /**
     * {@code $set}: gives the place a value. Missing objects on the way are made, arrays padded with null. Overwrites.
     *
     * @param value a JsonNode, or anything Jackson converts; see {@link FrozenTree#of} for a mapper of one's own
     */
    public static Patch set(String pointer, @Nullable Object value) {
        return intent(Operator.SET, pointer, value);
    }

    /** {@code $setOnInsert}: as {@link #set}, but only where the patch makes a new value. Overwrites. */
    public static Patch setOnInsert(String pointer, @Nullable Object value) {
        return intent(Operator.SET_ON_INSERT, pointer, value);
    }

    /** {@code $unset}: takes a member out; an element of an array becomes null. Never fails to find it. Overwrites. */
    public static Patch unset(String pointer) {
        return intent(Operator.UNSET, pointer, true);
    }

    /** {@code $rename}: moves a member to another place, over what is there. Nothing happens if it is missing; no part of
     * either path may be an array. Overwrites both. */
    public static Patch rename(String pointer, String toPointer) {
        return intent(Operator.RENAME, pointer, toPointer);
    }

    /** {@code $currentDate}: gives the place the time of resolving as text, {@code 2026-11-21T01:03:35.375Z}. Overwrites. */
    public static Patch currentDate(String pointer) {
        return intent(Operator.CURRENT_DATE, pointer, true);
    }

    /** {@code $currentDate} as timestamp: gives the place the milliseconds since 1970. Overwrites. */
    public static Patch currentTimestamp(String pointer) {
        return intent(Operator.CURRENT_DATE, pointer, Map.of("$type", "timestamp"));
    }

    /** {@code $inc}: adds to a number; a missing one counts as 0. Refused beyond 64 bits. Combines. */
    public static Patch inc(String pointer, Number by) {
        return intent(Operator.INC, pointer, by);
    }

    /** {@code $mul}: multiplies a number; a missing one becomes 0. Refused beyond 64 bits. Combines. */
    public static Patch mul(String pointer, Number by) {
        return intent(Operator.MUL, pointer, by);
    }

    /** {@code $min}: the lesser of what is there and this value, in the order of {@code $sort}. Combines. */
    public static Patch min(String pointer, @Nullable Object value) {
        return intent(Operator.MIN, pointer, value);
    }

    /** {@code $max}: the greater of what is there and this value, in the order of {@code $sort}. Combines. */
    public static Patch max(String pointer, @Nullable Object value) {
        return intent(Operator.MAX, pointer, value);
    }

    /** {@code $bit} and: keeps the bits of an integer that are set here; a missing one counts as 0. Combines. */
    public static Patch bitAnd(String pointer, long bits) {
        return intent(Operator.BIT, pointer, Map.of("and", bits));
    }

    /** {@code $bit} or: sets bits of an integer; a missing one counts as 0. Combines. */
    public static Patch bitOr(String pointer, long bits) {
        return intent(Operator.BIT, pointer, Map.of("or", bits));
    }

    /** {@code $bit} xor: turns bits of an integer over; a missing one counts as 0. Combines. */
    public static Patch bitXor(String pointer, long bits) {
        return intent(Operator.BIT, pointer, Map.of("xor", bits));
    }

    /** {@code $push}: appends to an array; a missing one counts as empty. Combines. */
    public static Patch push(String pointer, Object... values) {
        return push(pointer, Arrays.asList(values), PushOptions.NONE);
    }

    /** {@code $push} with {@code $position}, {@code $sort} and {@code $slice}. Combines, unless elements shift. */
    public static Patch push(String pointer, List<?> values, PushOptions options) {
        Path path = Path.parse(pointer);
        return new Patch(List.of(Intent.of(Operator.PUSH, path, options.argument(argument(path, values)))));
    }

    /** {@code $addToSet}: appends those values that the array does not hold yet; a missing one counts as empty. Combines. */
    public static Patch addToSet(String pointer, Object... values) {
        return intent(Operator.ADD_TO_SET, pointer, Map.of("$each", Arrays.asList(values)));
    }

    /**
     * {@code $pull}: removes the elements that equal a value, or meet a condition: an object of query operators asks the
     * element itself, another object asks elements that are objects. Combines, unless elements shift.
     */
    public static Patch pull(String pointer, @Nullable Object condition) {
        return intent(Operator.PULL, pointer, condition);
    }

    /** {@code $pullAll}: removes the elements that equal one of the values. Combines, unless elements shift. */
    public static Patch pullAll(String pointer, Object... values) {
        return intent(Operator.PULL_ALL, pointer, Arrays.asList(values));
    }

    /** {@code $pop} with -1: removes the first element, if there is one. Elements shift, so it overwrites. */
    public static Patch popFirst(String pointer) {
        return intent(Operator.POP, pointer, -1);
    }

    /** {@code $pop} with 1: removes the last element, if there is one. Combines. */
    public static Patch popLast(String pointer) {
        return intent(Operator.POP, pointer, 1);
    }

    private static Patch intent(Operator operator, String pointer, @Nullable Object argument) {
        Path path = Path.parse(pointer);
        return new Patch(List.of(Intent.of(operator, path, argument(path, argument))));
    }

    private static JsonNode argument(Path path, @Nullable Object value) {
        try {
            return Json.value(value, Json.MAPPER);
        } catch (PatchException refused) {
            throw refused.in(path.toString());
        }
    }

    /** Reads a JSON Patch (RFC 6902). */
    public static Patch jsonPatch(String json) {
        return jsonPatch(Json.parse(json, Limits.DEFAULT));
    }

    /** A JSON Patch (RFC 6902) given as a tree. */
    public static Patch jsonPatch(JsonNode json) {
        return new Patch(List.of(JsonPatchPart.of(FrozenTree.freeze(json), Limits.DEFAULT)));
    }

    /** Reads a MongoDB update document. */
    public static Patch update(String json) {
        return update(json, UpdateOptions.NONE);
    }

    /** Reads a MongoDB update document that refers to a query or to array filters. */
    public static Patch update(String json, UpdateOptions options) {
        return update(Json.parse(json, Limits.DEFAULT), options);
    }

    /** A MongoDB update document given as a tree. */
    public static Patch update(JsonNode json) {
        return update(json, UpdateOptions.NONE);
    }

    /** A MongoDB update document given as a tree, that refers to a query or to array filters. */
    public static Patch update(JsonNode json, UpdateOptions options) {
        JsonNode query = options.query();
        JsonNode filters = options.arrayFilters();
        return new Patch(List.of(UpdatePart.of(
                FrozenTree.freeze(json),
                query == null ? null : FrozenTree.freeze(query),
                filters == null ? null : FrozenTree.freeze(filters),
                Limits.DEFAULT)));
    }

    /** Reads a merge patch (RFC 7396). */
    public static Patch mergePatch(String json) {
        return mergePatch(Json.parse(json, Limits.DEFAULT));
    }

    /** A merge patch (RFC 7396) given as a tree. */
    public static Patch mergePatch(JsonNode json) {
        return new Patch(List.of(new MergePart(FrozenTree.freeze(json))));
    }

    /** This patch, and then the other, all or nothing. */
    public Patch and(Patch next) {
        List<Part> both = new ArrayList<>(parts);
        both.addAll(next.parts);
        return new Patch(both);
    }

    /**
     * Works out what this patch does to a value. Pure: the same arguments give the same resolution everywhere.
     *
     * @param before a frozen value
     * @param nowMillis milliseconds since 1970, for operators that write the time
     * @throws PatchException if the patch does not fit the value or a limit is exceeded; nothing is changed then
     */
    public Resolution resolve(JsonNode before, long nowMillis, Limits limits) {
        return resolve(before, new ResolveOptions(nowMillis, false, limits));
    }

    /** As {@link #resolve(JsonNode, long, Limits)}, also for a value that the patch makes. */
    public Resolution resolve(JsonNode before, ResolveOptions options) {
        boolean frozen = FrozenTree.isFrozen(before);
        Draft draft = new Draft(frozen ? before : FrozenTree.freeze(before, options.limits()), options);
        int index = 0;
        for (Part part : parts) {
            try {
                part.resolve(draft);
            } catch (PatchException refused) {
                throw refused.at(index);
            }
            index += part.size();
        }
        return draft.resolution();
    }

    /** The binary form, version byte first. */
    public byte[] toBytes() {
        ByteSink sink = new ByteSink();
        sink.put(VERSION);
        parts.forEach(part -> Part.write(part, sink));
        return sink.toBytes();
    }

    /**
     * Reads the binary form, from the buffer's position to its limit.
     *
     * @throws PatchException for anything that {@link #toBytes} would not write, or that exceeds the limits
     */
    public static Patch fromBytes(ByteBuffer bytes, Limits limits) {
        Check.patch(bytes.remaining(), limits);
        ByteSource source = new ByteSource("patch", bytes, limits);
        source.version(VERSION);
        List<Part> parts = new ArrayList<>(1);
        int operations = 0;
        while (!source.atEnd()) {
            Part part = Part.read(source, limits);
            operations += part.size();
            Check.operations(operations, limits);
            parts.add(part);
        }
        return new Patch(parts);
    }
}
