package dev.covey.patch;

import com.fasterxml.jackson.databind.JsonNode;

/** One update operator with its argument, applied to one path. */
record Intent(Operator operator, Path path, JsonNode argument, Action action) implements Part {
    static Intent of(Operator operator, Path path, JsonNode argument) {
        return new Intent(operator, path, argument, operator.compile(argument));
    }

    @Override
    public void resolve(Draft draft) {
        action.at(draft, path);
    }

    @Override
    public int size() {
        return 1;
    }
}
