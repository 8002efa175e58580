package dev.covey.patch;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An RFC 6902 document. */
record JsonPatchPart(JsonNode document, List<Step> steps) implements Part {
    private static final Path NOWHERE = Path.ROOT;

    /** One operation; {@code from} is the root where there is none, {@code value} null. */
    record Step(String op, Path path, Path from, @Nullable JsonNode value) {}

    static JsonPatchPart of(JsonNode document, Limits limits) {
        FrozenArray operations = Part.array("JSON Patch", document);
        Check.operations(operations.size(), limits);
        List<Step> steps = new ArrayList<>(operations.size());
        for (JsonNode operation : operations) {
            try {
                steps.add(step(Part.object("JSON Patch", operation)));
            } catch (PatchException refused) {
                throw refused.at(steps.size());
            }
        }
        return new JsonPatchPart(document, List.copyOf(steps));
    }

    private static Step step(FrozenObject operation) {
        String op = text(operation, "op");
        Path path = Path.parse(text(operation, "path"));
        return switch (op) {
            case "add", "replace", "test" -> new Step(op, path, NOWHERE, member(operation, "value"));
            case "remove" -> new Step(op, path, NOWHERE, null);
            case "move", "copy" -> new Step(op, path, Path.parse(text(operation, "from")), null);
            default -> throw PatchException.invalid("JSON Patch", "", "one of the six operations", "op \"" + op + "\"");
        };
    }

    private static JsonNode member(FrozenObject operation, String name) {
        JsonNode value = operation.members.value(name);
        if (value == null) {
            throw PatchException.invalid("JSON Patch", "", "a member \"" + name + "\"", "an operation without it");
        }
        return value;
    }

    private static String text(FrozenObject operation, String name) {
        JsonNode value = member(operation, name);
        if (!value.isTextual()) {
            throw PatchException.invalid("JSON Patch", "", "text as \"" + name + "\"", PatchException.show(value));
        }
        return value.textValue();
    }

    @Override
    public int size() {
        return steps.size();
    }

    @Override
    public void resolve(Draft draft) {
        for (int i = 0; i < steps.size(); i++) {
            try {
                resolve(steps.get(i), draft);
            } catch (PatchException refused) {
                throw refused.at(i);
            }
        }
    }

    private static void resolve(Step step, Draft draft) {
        switch (step.op()) {
            case "add" -> add(draft, "add", step.path(), given(step));
            case "replace" -> {
                JsonNode old = existing(draft, "replace", step.path());
                draft.touch(step.path(), true);
                draft.put(step.path(), old, given(step), true);
            }
            case "remove" -> remove(draft, "remove", step.path());
            case "test" -> test(draft, step.path(), given(step));
            case "copy" -> add(draft, "copy", step.path(), existing(draft, "copy", step.from()));
            default -> move(draft, step.from(), step.path());
        }
    }

    private static JsonNode given(Step step) {
        return Objects.requireNonNull(step.value());
    }

    private static JsonNode existing(Draft draft, String op, Path path) {
        JsonNode found = TreeEdit.find(draft.root(), path);
        if (found == null) {
            throw PatchException.invalid(op, path.toString(), "a value there", "missing");
        }
        return found;
    }

    private static void move(Draft draft, Path from, Path to) {
        JsonNode value = existing(draft, "move", from);
        if (from.equals(to)) {
            draft.touch(to, true);
            return;
        }
        if (from.contains(to)) {
            throw PatchException.invalid("move", from.toString(), "a target outside of it", "moved into " + to);
        }
        if (to.size() == 0) {
            add(draft, "move", to, value);
            return;
        }
        remove(draft, "move", from);
        add(draft, "move", to, value);
    }

    private static void remove(Draft draft, String op, Path path) {
        existing(draft, op, path);
        if (path.size() == 0) {
            throw PatchException.invalid(op, "", "a member or element (replace can change the document)", "the root");
        }
        draft.touch(path, true);
        JsonNode parent = existing(draft, op, path.parent());
        if (parent instanceof FrozenArray array) {
            int index = Path.index(TreeEdit.last(path));
            draft.splice(path.parent(), array, index, 1, List.of(), true);
        } else {
            draft.remove(path);
        }
    }

    private static void add(Draft draft, String op, Path path, JsonNode value) {
        if (path.size() == 0) {
            draft.touch(path, true);
            draft.put(path, draft.root(), value, true);
            return;
        }
        JsonNode parent = existing(draft, op, path.parent());
        String step = TreeEdit.last(path);
        if (parent instanceof FrozenObject object) {
            draft.touch(path, true);
            draft.add(path, object, value);
        } else if (parent instanceof FrozenArray array) {
            int index = step.equals("-") ? array.size() : Path.index(step);
            if (index < 0 || index > array.size()) {
                throw PatchException.invalid(
                        op,
                        path.toString(),
                        "an index from 0 to " + array.size(),
                        "\"" + PatchException.cut(step) + "\"");
            }
            draft.touch(path.parent().child(index), true);
            draft.splice(path.parent(), array, index, 0, List.of(value), true);
        } else {
            throw PatchException.invalid(
                    op, path.parent().toString(), "an object or array", PatchException.show(parent));
        }
    }

    private static void test(Draft draft, Path path, JsonNode expected) {
        JsonNode found = TreeEdit.find(draft.root(), path);
        if (found == null || !Equality.numeric(found, expected, draft.budget)) {
            throw new PatchException(
                    PatchCode.TEST_FAILED,
                    "test",
                    path.toString(),
                    PatchException.show(expected),
                    found == null ? "missing" : PatchException.show(found));
        }
    }
}
