package dev.covey.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Something that answers calls of one name here. */
interface Served {
    String signature();

    /** Runs it, on a worker. */
    @Nullable
    Object call(ByteBuffer arguments, long from) throws Exception;

    /** How long it takes as a rule. */
    HandlerPace pace();

    /** Makes JSON of what it gives back. */
    ObjectWriter writer();

    /** A function that takes its arguments as they come. */
    static Served by(String name, Handler handler, ObjectMapper mapper) {
        HandlerPace pace = new HandlerPace();
        return new Served() {
            @Override
            public HandlerPace pace() {
                return pace;
            }

            @Override
            public String signature() {
                return "(…)";
            }

            @Override
            public @Nullable Object call(ByteBuffer json, long from) throws Exception {
                return handler.call(new Arguments(name, values(json), mapper, from));
            }

            private JsonNode values(ByteBuffer json) {
                try {
                    JsonNode values =
                            mapper.readTree(json.array(), json.arrayOffset() + json.position(), json.remaining());
                    if (values.isArray()) {
                        return values;
                    }
                } catch (IOException malformed) {
                    throw new RpcException(RpcCode.BAD_ARGUMENTS, name + ": what came is no JSON", malformed);
                }
                throw new RpcException(RpcCode.BAD_ARGUMENTS, name + ": what came is no array of arguments");
            }

            @Override
            public ObjectWriter writer() {
                return mapper.writer();
            }
        };
    }

    /** A method of an object. */
    static Served by(TypedMethod typed, Object target) {
        typed.method.trySetAccessible();
        ObjectWriter writer = typed.resultWriter();
        HandlerPace pace = new HandlerPace();
        return new Served() {
            @Override
            public HandlerPace pace() {
                return pace;
            }

            @Override
            public String signature() {
                return typed.signature();
            }

            @Override
            public @Nullable Object call(ByteBuffer json, long from) throws Exception {
                @Nullable Object[] arguments;
                try {
                    arguments = typed.readArguments(json);
                } catch (IOException other) {
                    throw new RpcException(
                            RpcCode.BAD_ARGUMENTS,
                            typed.service + typed.signature() + ": " + other.getMessage(),
                            other);
                }
                try {
                    return typed.method.invoke(target, arguments);
                } catch (InvocationTargetException thrown) {
                    if (thrown.getCause() instanceof Exception why) {
                        throw why;
                    }
                    if (thrown.getCause() instanceof Error why) {
                        throw why;
                    }
                    throw thrown;
                }
            }

            @Override
            public ObjectWriter writer() {
                return writer;
            }
        };
    }
}
