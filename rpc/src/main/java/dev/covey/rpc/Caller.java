package dev.covey.rpc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes calls with the same options. The futures end with an {@link RpcException} if the call did not succeed; what hangs on
 * them runs on a thread made for it, and cancelling one tells the callee. Any thread.
 */
public final class Caller {
    /** What a stream needs of the calls. */
    interface Line {
        void begin(Pending call);

        void more(Pending call, long items);

        void cancelled(Pending call);
    }

    /** Appends the arguments of a call. */
    private interface Body {
        void writeTo(OutputStream out) throws IOException;
    }

    private final Calls calls;
    private final Line line;
    private final Workers workers;
    private final Directory directory;
    private final RpcOptions options;
    private final CallOptions call;

    Caller(Calls calls, Line line, Workers workers, Directory directory, RpcOptions options, CallOptions call) {
        this.calls = calls;
        this.line = line;
        this.workers = workers;
        this.directory = directory;
        this.options = options;
        this.call = call;
    }

    Caller with(CallOptions other) {
        return new Caller(calls, line, workers, directory, options, other);
    }

    /** Calls a service by name; the arguments are anything Jackson can write. */
    public CompletableFuture<JsonNode> call(String service, @Nullable Object... arguments) {
        return call(JsonNode.class, service, arguments);
    }

    /** Calls a service by name, and reads its result as that type. */
    public <T> CompletableFuture<T> call(Class<T> type, String service, @Nullable Object... arguments) {
        ObjectReader reader = options.mapper().readerFor(type);
        return future(service, array(arguments), json -> read(service, reader, json));
    }

    /** Calls every member that serves the name; the results come by the member's number. */
    public Map<Long, CompletableFuture<JsonNode>> callAll(String service, @Nullable Object... arguments) {
        Map<Long, CompletableFuture<JsonNode>> results = new LinkedHashMap<>();
        for (long member : directory.providers(service)) {
            results.put(member, with(call.withTarget(Target.member(member))).call(service, arguments));
        }
        return results;
    }

    /**
     * A stream of another member's. Each subscription is a call of its own, which ends by the deadline only if one is stated;
     * what a subscriber does not ask for stays with the publisher.
     */
    public <T> Flow.Publisher<T> stream(Class<T> type, String service, @Nullable Object... arguments) {
        ObjectReader reader = options.mapper().readerFor(type);
        return publisher(service, array(arguments), json -> read(service, reader, json));
    }

    /**
     * An object whose methods are calls: {@code NAME.METHOD} with the interface's simple name. A method may return a value,
     * {@code void}, a {@code CompletableFuture} or a {@code Flow.Publisher}.
     *
     * @throws RpcException BAD_SERVICE for what is no interface, or has several methods of one name
     */
    public <T> T proxy(Class<T> type) {
        Map<String, TypedMethod> methods = TypedMethod.of(type, options.mapper());
        Map<Method, TypedMethod> byMethod = new LinkedHashMap<>();
        methods.values().forEach(typed -> byMethod.put(typed.method, typed));
        InvocationHandler handler = (proxy, method, arguments) -> {
            TypedMethod typed = byMethod.get(method);
            return typed == null ? ofObject(proxy, type, method, arguments) : invoke(typed, arguments);
        };
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static Object ofObject(Object proxy, Class<?> type, Method method, @Nullable Object[] arguments) {
        return switch (method.getName()) {
            case "equals" -> proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            default -> "proxy of " + type.getName();
        };
    }

    private @Nullable Object invoke(TypedMethod typed, @Nullable Object @Nullable [] arguments) {
        Body body = out -> typed.writeArguments(arguments, out);
        Function<ByteBuffer, @Nullable Object> read = json -> {
            try {
                return typed.readResult(json);
            } catch (IOException other) {
                throw badResult(typed.service, other);
            }
        };
        return switch (typed.kind) {
            case STREAM -> publisher(typed.service, body, read::apply);
            case FUTURE -> future(typed.service, body, read);
            case VALUE -> future(typed.service, body, read).answer();
        };
    }

    private Body array(@Nullable Object[] arguments) {
        return out -> options.mapper().writeValue(out, arguments);
    }

    @SuppressWarnings("TypeParameterUnusedInFormals") // the reader was made for T
    private static <T> T read(String service, ObjectReader reader, ByteBuffer json) {
        try {
            return reader.readValue(json.array(), json.arrayOffset() + json.position(), json.remaining());
        } catch (IOException other) {
            throw badResult(service, other);
        }
    }

    private static RpcException badResult(String service, IOException other) {
        return new RpcException(
                RpcCode.BAD_RESULT, service + ": the result is something else: " + other.getMessage(), other);
    }

    private Pending pending(String service, Body body, long deadline, Pending.Sink sink) {
        long id = calls.nextId();
        long left = Pending.leftNanos(deadline, System.nanoTime());
        ByteArrayOutputStream out = RpcMessage.call(calls.depth(service), id, left, Names.require(service));
        try {
            body.writeTo(new BoundedOutput(out, "what is sent to " + service, options.maxBytes()));
        } catch (JsonProcessingException noJson) {
            throw new RpcException(
                    RpcCode.BAD_ARGUMENTS, service + ": an argument is no JSON: " + noJson.getMessage(), noJson);
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
        return new Pending(id, service, out.toByteArray(), call, deadline, sink);
    }

    private <T> CallFuture<T> future(String service, Body body, Function<ByteBuffer, T> read) {
        Answer<T> answer = new Answer<>(read);
        try {
            Pending pending = pending(service, body, calls.deadline(call), answer);
            answer.call = pending;
            calls.begin(pending);
        } catch (RpcException notBegun) {
            answer.failed(notBegun);
        }
        return answer.future;
    }

    private <T> Flow.Publisher<T> publisher(String service, Body body, StreamCall.Reader<T> reader) {
        return subscriber -> {
            StreamCall<T> stream = new StreamCall<>(subscriber, reader, new Serial(workers), line);
            long deadline = call.deadline() == null ? Long.MAX_VALUE : calls.deadline(call);
            stream.begin(pending(service, body, deadline, stream));
        };
    }

    /** Where the answer to a call is left for its future. */
    private final class Answer<T> implements Pending.Sink {
        private final CallFuture<T> future = new CallFuture<>(calls, this::cancelled);
        private final Function<ByteBuffer, T> read;
        private volatile @Nullable Pending call;

        private Answer(Function<ByteBuffer, T> read) {
            this.read = read;
        }

        private void cancelled() {
            Pending open = call;
            if (open != null) {
                line.cancelled(open);
            }
        }

        private void settle(java.util.function.Supplier<T> answer) {
            if (future.settle(answer)) {
                workers.executeOrRun(future::finish);
            }
        }

        @Override
        public void result(ByteBuffer json) {
            settle(() -> read.apply(json));
        }

        @Override
        public void failed(RpcException why) {
            settle(() -> {
                throw why;
            });
        }

        @Override
        public void item(ByteBuffer json) {
            end();
        }

        @Override
        public void end() {
            failed(new RpcException(RpcCode.BAD_RESULT, "one value was asked for, and a stream came; call stream(…)"));
        }
    }
}
