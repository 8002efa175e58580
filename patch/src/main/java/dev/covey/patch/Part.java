package dev.covey.patch;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * One piece of a patch, checked as far as it can be without a value. Pieces take effect one after another. In binary each is
 * the byte of its kind and then
 *
 * <pre>
 * 0 intent        operator text, path, argument value
 * 1 JSON Patch    value
 * 2 merge patch   value
 * 3 update        document value, query value or null, array filters value or null
 * </pre>
 */
sealed interface Part permits Intent, JsonPatchPart, MergePart, UpdatePart {
    void resolve(Draft draft);

    /** How many operations of the caller's it holds. */
    int size();

    static void write(Part part, ByteSink sink) {
        if (part instanceof Intent intent) {
            sink.put(0);
            sink.text(intent.operator().text());
            sink.path(intent.path());
            sink.value(intent.argument());
        } else if (part instanceof JsonPatchPart jsonPatch) {
            sink.put(1);
            sink.value(jsonPatch.document());
        } else if (part instanceof MergePart merge) {
            sink.put(2);
            sink.value(merge.document());
        } else if (part instanceof UpdatePart update) {
            sink.put(3);
            update.write(sink);
        }
    }

    static Part read(ByteSource source, Limits limits) {
        int kind = source.take();
        return switch (kind) {
            case 0 -> {
                Operator operator = Operator.named(source.text());
                Path path = source.path();
                yield Intent.of(operator, path, source.value());
            }
            case 1 -> JsonPatchPart.of(source.value(), limits);
            case 2 -> new MergePart(source.value());
            case 3 -> UpdatePart.read(source, limits);
            default -> throw source.malformed("a piece of a patch", "kind " + kind);
        };
    }

    /** The array that an operator was given, or its refusal. */
    static FrozenArray array(String operator, JsonNode argument) {
        if (argument instanceof FrozenArray array) {
            return array;
        }
        throw PatchException.invalid(operator, "", "an array", PatchException.show(argument));
    }

    /** The object that an operator was given, or its refusal. */
    static FrozenObject object(String operator, JsonNode argument) {
        if (argument instanceof FrozenObject object) {
            return object;
        }
        throw PatchException.invalid(operator, "", "an object", PatchException.show(argument));
    }
}
