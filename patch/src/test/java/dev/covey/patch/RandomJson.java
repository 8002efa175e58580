package dev.covey.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Random values, paths and patches. Few names and small numbers, so that paths meet and operators find work. */
final class RandomJson {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String[] NAMES = {"a", "b", "c", "0", "1", "", "x/y", "m~n", "é", "😀"};
    private static final String[] TEXTS = {
        "", "a", "b", "ab", "é", "～", "😀", "a longer text than fits into sixty-three bytes, to be sure"
    };

    final SplittableRandom random;

    RandomJson(long seed) {
        this.random = new SplittableRandom(seed);
    }

    String name() {
        return NAMES[random.nextInt(random.nextInt(3) == 0 ? NAMES.length : 4)];
    }

    <T> T oneOf(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    JsonNode scalar() {
        return switch (random.nextInt(9)) {
            case 0 -> NODES.nullNode();
            case 1 -> NODES.booleanNode(random.nextBoolean());
            case 2 -> NODES.textNode(TEXTS[random.nextInt(TEXTS.length)]);
            case 3 -> NODES.numberNode(random.nextLong());
            case 4 -> NODES.numberNode(random.nextInt(8) / 2.0);
            case 5 -> NODES.numberNode(-random.nextInt(1000));
            default -> NODES.numberNode(random.nextInt(4));
        };
    }

    JsonNode value(int depth) {
        int kind = depth == 0 ? 0 : random.nextInt(4);
        return kind < 2 ? scalar() : kind == 2 ? object(depth) : array(depth);
    }

    ObjectNode object(int depth) {
        ObjectNode object = NODES.objectNode();
        // Now and then many members, so that both forms of a frozen object are met.
        int size = random.nextInt(40) == 0 ? 30 : random.nextInt(5);
        for (int i = 0; i < size; i++) {
            object.set(size == 30 ? name() + i % 20 : name(), value(depth - 1));
        }
        return object;
    }

    ArrayNode array(int depth) {
        ArrayNode array = NODES.arrayNode();
        int size = random.nextInt(60) == 0 ? 70 : random.nextInt(6);
        for (int i = 0; i < size; i++) {
            array.add(value(depth - 1));
        }
        return array;
    }

    /** A path that exists, or one step or name beside it. */
    Path path(JsonNode value) {
        List<String> steps = new ArrayList<>();
        JsonNode node = value;
        while (node.isContainerNode() && !node.isEmpty() && random.nextInt(4) > 0) {
            String step;
            if (node.isObject()) {
                List<String> names = new ArrayList<>();
                node.fieldNames().forEachRemaining(names::add);
                step = oneOf(names);
                node = node.get(step);
            } else {
                int index = random.nextInt(node.size());
                step = Integer.toString(index);
                node = node.get(index);
            }
            steps.add(step);
        }
        int stray = random.nextInt(6);
        if (stray == 0 || (stray < 3 && node.isContainerNode())) {
            steps.add(random.nextInt(4) == 0 ? "-" : random.nextBoolean() ? name() : "" + random.nextInt(4));
        }
        return Path.of(steps);
    }

    /** The value with some of it changed: what a diff usually sees. */
    JsonNode changed(JsonNode value, int depth) {
        if (random.nextInt(6) == 0) {
            return value(depth);
        }
        if (value.isObject()) {
            ObjectNode object = NODES.objectNode();
            for (Map.Entry<String, JsonNode> member : value.properties()) {
                if (random.nextInt(6) > 0) {
                    object.set(member.getKey(), changed(member.getValue(), depth - 1));
                }
            }
            if (random.nextInt(3) == 0) {
                object.set(name(), value(Math.max(0, depth - 1)));
            }
            return object;
        }
        if (value.isArray()) {
            ArrayNode array = NODES.arrayNode();
            for (JsonNode item : value) {
                if (random.nextInt(6) > 0) {
                    array.add(random.nextInt(3) == 0 ? changed(item, depth - 1) : item);
                }
                if (random.nextInt(8) == 0) {
                    array.add(value(Math.max(0, depth - 1)));
                }
            }
            return array;
        }
        return random.nextInt(3) == 0 ? scalar() : value;
    }

    /** A merge patch for the value: some of its members, some others, some null. */
    JsonNode mergePatch(JsonNode value, int depth) {
        if (!value.isObject() || random.nextInt(8) == 0) {
            return value(depth);
        }
        ObjectNode patch = NODES.objectNode();
        for (Map.Entry<String, JsonNode> member : value.properties()) {
            switch (random.nextInt(5)) {
                case 0 -> patch.putNull(member.getKey());
                case 1 -> patch.set(member.getKey(), mergePatch(member.getValue(), Math.max(0, depth - 1)));
                case 2 -> patch.set(member.getKey(), value(Math.max(0, depth - 1)));
                default -> {
                    // Left alone.
                }
            }
        }
        if (random.nextBoolean()) {
            patch.set(name(), random.nextInt(4) == 0 ? NODES.nullNode() : value(Math.max(0, depth - 1)));
        }
        return patch;
    }

    /** One operation of a JSON Patch; about half of them fit the value. The document as a whole is never removed. */
    ObjectNode operation(String op, JsonNode value) {
        ObjectNode operation = NODES.objectNode();
        operation.put("op", op);
        if (op.equals("move") || op.equals("copy")) {
            operation.put("from", path(value).toString());
        }
        Path path = path(value);
        while (op.equals("remove") && path.size() == 0) {
            path = path(value.isContainerNode() && !value.isEmpty() ? value : NODES.objectNode());
        }
        operation.put("path", path.toString());
        if (op.equals("test")) {
            JsonNode there = value.at(path.toString());
            operation.set("value", !there.isMissingNode() && random.nextInt(4) > 0 ? there : value(1));
        } else if (op.equals("add") || op.equals("replace")) {
            operation.set("value", value(2));
        }
        return operation;
    }
}
