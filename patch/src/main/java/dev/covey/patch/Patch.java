package dev.covey.patch;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A change as the caller means it: update operators, a JSON Patch (RFC 6902), or several of these one after another.
 * Immutable, and independent of any value until it is resolved against one.
 *
 * <p>Paths of the builder methods are JSON pointers ({@code /a/b}); update documents use dots ({@code a.b}).
 */
public final class Patch {
    private static final int VERSION = 1;

    private final List<Part> parts;

    private Patch(List<Part> parts) {
        this.parts = List.copyOf(parts);
    }

    /** Gives the place a value, making missing objects on the way. */
    public static Patch set(String pointer, @Nullable Object value) {
        return intent(Operator.SET, pointer, Json.value(value, Json.MAPPER));
    }

    /** Removes a member; an element of an array becomes null. Nothing happens if there is none. */
    public static Patch unset(String pointer) {
        return intent(Operator.UNSET, pointer, Json.value(true, Json.MAPPER));
    }

    /** Adds to a number; a missing one counts as 0. */
    public static Patch inc(String pointer, Number by) {
        return intent(Operator.INC, pointer, Json.value(by, Json.MAPPER));
    }

    /** Appends to an array; a missing one counts as empty. */
    public static Patch push(String pointer, Object... values) {
        JsonNode each = Json.value(List.of(values), Json.MAPPER);
        JsonNode argument = ((FrozenObject) FrozenTree.EMPTY_OBJECT).plus("$each", each);
        return intent(Operator.PUSH, pointer, argument);
    }

    private static Patch intent(Operator operator, String pointer, JsonNode argument) {
        return new Patch(List.of(Intent.of(operator, Path.parse(pointer), argument)));
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
        Draft draft = new Draft(FrozenTree.freeze(before, options.limits()), options);
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
