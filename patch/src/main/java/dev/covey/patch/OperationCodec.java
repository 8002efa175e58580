package dev.covey.patch;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Concrete operations in binary.
 *
 * <pre>
 * version 1, varint count, then each operation:
 *   tag     bits 0-1: 0 put, 1 put of a new member, 2 remove, 3 splice
 *           bits 2-3: 0 combines, 1 overwrites its path, 2 overwrites the path that follows (varint n of n more steps)
 *   path    varint steps, names
 *   [steps below the path that were overwritten]
 *   put: value    splice: varint start, varint removed, varint count, values
 * </pre>
 */
final class OperationCodec {
    private static final int VERSION = 1;
    private static final int PUT = 0;
    private static final int ADD = 1;
    private static final int REMOVE = 2;
    private static final int SPLICE = 3;
    private static final int HERE = 1;
    private static final int BELOW = 2;

    private OperationCodec() {}

    static byte[] toBytes(Operations operations) {
        ByteSink sink = new ByteSink();
        sink.put(VERSION);
        sink.varint(operations.list().size());
        for (Operation operation : operations.list()) {
            write(operation, sink);
        }
        return sink.toBytes();
    }

    private static void write(Operation operation, ByteSink sink) {
        Path path = operation.path();
        Path lost = operation.overwritten();
        int reach = lost == null ? 0 : lost.size() == path.size() ? HERE : BELOW;
        sink.put(kind(operation) | reach << 2);
        sink.path(path);
        if (lost != null && reach == BELOW) {
            sink.varint(lost.size() - (long) path.size());
            for (int i = path.size(); i < lost.size(); i++) {
                sink.name(lost.step(i));
            }
        }
        if (operation instanceof Operation.Put put) {
            sink.value(put.value());
        } else if (operation instanceof Operation.Splice splice) {
            sink.varint(splice.start());
            sink.varint(splice.removed());
            sink.varint(splice.inserted().size());
            for (JsonNode value : splice.inserted()) {
                sink.value(value);
            }
        }
    }

    private static int kind(Operation operation) {
        if (operation instanceof Operation.Put put) {
            return put.adds() ? ADD : PUT;
        }
        return operation instanceof Operation.Remove ? REMOVE : SPLICE;
    }

    static Operations fromBytes(ByteBuffer bytes, Limits limits) {
        ByteSource source = new ByteSource("operations", bytes, limits);
        source.version(VERSION);
        int count = source.count();
        Check.operations(count, limits);
        List<Operation> operations = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            operations.add(read(source, limits));
        }
        source.end();
        return new Operations(operations);
    }

    private static Operation read(ByteSource source, Limits limits) {
        int tag = source.take();
        int reach = tag >> 2;
        if (reach > BELOW) {
            throw source.malformed("an operation", "tag " + tag);
        }
        Path path = source.path();
        Path lost = lost(path, reach, source, limits);
        return switch (tag & 3) {
            case PUT -> new Operation.Put(path, source.value(), false, lost);
            case ADD -> new Operation.Put(path, source.value(), true, lost);
            case REMOVE -> new Operation.Remove(path, lost);
            default -> {
                int start = source.number(limits.arrayLength());
                int removed = source.number(limits.arrayLength());
                yield new Operation.Splice(path, start, removed, values(source, limits), lost);
            }
        };
    }

    private static @Nullable Path lost(Path path, int reach, ByteSource source, Limits limits) {
        if (reach != BELOW) {
            return reach == HERE ? path : null;
        }
        int steps = source.count();
        Check.depth(path.size() + steps, limits.depth() + 1, limits);
        List<String> all = new ArrayList<>(path.steps());
        for (int i = 0; i < steps; i++) {
            all.add(source.name());
        }
        return Path.of(all);
    }

    private static List<JsonNode> values(ByteSource source, Limits limits) {
        int count = source.count();
        Check.length(count, limits);
        List<JsonNode> values = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            values.add(source.value());
        }
        return values;
    }
}
