package dev.covey.patch;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an update operator does at one path. */
enum Operator {
    SET("$set") {
        @Override
        void resolve(Draft draft, Path path, JsonNode argument) {
            draft.touch(path, true);
            draft.create(text(), path, argument, true);
        }
    },
    UNSET("$unset") {
        @Override
        void resolve(Draft draft, Path path, JsonNode argument) {
            draft.touch(path, true);
            JsonNode parent = path.size() == 0 ? null : TreeEdit.find(draft.root(), path.parent());
            JsonNode old = parent == null ? null : TreeEdit.child(parent, TreeEdit.last(path));
            if (old != null && parent instanceof FrozenObject) {
                draft.remove(path);
            } else if (old != null) {
                draft.put(path, old, com.fasterxml.jackson.databind.node.NullNode.getInstance(), true);
            }
        }
    },
    INC("$inc") {
        @Override
        void check(Path path, JsonNode argument) {
            if (!argument.isNumber()) {
                throw PatchException.invalid(text(), path.toString(), "a number to add", PatchException.show(argument));
            }
        }

        @Override
        void resolve(Draft draft, Path path, JsonNode argument) {
            draft.touch(path, false);
            JsonNode old = TreeEdit.find(draft.root(), path);
            if (old == null) {
                draft.create(text(), path, argument, false);
                return;
            }
            if (!old.isNumber()) {
                throw PatchException.invalid(text(), path.toString(), "a number", PatchException.show(old));
            }
            draft.put(path, old, sum(old, argument, path), false);
        }

        private JsonNode sum(JsonNode old, JsonNode by, Path path) {
            if (!old.isIntegralNumber() || !by.isIntegralNumber()) {
                return FrozenTree.real(old.doubleValue() + by.doubleValue(), text(), path.toString());
            }
            long sum = old.longValue() + by.longValue();
            if (((old.longValue() ^ sum) & (by.longValue() ^ sum)) < 0) {
                throw PatchException.invalid(
                        text(), path.toString(), "a sum that fits into 64 bits", PatchException.show(old));
            }
            return FrozenTree.integer(sum);
        }
    },
    PUSH("$push") {
        @Override
        void check(Path path, JsonNode argument) {
            each(argument);
        }

        private @Nullable FrozenArray each(JsonNode argument) {
            JsonNode each = argument instanceof FrozenObject object ? object.members.value("$each") : null;
            return each == null ? null : Part.array(text(), each);
        }

        @Override
        void resolve(Draft draft, Path path, JsonNode argument) {
            FrozenArray each = each(argument);
            List<JsonNode> values = each == null ? List.of(argument) : new ArrayList<>(each.items);
            draft.touch(path, false);
            JsonNode old = TreeEdit.find(draft.root(), path);
            if (old == null) {
                draft.create(text(), path, FrozenArray.of(values), false);
            } else if (old instanceof FrozenArray array) {
                draft.splice(path, array, array.size(), 0, values, false);
            } else {
                throw PatchException.invalid(text(), path.toString(), "an array", PatchException.show(old));
            }
        }
    };

    private final String text;

    Operator(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }

    void check(Path path, JsonNode argument) {}

    abstract void resolve(Draft draft, Path path, JsonNode argument);

    static Operator named(String text) {
        for (Operator operator : values()) {
            if (operator.text.equals(text)) {
                return operator;
            }
        }
        throw PatchException.invalid("update", "", "an update operator", "\"" + text + "\"");
    }
}
