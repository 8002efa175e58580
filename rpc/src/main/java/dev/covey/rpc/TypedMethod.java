package dev.covey.rpc;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One method of a service interface: its name among the services, and how its values become JSON and come back. */
final class TypedMethod {
    /** What a method gives back. */
    enum Kind {
        VALUE,
        FUTURE,
        STREAM
    }

    final Method method;
    final String service;
    final Kind kind;
    private final JavaType result;
    private final ObjectMapper mapper;
    private final List<ObjectWriter> argumentWriters = new ArrayList<>();
    private final List<ObjectReader> argumentReaders = new ArrayList<>();
    private final ObjectReader resultReader;

    private TypedMethod(Class<?> type, Method method, ObjectMapper mapper) {
        this.method = method;
        this.service = type.getSimpleName() + "." + method.getName();
        this.mapper = mapper;
        JavaType declared = mapper.constructType(method.getGenericReturnType());
        if (CompletionStage.class.isAssignableFrom(method.getReturnType())) {
            kind = Kind.FUTURE;
            result = declared.containedTypeOrUnknown(0);
        } else if (method.getReturnType() == Flow.Publisher.class) {
            kind = Kind.STREAM;
            result = declared.containedTypeOrUnknown(0);
        } else {
            kind = Kind.VALUE;
            result = declared;
        }
        resultReader = mapper.readerFor(result);
        for (java.lang.reflect.Type parameter : method.getGenericParameterTypes()) {
            JavaType argument = mapper.constructType(parameter);
            argumentWriters.add(mapper.writerFor(argument));
            argumentReaders.add(mapper.readerFor(argument));
        }
    }

    /**
     * The methods of a service interface, by the name that each has among the services.
     *
     * @throws RpcException BAD_SERVICE for what is no interface, and for methods of one name
     */
    static Map<String, TypedMethod> of(Class<?> type, ObjectMapper mapper) {
        if (!type.isInterface()) {
            throw new RpcException(
                    RpcCode.BAD_SERVICE, type.getName() + " is no interface; declare what is served in one");
        }
        Map<String, TypedMethod> methods = new LinkedHashMap<>();
        for (Method method : type.getMethods()) {
            if (Modifier.isStatic(method.getModifiers())) {
                continue;
            }
            TypedMethod typed = new TypedMethod(type, method, mapper);
            if (methods.put(typed.service, typed) != null) {
                throw new RpcException(
                        RpcCode.BAD_SERVICE,
                        type.getName() + " has several methods named " + method.getName()
                                + "; a call finds its method by name, so give each its own");
            }
        }
        return methods;
    }

    /** {@code (String, int): BigDecimal} */
    String signature() {
        return Arrays.stream(method.getGenericParameterTypes())
                        .map(TypedMethod::plain)
                        .collect(Collectors.joining(", ", "(", ")"))
                + ": " + plain(method.getGenericReturnType());
    }

    private static String plain(java.lang.reflect.Type type) {
        return type.getTypeName().replaceAll("[a-zA-Z0-9_]+[.$]", "");
    }

    /** Appends the arguments as a JSON array. */
    void writeArguments(@Nullable Object @Nullable [] arguments, OutputStream out) throws IOException {
        try (JsonGenerator json = mapper.getFactory().createGenerator(out)) {
            json.writeStartArray();
            for (int i = 0; i < argumentWriters.size(); i++) {
                argumentWriters.get(i).writeValue(json, arguments == null ? null : arguments[i]);
            }
            json.writeEndArray();
        }
    }

    /** Reads them again. */
    @Nullable
    Object[] readArguments(ByteBuffer bytes) throws IOException {
        @Nullable Object[] arguments = new Object[argumentReaders.size()];
        try (JsonParser json = mapper.getFactory()
                .createParser(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining())) {
            if (json.nextToken() != JsonToken.START_ARRAY) {
                throw bad("no array of arguments came");
            }
            for (int i = 0; i < arguments.length; i++) {
                if (json.nextToken() == JsonToken.END_ARRAY) {
                    throw bad(i + " arguments came");
                }
                arguments[i] = argumentReaders.get(i).readValue(json);
            }
            if (json.nextToken() != JsonToken.END_ARRAY) {
                throw bad("more than " + arguments.length + " arguments came");
            }
        }
        return arguments;
    }

    private RpcException bad(String found) {
        return new RpcException(RpcCode.BAD_ARGUMENTS, service + signature() + ": " + found);
    }

    /** Makes JSON of results. */
    ObjectWriter resultWriter() {
        return result.getRawClass() == void.class ? mapper.writer() : mapper.writerFor(result);
    }

    /** Reads a result, or an item of a stream. */
    @Nullable
    Object readResult(ByteBuffer json) throws IOException {
        if (result.getRawClass() == void.class) {
            return null;
        }
        return resultReader.readValue(json.array(), json.arrayOffset() + json.position(), json.remaining());
    }
}
