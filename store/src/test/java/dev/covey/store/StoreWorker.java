package dev.covey.store;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A process of its own that updates one object, and writes down each acknowledgement before the next update. */
final class StoreWorker {
    private StoreWorker() {}

    public static void main(String[] arguments) throws IOException {
        Path store = Path.of(arguments[0]);
        boolean keepConflict = arguments[1].equals("keep");
        long updates = Long.parseLong(arguments[2]);
        Path acknowledged = Path.of(arguments[3]);
        ObjectStore objects = ObjectStore.open(store);
        try (OutputStream out = new FileOutputStream(acknowledged.toFile(), true)) {
            for (long done = Files.size(acknowledged) / lineBytes(); done < updates; done++) {
                StoredObject written = keepConflict ? keep(objects, done) : ObjectStoreTest.countOneMore(objects);
                out.write(String.format("%-" + (lineBytes() - 1) + "s%n", written.rev())
                        .getBytes(US_ASCII));
            }
        }
    }

    /** Acknowledgements are lines of one length, so that a torn one does not count. */
    static int lineBytes() {
        return 64;
    }

    private static StoredObject keep(ObjectStore objects, long done) {
        StoredObject read = objects.get("visits").orElseThrow();
        ObjectNode value = JsonNodeFactory.instance.objectNode();
        value.put("by", ProcessHandle.current().pid()).put("done", done);
        return objects.updateKeepingConflict("visits", value, read.rev());
    }
}
