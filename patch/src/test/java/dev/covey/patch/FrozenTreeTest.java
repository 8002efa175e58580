package dev.covey.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class FrozenTreeTest {
    private static final long HASH_OF_TEXT = 7498904226129180001L;
    private static final String TEXT = "{\"a\":[1,{\"b\":null},[]],\"o\":{},\"t\":\"x\"}";

    private record Point(int x, int y, List<String> tags) {}

    private static JsonNode frozen() {
        return Json.parse(TEXT, Limits.DEFAULT);
    }

    @Test
    void whateverIsCalledOnAFrozenTreeItStaysAsItIs() throws IllegalAccessException {
        int refused = 0;
        for (JsonNode node : List.of(
                frozen(),
                frozen().get("a"),
                frozen().get("o"),
                frozen().get("a").get(2))) {
            String before = node.toString();
            for (Method method : node.getClass().getSuperclass().getMethods()) {
                boolean ofContainers = ContainerNode.class.isAssignableFrom(method.getDeclaringClass());
                if (ofContainers
                        && !Modifier.isStatic(method.getModifiers())
                        && !method.getName().contains("serialize")) {
                    refused += refuses(node, method) ? 1 : 0;
                    assertThat(node.toString()).as(method.toString()).isEqualTo(before);
                }
            }
        }
        assertThat(refused).isGreaterThan(100);
    }

    private static boolean refuses(JsonNode node, Method method) throws IllegalAccessException {
        Object[] arguments = Arrays.stream(method.getParameterTypes())
                .map(FrozenTreeTest::argument)
                .toArray();
        try {
            Object result = method.invoke(node, arguments);
            if (result instanceof Iterator<?> iterator && iterator.hasNext()) {
                iterator.next();
                assertThatThrownBy(iterator::remove).isInstanceOf(UnsupportedOperationException.class);
            } else if (result instanceof Collection<?> view
                    && node.getClass() != result.getClass()
                    && !view.isEmpty()) {
                assertThatThrownBy(view::clear).isInstanceOf(UnsupportedOperationException.class);
            }
            return false;
        } catch (InvocationTargetException thrown) {
            return thrown.getCause() instanceof UnsupportedOperationException;
        }
    }

    private static @Nullable Object argument(Class<?> type) {
        if (type == String.class) {
            return "a";
        }
        if (type == int.class || type == Integer.class) {
            return 0;
        }
        if (type == long.class || type == Long.class) {
            return 1L;
        }
        if (type == double.class) {
            return 1.5;
        }
        if (type == float.class) {
            return 1.5f;
        }
        if (type == byte.class) {
            return (byte) 1;
        }
        if (type == short.class) {
            return (short) 1;
        }
        if (type == boolean.class || type == Boolean.class) {
            return true;
        }
        if (Collection.class.isAssignableFrom(type)) {
            return List.of(JsonNodeFactory.instance.textNode("new"));
        }
        if (Map.class.isAssignableFrom(type)) {
            return Map.of("new", JsonNodeFactory.instance.textNode("new"));
        }
        if (type == ArrayNode.class) {
            return JsonNodeFactory.instance.arrayNode().add(1);
        }
        if (type == ObjectNode.class) {
            return JsonNodeFactory.instance.objectNode().put("new", 1);
        }
        return type.isAssignableFrom(ObjectNode.class) ? JsonNodeFactory.instance.objectNode() : null;
    }

    @Test
    void itsDeepCopyIsAnOrdinaryTree() {
        ObjectNode copy = frozen().deepCopy();
        copy.withArray("/a").add(4);
        copy.withObject("/o").put("new", 1);
        assertThat(copy.toString()).isEqualTo("{\"a\":[1,{\"b\":null},[],4],\"o\":{\"new\":1},\"t\":\"x\"}");
        assertThat(FrozenTree.isFrozen(copy)).isFalse();
        assertThat(FrozenTree.freeze(copy)).isNotSameAs(copy).isEqualTo(copy);
    }

    @Test
    void recordsGoInAndComeOut() {
        ObjectMapper mapper = new ObjectMapper();
        Point point = new Point(1, 2, List.of("a"));
        JsonNode value = FrozenTree.of(point, mapper);
        assertThat(FrozenTree.to(Point.class, value, mapper)).isEqualTo(point);
        JsonNode after = Patch.set("/points", List.of(value))
                .and(Patch.push("/points", new Point(3, 4, List.of())))
                .resolve(FrozenTree.EMPTY_OBJECT, 0, Limits.DEFAULT)
                .after();
        assertThat(FrozenTree.to(Point[].class, after.get("points"), mapper))
                .containsExactly(point, new Point(3, 4, List.of()));
        assertThatThrownBy(() -> FrozenTree.to(Point.class, after, mapper)).isInstanceOf(PatchException.class);
    }

    @Test
    void membersThatComeAndGoKeepTheirOrderWhateverTheirNumber() {
        for (int seed = 0; seed < 200; seed++) {
            RandomJson json = new RandomJson(seed);
            FrozenObject object = (FrozenObject) FrozenTree.EMPTY_OBJECT;
            ObjectNode plain = JsonNodeFactory.instance.objectNode();
            for (int step = 0; step < 150; step++) {
                String name = "m" + json.random.nextInt(60);
                if (json.random.nextInt(step < 80 ? 4 : 2) > 0) {
                    JsonNode value = FrozenTree.freeze(json.scalar());
                    object = object.plus(name, value);
                    plain.set(name, value);
                } else {
                    object = object.minus(name);
                    plain.remove(name);
                }
            }
            assertThat(object.toString()).as("seed %d", seed).isEqualTo(plain.toString());
            JsonNode anew = FrozenTree.freeze(plain);
            assertThat(FrozenTree.hash(object)).isEqualTo(FrozenTree.hash(anew));
            assertThat(Weight.of(object)).isEqualTo(Weight.of(anew));
            assertThat(object).isEqualTo(plain).hasSameHashCodeAs(plain);
        }
    }

    @Test
    void theHashIsTheSameOnEveryJvm() {
        assertThat(FrozenTree.hash(frozen())).isEqualTo(HASH_OF_TEXT);
    }
}
