package dev.covey.patch;

import com.fasterxml.jackson.databind.JsonNode;

/** One piece of a patch, checked as far as it can be without a value. Pieces take effect one after another. */
sealed interface Part permits Intent, JsonPatchPart {
    void resolve(Draft draft);

    /** How many operations of the caller's it holds. */
    int size();

    /** One operator applied to one path, as the builder makes it. */
    int INTENT = 0;
    /** An RFC 6902 document. */
    int JSON_PATCH = 1;

    static void write(Part part, ByteSink sink) {
        if (part instanceof Intent intent) {
            sink.put(INTENT);
            sink.text(intent.operator().text());
            sink.path(intent.path());
            sink.value(intent.argument());
        } else {
            sink.put(JSON_PATCH);
            sink.value(((JsonPatchPart) part).document());
        }
    }

    static Part read(ByteSource source, Limits limits) {
        int kind = source.take();
        return switch (kind) {
            case INTENT -> {
                Operator operator = Operator.named(source.text());
                Path path = source.path();
                yield Intent.of(operator, path, source.value());
            }
            case JSON_PATCH -> JsonPatchPart.of(source.value(), limits);
            default -> throw source.malformed("a piece of a patch", "kind " + kind);
        };
    }

    /** An argument that is an array, or a refusal. */
    static FrozenArray array(String operator, JsonNode argument) {
        if (argument instanceof FrozenArray array) {
            return array;
        }
        throw PatchException.invalid(operator, "", "an array", PatchException.show(argument));
    }

    static FrozenObject object(String operator, JsonNode argument) {
        if (argument instanceof FrozenObject object) {
            return object;
        }
        throw PatchException.invalid(operator, "", "an object", PatchException.show(argument));
    }
}
