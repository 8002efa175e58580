package dev.covey.patch;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import org.jspecify.annotations.Nullable;

/** Strict reading of JSON text, and of the caller's objects, to frozen trees. */
final class Json {
    /** Converts objects where the caller supplies no mapper; Jackson's mappers are safe to share once configured. */
    static final ObjectMapper MAPPER = strict().build();

    /** Reads text: no digit is lost before it is looked at. */
    private static final ObjectMapper TEXT =
            strict().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

    private Json() {}

    private static JsonMapper.Builder strict() {
        JsonFactory factory = JsonFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(Limits.DEEPEST + 1)
                        .build())
                .build();
        return JsonMapper.builder(factory)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES);
    }

    /** Reads JSON text; duplicate names and anything after the value are refused. */
    static JsonNode parse(String json, Limits limits) {
        Check.patch(Weight.utf8(json), limits);
        JsonNode tree;
        try {
            tree = TEXT.readTree(json);
        } catch (StreamConstraintsException tooMuch) {
            throw PatchException.limit("json", "", "JSON within the limits", said(tooMuch));
        } catch (JacksonException malformed) {
            throw PatchException.invalid("json", "", "JSON", said(malformed));
        } catch (ArithmeticException | NumberFormatException tooLarge) {
            throw PatchException.invalid(
                    "json", "", "numbers that fit into 64 bits", "text with " + tooLarge.getMessage());
        }
        if (tree.isMissingNode()) {
            throw PatchException.invalid("json", "", "JSON", "empty text");
        }
        return FrozenTree.freeze(tree, limits, true);
    }

    private static String said(JacksonException why) {
        return "text with " + why.getOriginalMessage();
    }

    static JsonNode value(@Nullable Object value, ObjectMapper mapper) {
        if (value == null) {
            return NullNode.getInstance();
        }
        if (value instanceof JsonNode node) {
            return FrozenTree.freeze(node);
        }
        try {
            JsonNode tree = mapper.valueToTree(value);
            return tree == null ? NullNode.getInstance() : FrozenTree.freeze(tree);
        } catch (IllegalArgumentException unconvertible) {
            throw PatchException.invalid(
                    "convert",
                    "",
                    "what the ObjectMapper can write as JSON",
                    "a " + value.getClass().getName());
        }
    }

    static <T> T to(Class<T> type, JsonNode frozen, ObjectMapper mapper) {
        try {
            T made = mapper.treeToValue(frozen, type);
            if (made == null) {
                throw PatchException.invalid("convert", "", "a value for " + type.getName(), "null");
            }
            return made;
        } catch (JacksonException unfit) {
            throw PatchException.invalid("convert", "", "JSON for " + type.getName(), said(unfit));
        }
    }
}
