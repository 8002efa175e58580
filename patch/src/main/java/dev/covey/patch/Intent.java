package dev.covey.patch;

import com.fasterxml.jackson.databind.JsonNode;

/** One update operator with its argument, applied to one path. */
record Intent(Operator operator, Path path, JsonNode argument) implements Part {
    static Intent of(Operator operator, Path path, JsonNode argument) {
        operator.check(path, argument);
        return new Intent(operator, path, argument);
    }

    @Override
    public void resolve(Draft draft) {
        operator.resolve(draft, path, argument);
    }

    @Override
    public int size() {
        return 1;
    }
}
