package dev.covey.rpc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.covey.mesh.Observation;
import dev.covey.mesh.OrderedChannel;
import dev.covey.mesh.OrderedListener;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Events that go through the journal, so that all hear them in one order. Any thread. */
final class OrderedEvents {
    private final OrderedChannel channel;
    private final ObjectMapper mapper;

    OrderedEvents(OrderedChannel channel, ObjectMapper mapper) {
        this.channel = channel;
        this.mapper = mapper;
    }

    CompletableFuture<Long> publish(String topic, @Nullable Object value) {
        JsonNode event = mapper.createObjectNode().put("topic", topic).set("value", mapper.valueToTree(value));
        return channel.publish(event);
    }

    long last() {
        return channel.last();
    }

    Observation observe(Listening listening, long after) {
        return channel.receive(after, new OrderedListener() {
            @Override
            public void received(long number, long from, JsonNode event) {
                String topic = event.path("topic").asText();
                if (listening.pattern.matches(topic)) {
                    listening.add(Event.ordered(topic, from, number, json(event.path("value")), mapper));
                }
            }

            @Override
            public void missed(long first, long last) {
                listening.miss(new Missed(Missed.Reason.FORGOTTEN, 0, last - first + 1));
            }
        });
    }

    private byte[] json(JsonNode value) {
        try {
            return mapper.writeValueAsBytes(value);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a value that was JSON is none", impossible);
        }
    }
}
