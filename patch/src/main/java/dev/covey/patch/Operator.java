package dev.covey.patch;

import com.fasterxml.jackson.databind.JsonNode;

/** The update operators. */
enum Operator {
    SET("$set", Assignments::set),
    SET_ON_INSERT("$setOnInsert", Assignments::setOnInsert),
    UNSET("$unset", Assignments::unset),
    RENAME("$rename", Operator::rename),
    CURRENT_DATE("$currentDate", Assignments::currentDate),
    MIN("$min", Assignments::min),
    MAX("$max", Assignments::max),
    INC("$inc", Numbers::inc),
    MUL("$mul", Numbers::mul),
    BIT("$bit", Numbers::bit),
    PUSH("$push", PushOperator::of),
    ADD_TO_SET("$addToSet", ArrayOperators::addToSet),
    PULL("$pull", ArrayOperators::pull),
    PULL_ALL("$pullAll", ArrayOperators::pullAll),
    POP("$pop", ArrayOperators::pop);

    private final String text;

    @SuppressWarnings("ImmutableEnumChecker") // all are method references without state
    private final Compiler compiler;

    /** Checks an argument and gives what to do with it. */
    private interface Compiler {
        Action compile(String operator, JsonNode argument);
    }

    Operator(String text, Compiler compiler) {
        this.text = text;
        this.compiler = compiler;
    }

    /** As it is written in an update document. */
    String text() {
        return text;
    }

    Action compile(JsonNode argument) {
        return compiler.compile(text, argument);
    }

    /** In the builder the argument is the target as a pointer, and the path the source. */
    private static Action rename(String operator, JsonNode argument) {
        if (!argument.isTextual()) {
            throw PatchException.invalid(operator, "", "the new path as text", PatchException.show(argument));
        }
        Path to = Path.parse(argument.textValue());
        return (draft, from) -> {
            if (from.overlaps(to)) {
                throw PatchException.invalid(operator, from.toString(), "a target apart from it", "target " + to);
            }
            Assignments.rename(operator, from).at(draft, to);
        };
    }

    static Operator named(String text) {
        for (Operator operator : values()) {
            if (operator.text.equals(text)) {
                return operator;
            }
        }
        throw PatchException.invalid("update", "", "an update operator", "\"" + PatchException.cut(text) + "\"");
    }
}
