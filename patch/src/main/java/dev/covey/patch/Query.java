package dev.covey.patch;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A MongoDB query over one document. The answer is more than yes or no: a match that came about inside an array also says
 * at which element, which is what the positional operator {@code $} stands for.
 */
interface Query {
    /** No match. */
    int NO = -2;
    /** A match that no array had part in. */
    int YES = -1;

    /** {@link #NO}, {@link #YES}, or the index of the matching element in the outermost array on the way. */
    int match(JsonNode document, Budget budget);

    default boolean matches(JsonNode document, Budget budget) {
        return match(document, budget) != NO;
    }

    /** What is asked of one value at the end of a path; null stands for a value that is missing. */
    interface Test {
        boolean passes(@Nullable JsonNode value, Budget budget);
    }

    /** All must match; the last one that met an array says where. */
    record All(List<Query> queries) implements Query {
        @Override
        public int match(JsonNode document, Budget budget) {
            int where = YES;
            for (Query query : queries) {
                int found = query.match(document, budget);
                if (found == NO) {
                    return NO;
                }
                where = found >= 0 ? found : where;
            }
            return where;
        }
    }

    /** The first that matches. */
    record Any(List<Query> queries) implements Query {
        @Override
        public int match(JsonNode document, Budget budget) {
            for (Query query : queries) {
                int found = query.match(document, budget);
                if (found != NO) {
                    return found;
                }
            }
            return NO;
        }
    }

    /** Matches what the other does not. */
    record Not(Query query) implements Query {
        @Override
        public int match(JsonNode document, Budget budget) {
            return query.match(document, budget) == NO ? YES : NO;
        }
    }

    /**
     * A test of the values a path leads to: arrays on the way stand for each of their elements.
     *
     * @param intoLast whether an array at the end stands for its elements as well as for itself
     */
    record At(Path path, boolean intoLast, Test test) implements Query {
        @Override
        public int match(JsonNode document, Budget budget) {
            return at(document, 0, budget);
        }

        /** Here {@code node} is what the steps before this one lead to. */
        private int at(JsonNode node, int level, Budget budget) {
            budget.spend();
            if (node instanceof FrozenObject object) {
                return value(object.members.value(path.step(level)), level + 1, budget);
            }
            return test.passes(null, budget) ? YES : NO;
        }

        private int value(@Nullable JsonNode value, int level, Budget budget) {
            boolean last = level == path.size();
            if (value instanceof FrozenArray array && (!last || intoLast)) {
                int inside = last ? elements(array, budget) : through(array, level, budget);
                if (inside != NO || !last) {
                    return inside;
                }
            }
            if (last || value == null) {
                return test.passes(value, budget) ? YES : NO;
            }
            return at(value, level, budget);
        }

        private int elements(FrozenArray array, Budget budget) {
            int index = 0;
            for (JsonNode item : array.items) {
                if (test.passes(item, budget)) {
                    return index;
                }
                index++;
            }
            return NO;
        }

        private int through(FrozenArray array, int level, Budget budget) {
            int named = Path.index(path.step(level));
            if (named >= 0 && named < array.size() && value(array.items.get(named), level + 1, budget) != NO) {
                return named;
            }
            int index = 0;
            for (JsonNode item : array.items) {
                if (item instanceof FrozenObject && at(item, level, budget) != NO) {
                    return index;
                }
                index++;
            }
            return NO;
        }
    }

    /** {@code $elemMatch}: one element of the array at the path matches all by itself. */
    record Element(Path path, Query query, boolean wrapped) implements Query {
        static final String SELF = "";

        @Override
        public int match(JsonNode document, Budget budget) {
            int[] where = {NO};
            int outer = new At(path, false, (value, spent) -> {
                        where[0] = value instanceof FrozenArray array ? first(array, spent) : NO;
                        return where[0] != NO;
                    })
                    .match(document, budget);
            return outer == YES ? where[0] : outer;
        }

        private int first(FrozenArray array, Budget budget) {
            int index = 0;
            for (JsonNode item : array.items) {
                boolean asks = wrapped || item instanceof FrozenObject;
                if (asks && query.matches(wrapped ? wrap(SELF, item) : item, budget)) {
                    return index;
                }
                index++;
            }
            return NO;
        }
    }

    /** A document with one value under a name, so that a query about a value alone has a path to it. */
    static JsonNode wrap(String name, JsonNode value) {
        return ((FrozenObject) FrozenTree.EMPTY_OBJECT).plus(name, value);
    }
}
