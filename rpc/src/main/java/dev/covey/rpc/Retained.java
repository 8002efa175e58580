package dev.covey.rpc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.covey.mesh.Change;
import dev.covey.mesh.Observation;
import dev.covey.mesh.ObserveOptions;
import dev.covey.mesh.PatchOptions;
import dev.covey.mesh.Revision;
import dev.covey.mesh.SharedObject;
import dev.covey.patch.Patch;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The last values of topics, as members of the object {@code covey.retained}. Any thread. */
final class Retained {
    /** Who publishes the same topic at the same time takes turns, so often. */
    private static final int ATTEMPTS = 16;

    private static final System.Logger LOG = System.getLogger(Retained.class.getName());

    private final SharedObject object;
    private final ObjectMapper mapper;

    Retained(SharedObject object, ObjectMapper mapper) {
        this.object = object;
        this.mapper = mapper;
    }

    /** Wrapped, so that null is a value too and the same value twice is two events. */
    CompletableFuture<Revision> publish(String topic, @Nullable Object value) {
        JsonNode wrapped =
                mapper.createObjectNode().put("n", System.nanoTime()).set("value", mapper.valueToTree(value));
        return object.patch(Patch.set("/" + topic, wrapped), PatchOptions.DEFAULT.withRestamped(ATTEMPTS));
    }

    CompletableFuture<Revision> forget(String topic) {
        return object.patch(Patch.unset("/" + topic), PatchOptions.DEFAULT.withRestamped(ATTEMPTS));
    }

    Observation observe(Listening listening) {
        ObserveOptions fromNow = ObserveOptions.DEFAULT.withFromCurrent(true);
        return object.observe("/*", fromNow, change -> tell(listening, change));
    }

    private void tell(Listening listening, Change change) {
        String topic = change.path().substring(1);
        JsonNode value = change.after().path("value");
        if (!listening.pattern.matches(topic) || value.isMissingNode()) {
            return;
        }
        try {
            byte[] json = mapper.writeValueAsBytes(value);
            listening.add(new Event(topic, change.by().number(), true, json, mapper, null));
        } catch (JsonProcessingException impossible) {
            LOG.log(System.Logger.Level.ERROR, "a retained value of " + topic + " is no JSON", impossible);
        }
    }
}
