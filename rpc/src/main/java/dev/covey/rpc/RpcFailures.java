package dev.covey.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.covey.mesh.MeshException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.function.Supplier;

/** Failures on their way between two processes: text out of an exception, and an exception out of text. */
final class RpcFailures {
    private RpcFailures() {}

    /** What could not be sent. */
    static RpcException of(String service, MeshException failed) {
        RpcCode code = switch (failed.code()) {
            case PEER_LOST -> RpcCode.PEER_LOST;
            case OVERLOADED -> RpcCode.OVERLOADED;
            case LIMIT_EXCEEDED -> RpcCode.LIMIT_EXCEEDED;
            default -> RpcCode.CLOSED;
        };
        return new RpcException(code, service + ": " + failed.getMessage(), failed);
    }

    /** What a callee tells of a failure of its own. */
    static JsonNode tell(RpcCode code, Throwable thrown) {
        ObjectNode told = JsonNodeFactory.instance.objectNode();
        told.put("rpc", code.name());
        told.put("type", thrown.getClass().getName());
        told.put("message", cut(shown(() -> String.valueOf(thrown.getMessage())), RemoteFailure.MAX_MESSAGE_CHARS));
        told.put("code", code(thrown));
        told.put("stack", cut(shown(() -> stack(thrown)), RemoteFailure.MAX_STACK_CHARS));
        return told;
    }

    private static String stack(Throwable thrown) {
        StringWriter stack = new StringWriter();
        thrown.printStackTrace(new PrintWriter(stack));
        return stack.toString();
    }

    /** An exception is user code too, and may fail to say what it is. */
    private static String shown(Supplier<String> said) {
        try {
            return said.get();
        } catch (RuntimeException | Error unprintable) {
            return "(it cannot be shown: " + unprintable.getClass().getName() + ")";
        }
    }

    private static String cut(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most);
    }

    /** Many exceptions say a word besides their sentence; those of Covey do. */
    private static String code(Throwable thrown) {
        try {
            Object code = thrown.getClass().getMethod("code").invoke(thrown);
            return code == null ? "" : cut(code.toString(), RemoteFailure.MAX_MESSAGE_CHARS);
        } catch (ReflectiveOperationException | RuntimeException none) {
            return "";
        }
    }

    /** What a caller makes of it. */
    static RpcException read(String service, long member, JsonNode told) {
        RpcCode code = RpcCode.REMOTE_FAILURE;
        for (RpcCode each : RpcCode.values()) {
            code = each.name().equals(told.path("rpc").asText()) ? each : code;
        }
        RemoteFailure remote = new RemoteFailure(
                told.path("type").asText(),
                told.path("message").asText(),
                told.path("code").asText(),
                told.path("stack").asText());
        String sentence = code == RpcCode.REMOTE_FAILURE
                ? service + " failed in member " + member + " with " + remote.type() + ": " + remote.message()
                : remote.message();
        return new RpcException(code, sentence, null, remote);
    }
}
